#!/usr/bin/env python3
"""The wheel of `make wheel` installs into an empty virtual environment of a bare Debian 12 that holds only
python3-venv, and works from another folder: the command, the package, Arrow's strings, tables, the server.

Needs root for debootstrap and chroot; without, it is skipped (77), but not where `CI` is set. Run by `make soak`, after `make wheel`.
"""

import subprocess
import sys
import tempfile
import textwrap
import unittest
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT / "tools"), str(ROOT / "tests" / "support")]

import bare_debian
from serving import PATIENCE_S, Serving

WHEELS = ROOT / "build/wheels"
PYTHON = ROOT / ".python/bin/python"
ENVIRONMENT = {"PATH": "/venv/bin:/usr/bin:/bin:/usr/sbin:/sbin", "HOME": "/root", "LANG": "C.UTF-8"}

USE = textwrap.dedent("""
    import pyarrow
    import tastevin

    assert "/venv/" in tastevin.__file__, tastevin.__file__
    model = tastevin.Classifier(tastevin.bundled_model())
    assert model.classify("I had a wonderful day").label == "POSITIVE"
    assert model.predict_proba(pyarrow.array(["good", "bad"])).shape == (2, 2)
    assert tastevin.pipeline("sentiment-analysis", model=tastevin.bundled_model())("bad")[0]["label"] == "NEGATIVE"
""")


def run(*command, **more):
    return subprocess.run(command, check=True, text=True, capture_output=True, timeout=1200, **more)


def mount(root, kind):
    run("mount", "-t", kind, kind, str(root / kind))


class BareDebian(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        wheels = list(WHEELS.glob("tastevin-*.whl"))
        if len(wheels) != 1:
            raise AssertionError(f"expected one wheel in {WHEELS} (make wheel), found {len(wheels)}")
        cls.folder = tempfile.TemporaryDirectory(prefix="tastevin-debian-")
        cls.addClassCleanup(cls.folder.cleanup)
        cls.root = Path(cls.folder.name, "root")
        run("debootstrap", "--variant=minbase", "--include=python3-venv", "bookworm", str(cls.root))
        mount(cls.root, "proc")
        cls.addClassCleanup(run, "umount", str(cls.root / "proc"))
        # What pip would fetch, fetched outside: the root has no network.
        (cls.root / "wheels").mkdir()
        run(str(PYTHON), "-m", "pip", "download", "-q", "--only-binary=:all:", "-d", str(cls.root / "wheels"), str(wheels[0]))
        cls.inside("python3", "-m", "venv", "/venv")
        cls.inside("/venv/bin/pip", "install", "-q", "--no-index", "--find-links", "/wheels", "tastevin")
        (cls.root / "elsewhere").mkdir()

    @classmethod
    def command_inside(cls, *command):
        """For `ENVIRONMENT`; runs in a folder of its own, once there is one."""
        folder = "/elsewhere" if (cls.root / "elsewhere").exists() else "/"
        return ["chroot", str(cls.root), "/usr/bin/env", "-C", folder, *command]

    @classmethod
    def inside(cls, *command, **more):
        """Runs in the root with nothing of this machine's environment."""
        try:
            return run(*cls.command_inside(*command), env=ENVIRONMENT, **more)
        except subprocess.CalledProcessError as failure:
            raise AssertionError(f"{command}: {failure.stdout}{failure.stderr}") from failure

    def test_the_command_labels(self):
        done = self.inside("tastevin", "classify", "I had a wonderful day")

        self.assertEqual(done.stdout, "POSITIVE  0.996929  I had a wonderful day\n")

    def test_the_package_labels_lists_and_arrow_strings(self):
        self.inside("python", "-c", USE)

    def test_tables_become_parquet(self):
        rows = "text\ngood\nbad\n"
        self.inside("tastevin", "classify", "--input", "-", "--input-format", "csv", "--column", "text", "--output",
                    "labels.parquet", "--quiet", input=rows)

        read = "import pyarrow.parquet as p; print(p.read_table('labels.parquet')['label'].to_pylist())"
        self.assertEqual(self.inside("python", "-c", read).stdout, "['POSITIVE', 'NEGATIVE']\n")

    def test_the_server_answers(self):
        with Serving(self.command_inside("tastevin", "serve", "--port", "0", "--no-grpc"), env=ENVIRONMENT) as server:
            self.assertEqual(bare_debian.label_of("good", server.port, PATIENCE_S), "POSITIVE")
            self.assertEqual(server.stop(), 0)

    def test_nothing_of_debian_was_needed(self):
        """Every library that the package loads lies in the environment or belongs to what every Debian has."""
        seen = self.inside("python", "-c", USE + "print(open('/proc/self/maps').read())").stdout
        libraries = {line.split()[-1] for line in seen.splitlines() if ".so" in line}
        outside = {Path(name).name.split(".so")[0] for name in libraries if not name.startswith("/venv/")}

        of_every_python = {"libc", "libm", "libdl", "librt", "libpthread", "libresolv", "ld-linux-x86-64", "libgcc_s", "libstdc++",
                           "libz", "libbz2", "liblzma", "libexpat", "libffi", "libssl", "libcrypto", "libuuid"}
        self.assertLessEqual({name for name in outside if "cpython" not in name}, of_every_python)


if __name__ == "__main__":
    bare_debian.require()
    unittest.main(verbosity=2, argv=sys.argv[:1])
