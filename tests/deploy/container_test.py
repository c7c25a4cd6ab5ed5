"""The steps of deploy/Containerfile in folders that debootstrap fills, since they need no container engine then; and the
server that comes of them, by a user of no rights on a file system that cannot be written. Takes a whole build, and root.

RUN, COPY, WORKDIR, ENV, USER, ENTRYPOINT and CMD are what is read of the file. Packages come as this machine gets them:
its settings of apt, pip and certificates are laid over those of the folder, to be read alone."""

import json
import os
import re
import shlex
import shutil
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT / "tools"), str(ROOT / "tests" / "support")]

import bare_debian
from serving import PATIENCE_S, Serving

FILE = ROOT / "deploy" / "Containerfile"
SETTINGS = ["/etc/resolv.conf", "/etc/hosts", "/etc/apt/apt.conf.d", "/etc/apt/auth.conf.d", "/etc/pip.conf"]
VARIABLES = ["http_proxy", "https_proxy", "no_proxy", "PIP_CERT", "PIP_INDEX_URL"]


def instructions(text):
    """(word, rest) of each line, those that go on in the next joined."""
    joined = re.sub(r"\\\n", " ", re.sub(r"^\s*#.*\n", "", text, flags=re.M))
    return [tuple(line.split(None, 1)) for line in joined.splitlines() if line.strip()]


def mirror():
    """Where this machine's apt finds Debian 12."""
    found = subprocess.run(["apt-get", "indextargets", "--format", "$(REPO_URI) $(RELEASE)"], check=True, capture_output=True, text=True)
    return next(line.split()[0] for line in found.stdout.splitlines() if line.split()[1] == "bookworm")


class Stage:
    """What one FROM begins: a folder, and what the instructions so far have set."""

    def __init__(self, folder):
        self.folder = folder
        self.directory = "/"
        self.user = None
        self.environment = {"PATH": "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin", "HOME": "/root"}
        self.entrypoint, self.command = [], []

    def inside(self, path):
        return self.folder / os.path.join(self.directory, path).lstrip("/")

    def copy(self, sources, target):
        place = self.inside(target)
        place.parent.mkdir(parents=True, exist_ok=True)
        for source in sources:
            if source.is_dir():
                shutil.copytree(source, place, symlinks=True, dirs_exist_ok=True)
            else:
                if target.endswith("/"):
                    place.mkdir(exist_ok=True, parents=True)
                shutil.copy2(source, place)

    def settings(self):
        """What this machine's settings become inside: (file, its place) and variables."""
        files = [(path, path) for path in SETTINGS if Path(path).exists()]
        variables = {}
        for name in VARIABLES:
            value = os.environ.get(name)
            if value and Path(value).is_file():  # not at its own place: a package may want to write that
                files.append((value, f"/run/settings/{name}"))
                value = files[-1][1]
            if value:
                variables[name] = value
        return files, variables

    def mounting(self, file, place):
        target = self.folder / place.lstrip("/")
        target.parent.mkdir(parents=True, exist_ok=True)
        if Path(file).is_dir():
            target.mkdir(exist_ok=True)
        elif not target.exists():
            target.touch()
        return f"mount --bind -o ro {shlex.quote(os.path.realpath(file))} {shlex.quote(str(target))}"

    def starting(self, command, read_only=False):
        """The command that runs `command` inside, in a mount namespace that goes when it ends."""
        root = shlex.quote(str(self.folder))
        lines = ["set -e", f"mount --bind {root} {root}", f"mount -t proc proc {root}/proc"]
        lines += [f"mount --rbind {place} {root}{place}" for place in ("/sys", "/dev")]  # as engines do
        variables = self.environment
        if read_only:
            lines.append(f"mount -o remount,bind,ro {root}")
        else:
            files, settings = self.settings()
            lines += [self.mounting(*file) for file in files]
            variables = variables | settings
        rights = []
        if self.user is not None:
            user, group = self.user.split(":")
            rights = ["setpriv", f"--reuid={user}", f"--regid={group}", "--clear-groups", "--no-new-privs", "--bounding-set=-all"]
        assigned = [f"{name}={value}" for name, value in variables.items()]
        inner = ["env", "-i", *assigned, *rights, "sh", "-c", 'cd "$1"; shift; exec "$@"', "sh", self.directory, *command]
        lines.append(f"exec chroot {root} {shlex.join(inner)}")
        return ["unshare", "--mount", "--propagation", "private", "sh", "-c", "\n".join(lines)]

    def run(self, command):
        done = subprocess.run(self.starting(["sh", "-c", command]), stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False)
        if done.returncode != 0:
            raise AssertionError(f"RUN {command}: {done.stdout[-3000:]}{done.stderr[-3000:]}")


