"""What commands there are: the program's own by its help, this tree's scripts by their text, others by a list.

Commands that a page shows and that cannot be run in a test (they need the Hub, large files, minutes) are checked here:
program, subcommand, flags and the values of flags that have a choice.
"""

import functools
import json
import re
import shlex
import subprocess

OUTSIDE = {"apt-get", "c++", "cat", "cd", "chmod", "cp", "curl", "docker", "echo", "export", "g++", "git", "gunzip", "gzip",
           "helm", "kill", "kubectl", "ls", "mkdir", "openssl", "pip", "pkg-config", "podman", "printf", "python", "python3",
           "systemctl", "test", "zcat"}
OF_A_USER = "~/venv/bin/"  # an environment that the page has just made
BEFORE_A_PROGRAM = re.compile(r"\w+=.*|sudo|exec|time")
SUBCOMMANDS = re.compile(r"^Commands:\n((?: .*\n)+)", re.M)
FLAG = re.compile(r"--[a-z][a-z0-9-]*")
CHOICE = re.compile(r"^  (--[a-z0-9-]+) (\w+(?:\|\w+)+)", re.M)
PRESET = re.compile(r"--preset[ =](\w+)")


class KnownCommands:
    def __init__(self, root, binary):
        self.root = root
        self.binary = binary
        self.makefile = (root / "Makefile").read_text(encoding="utf-8")
        self.targets = set(re.findall(r"^([a-z-]+):", self.makefile, re.M))

    @functools.lru_cache(maxsize=None)
    def help(self, *command):
        done = subprocess.run([self.binary, *command, "--help"], capture_output=True, text=True, timeout=60, check=False)
        return done.stdout

    def subcommands(self, *command):
        section = SUBCOMMANDS.search(self.help(*command))
        return re.findall(r"^  (\S+)", section[1], re.M) if section else []

    @functools.cached_property
    def all_flags(self):
        """Of every command of the program, and what scripts of this tree take."""
        flags = set(FLAG.findall(self.help()))
        commands = [(name,) for name in self.subcommands()]
        for command in commands:
            flags |= set(FLAG.findall(self.help(*command)))
            commands += [(*command, name) for name in self.subcommands(*command)]
        for folder in ("tools", "benchmarks", "tests"):
            for path in sorted((self.root / folder).rglob("*")):
                if path.suffix in (".py", ".sh", ".cc"):
                    flags |= set(FLAG.findall(path.read_text(encoding="utf-8")))
        return flags

    def problems(self, line):
        """What is wrong with a command line that is not run."""
        try:
            commands = list(simple_commands(line))
        except ValueError as error:
            yield f"`{line}`: {error}"
            return
        for words in commands:
            yield from (f"`{line}`: {problem}" for problem in self.problems_of(words))

    def problems_of(self, words):
        while words and BEFORE_A_PROGRAM.fullmatch(words[0]):
            words = words[1:]
        if words[:2] == ["taskset", "-c"]:
            words = words[3:]
        if not words:
            return
        program, arguments = words[0].removeprefix(OF_A_USER), words[1:]
        if program in ("tastevin", "build/release/tastevin"):
            yield from self.problems_of_program(arguments)
        elif program == "make":
            yield from self.problems_of_make(arguments)
        elif program in ("cmake", "ctest"):
            yield from self.problems_of_presets(" ".join(arguments))
        elif "/" in program or (program == "python" and arguments and arguments[0].endswith(".py")):
            script, rest = (program, arguments) if program != "python" else (arguments[0], arguments[1:])
            yield from self.problems_of_script(script, rest)
        elif program == "python" and arguments[:1] == ["-m"] and arguments[1].startswith("tastevin."):
            if not (self.root / "python" / (arguments[1].replace(".", "/") + ".py")).is_file():
                yield f"no module {arguments[1]}"
        elif program not in OUTSIDE:
            yield f"'{program}' is not known to tools/known_commands.py"

    def problems_of_make(self, arguments):
        for word in arguments:
            name, is_variable, _ = word.partition("=")
            if is_variable and f"$({name})" not in self.makefile:
                yield f"the Makefile reads no variable '{name}'"
            elif not is_variable and name not in self.targets:
                yield f"no target '{name}'"

    def problems_of_program(self, arguments):
        command = ()
        while len(command) < len(arguments) and arguments[len(command)] in self.subcommands(*command):
            command = (*command, arguments[len(command)])
        if not command and arguments and not arguments[0].startswith("-"):
            yield f"no command '{arguments[0]}'"
            return
        shown = self.help(*command)
        flags, choices = set(FLAG.findall(shown)), dict(CHOICE.findall(shown))
        for word, following in zip(arguments, [*arguments[1:], ""]):
            if not word.startswith("--"):
                continue
            flag, equals, value = word.partition("=")
            value = value if equals else following
            if flag not in flags:
                yield f"`tastevin {' '.join(command)}` has no {flag}"
            elif flag in choices and value not in choices[flag].split("|"):
                yield f"{flag} is one of {choices[flag]}, not '{value}'"

    def problems_of_presets(self, arguments):
        presets = json.loads((self.root / "CMakePresets.json").read_text(encoding="utf-8"))
        names = {preset["name"] for preset in presets["configurePresets"]}
        yield from (f"no preset '{name}'" for name in PRESET.findall(arguments) if name not in names)

    def problems_of_script(self, program, arguments):
        """A script of this tree, or a program that is built from one source here."""
        source = re.sub(r"^build/\w+/(.*)", r"\1.cc", program)
        path = self.root / re.sub(r"^\.oracle/bin/python$|^\.python/bin/python$", arguments[0] if arguments else "", source)
        if path.is_dir():
            path = path / "__main__.py"
        if not path.is_file():
            yield f"no {path.relative_to(self.root)}"
            return
        text = path.read_text(encoding="utf-8")
        yield from (f"{source} has no {word}" for word in arguments
                    if word.startswith("--") and word.partition("=")[0] not in text)


def simple_commands(line):
    """The words of each command of a line; redirections left out."""
    lexer = shlex.shlex(line, posix=True, punctuation_chars=True)
    lexer.whitespace_split = True
    words, redirected = [], False
    for word in lexer:
        if set(word) <= set("<>&") and set(word) & set("<>"):
            redirected = True
        elif set(word) <= set("|&;()"):
            yield words
            words = []
        elif redirected:
            redirected = False
        else:
            words.append(word)
    yield words
