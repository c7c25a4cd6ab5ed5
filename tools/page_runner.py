"""Runs the ```sh blocks of one Markdown page, in order, as a reader would in a shell of theirs.

All run in one scratch folder that looks like the root of the tree, so that nothing is written into the tree. A line
`tastevin serve ... &` starts a server on free ports; the ports that the page names are replaced by those in what follows,
and at the end of the page the server must end well.
"""

import os
import re
import shlex
import subprocess
import tempfile
from pathlib import Path

from serving import Serving

TIMEOUT_SECONDS = 180
DECIMAL = re.compile(r"-?\d+\.\d+(?:e-?\d+)?")
TOLERANCE = 1e-4  # scores differ in their last digits from one processor to the next
SERVE = re.compile(r"\s*(?:build/release/)?tastevin serve\b(.*[^&])&\s*$")
# curl, so that a status of 400 and more is a failure; and where a block failed.
PROLOGUE = """set -euo pipefail
export HF_HUB_OFFLINE=1
curl() { command curl --fail-with-body "$@"; }
trap 'echo "in: $BASH_COMMAND" >&2' ERR
"""


def same_output(found, expected):
    """Whether the texts are equal but for the last digits of decimals."""
    decimals = [[float(number) for number in DECIMAL.findall(text)] for text in (found, expected)]
    return (DECIMAL.sub("#", found) == DECIMAL.sub("#", expected)
            and all(abs(a - b) <= TOLERANCE for a, b in zip(*decimals)))


class PageServer(Serving):
    """A `tastevin serve` with the page's arguments; `ports` has those of the page, by what takes their place."""

    def __init__(self, arguments, folder, environment):
        words = shlex.split(arguments)
        shown = [self._take(words, flag, default) for flag, default in (("--port", "8080"), ("--grpc-port", "8081"))]
        command = ["tastevin", "serve", *words, "--port", "0", "--grpc-port", "0"]
        super().__init__(command, cwd=folder, stdin=subprocess.DEVNULL, env=environment)
        self.ports = {port: str(new) for port, new in zip(shown, (self.port, self.grpc_port)) if new}

    @staticmethod
    def _take(words, flag, default):
        """The port that `flag` names, which goes out of `words`."""
        if flag not in words:
            return default
        place = words.index(flag)
        port = words[place + 1]
        del words[place:place + 2]
        return port

    def end(self):
        """What is wrong with how it ended, or None."""
        code = self.stop()
        return None if code == 0 else f"the server ends with {code}: {''.join(self.lines)[-300:]}"


class PageRunner:
    """Use as a context; `run` gives what is wrong with a block."""

    def __init__(self, root, binary):
        self.root = root
        self.binary = binary
        self.server = None

    def __enter__(self):
        self.scratch = tempfile.TemporaryDirectory()
        self.folder = Path(self.scratch.name)
        for entry in self.root.iterdir():
            if entry.name != "build":
                (self.folder / entry.name).symlink_to(entry)
        (self.folder / "build" / "release").mkdir(parents=True)
        (self.folder / "build" / "release" / "tastevin").symlink_to(self.binary)
        self.environment = os.environ | {"PATH": f"{self.binary.parent}:{os.environ['PATH']}"}
        return self

    def __exit__(self, *_):
        self.stop_server()
        self.scratch.cleanup()

    def stop_server(self):
        """What is wrong with how the page's server ended, or None."""
        server, self.server = self.server, None
        return server and server.end()

    def run(self, block):
        """What is wrong with a block of the shell, or None."""
        printed, script = "", []
        for line in [*block.text.splitlines(), None]:
            served = line is not None and SERVE.match(line)
            if line is not None and not served:
                if re.search(r"[^&]&\s*$", line):
                    return f"`{line}`: only `tastevin serve` is known to run in the background"
                script.append(line)
                continue
            done = self._run_program(["bash", "-c", PROLOGUE + "\n".join(script)])
            if done.returncode != 0:
                return f"exits {done.returncode}: {done.stderr.strip()[-300:]} {done.stdout.strip()[-200:]}"
            printed, script = printed + done.stdout, []
            problem = served and self._serve(served[1])
            if problem:
                return problem
        if block.output is not None and not same_output(printed.rstrip("\n"), block.output.rstrip("\n")):
            return f"prints\n{printed}\nwhere the page shows\n{block.output}"
        return None

    def run_python(self, block, python):
        """The same of a block of Python, for which `python` is the interpreter."""
        done = self._run_program([str(python), "-c", block.text])
        if done.returncode != 0:
            return f"exits {done.returncode}: {done.stderr.strip()[-300:]}"
        for said in re.findall(r"print\(.*\)  # (.*)", block.text):
            if said not in done.stdout:
                return f"prints\n{done.stdout}where the page says {said}"
        return None

    def _serve(self, arguments):
        problem = self.stop_server()
        if problem:
            return problem
        try:
            self.server = PageServer(arguments, self.folder, self.environment)
        except RuntimeError as error:
            return str(error)
        return None

    def _run_program(self, words):
        if self.server is not None:
            for shown, port in self.server.ports.items():
                words = [re.sub(rf"\b{shown}\b", port, word) for word in words]
        try:
            return subprocess.run(words, cwd=self.folder, capture_output=True, text=True, timeout=TIMEOUT_SECONDS,
                                  stdin=subprocess.DEVNULL, check=False, env=self.environment)
        except subprocess.TimeoutExpired:
            return subprocess.CompletedProcess(words, "not at all", "", f"no end after {TIMEOUT_SECONDS} s")
