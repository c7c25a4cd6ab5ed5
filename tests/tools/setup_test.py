"""tools/setup.sh logs what it adds to a machine: run beside an apt-get and a dpkg-query that only pretend."""

import hashlib
import os
import shutil
import subprocess
import tempfile
import unittest
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PRETENDED = {
    "apt-get": 'for word; do case $word in -*|update|install) ;; *) echo "$word 1.0" >>"$INSTALLED" ;; esac; done',
    "dpkg-query": 'case "$*" in *db:Status*) grep -q "^${@: -1} " "$INSTALLED" && printf installed ;; *) cat "$INSTALLED" ;; esac',
    "sudo": '"$@"',
}


class Setup(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.root = Path(folder.name)
        shutil.copytree(ROOT / "tools/requirements", self.root / "tools/requirements")
        shutil.copy(ROOT / "tools/setup.sh", self.root / "tools")
        pinned = hashlib.sha256((self.root / "tools/requirements/build.txt").read_bytes()).hexdigest()[:16]
        (self.root / ".deps").mkdir()
        (self.root / ".deps" / f".{pinned}").touch()  # the wheels are there
        (self.root / "bin").mkdir()
        for name, text in PRETENDED.items():
            (self.root / "bin" / name).write_text(f"#!/bin/bash\n{text}\n")
            (self.root / "bin" / name).chmod(0o755)
        self.installed = self.root / "installed"
        self.installed.write_text("base-files 12\ng++ 12.2\n")

    def run_setup(self):
        environment = os.environ | {"PATH": f"{self.root}/bin:{os.environ['PATH']}", "INSTALLED": str(self.installed)}
        subprocess.run([self.root / "tools/setup.sh", "build"], check=True, capture_output=True, env=environment)
        log = self.root / "build/packages.log"
        return log.read_text().splitlines() if log.exists() else []

    def test_logs_the_packages_that_it_adds(self):
        first, *added = self.run_setup()

        self.assertEqual(first, f"tools/setup.sh build: 2 packages before, {2 + len(added)} after")
        self.assertIn("+ cmake 1.0", added)
        self.assertNotIn("+ g++ 1.0", added)

    def test_logs_nothing_where_nothing_is_missing(self):
        log = self.run_setup()
        self.assertEqual(self.run_setup(), log)


if __name__ == "__main__":
    unittest.main()