def take(stage, stages, word, rest):
    if word == "RUN":
        stage.run(rest)
    elif word == "COPY":
        *sources, target = rest.split()
        origin = Stage(ROOT)
        if sources[0].startswith("--from="):
            origin = stages[sources.pop(0).removeprefix("--from=")]
        stage.copy([origin.folder / source.lstrip("/") for source in sources], target)
    elif word == "WORKDIR":
        stage.directory = rest
        stage.inside("").mkdir(parents=True, exist_ok=True)
    elif word == "ENV":
        name, value = rest.split("=", 1)
        stage.environment[name] = value
    elif word == "USER":
        stage.user = rest
    elif word in ("ENTRYPOINT", "CMD"):
        setattr(stage, "entrypoint" if word == "ENTRYPOINT" else "command", json.loads(rest))
    elif word != "EXPOSE":
        raise AssertionError(f"{word}: is not read here")


def built(work):
    """The last stage of the file."""
    base = work / "debian"
    subprocess.run(["debootstrap", "--variant=minbase", "bookworm", base, mirror()], check=True, stdout=subprocess.DEVNULL)
    stages, stage = {}, None
    for word, rest in instructions(FILE.read_text()):
        print(f"container: {word} {rest}", flush=True)
        if word != "FROM":
            take(stage, stages, word, rest)
            continue
        image, *name = re.split(r"\s+AS\s+", rest)
        if not image.startswith("debian:12"):
            raise AssertionError(f"FROM {image}: expected Debian 12")
        stage = stages[name[0] if name else ""] = Stage(work / f"stage{len(stages)}")
        subprocess.run(["cp", "-a", base, stage.folder], check=True)
    return stage


class Container(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        folder = tempfile.TemporaryDirectory(prefix="tastevin_container_")
        cls.addClassCleanup(folder.cleanup)
        Path(folder.name).chmod(0o755)
        cls.stage = built(Path(folder.name))

    def test_serves_as_a_user_of_no_rights_on_a_file_system_that_cannot_be_written(self):
        self.assertEqual(self.stage.user, "65532:65532")
        command = self.stage.entrypoint + self.stage.command + ["--port", "0", "--grpc-port", "0"]
        with Serving(self.stage.starting(command, read_only=True)) as server:
            self.assertIn("serving sst2-tiny", server.lines[0], server.lines)  # and nothing before it
            status = Path(f"/proc/{server.process.pid}/status").read_text()
            self.assertRegex(status, r"Uid:\s65532\s65532")
            self.assertRegex(status, r"CapEff:\s0+\n")
            self.assertEqual(bare_debian.label_of("a wonderful film", server.port, PATIENCE_S), "POSITIVE")
            self.assertEqual(server.stop(), 0)

    def test_has_nothing_that_its_user_can_write(self):
        written = subprocess.run(self.stage.starting(["sh", "-c", "touch /opt/tastevin/x || touch /tmp/x"], read_only=True),
                                 capture_output=True, check=False)
        self.assertNotEqual(written.returncode, 0)

    def test_has_no_compiler(self):
        self.assertFalse(list(self.stage.inside("/usr/bin").glob("*g++*")))


if __name__ == "__main__":
    bare_debian.require()
    unittest.main(verbosity=2)
