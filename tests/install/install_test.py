#!/usr/bin/env python3
"""The installed tree after it was moved: the program and what docs/install.md shows (a CMake project, pkg-config, C, ctypes)
label a text with it, and the library shows what the public headers declare.

TASTEVIN_BUILD is the folder of a build, TASTEVIN_VERSION its version.
"""

import os
import re
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
BUILD = os.environ.get("TASTEVIN_BUILD", str(ROOT / "build/release"))
VERSION = os.environ.get("TASTEVIN_VERSION", "0.1.0")
TEXT = "I had a wonderful day"

BLOCK = re.compile(r"^```(\w+)\n(.*?)^```$", re.M | re.S)
DECLARED = re.compile(r"^(?!inline|constexpr|template|namespace|using|typedef|//)\w[\w:<>&* ]*[ *](\w+)\(", re.M)
CLASS = re.compile(r"^class (\w+)", re.M)
SHOWN = re.compile(r"(?:(?:typeinfo|typeinfo name|vtable) for )?(?:tastevin::)?(\w+)")


def run(*command, **settings):
    done = subprocess.run([str(word) for word in command], capture_output=True, text=True, check=False, **settings)
    if done.returncode != 0:
        raise AssertionError(f"{' '.join(map(str, command))}: {done.returncode}\n{done.stdout}{done.stderr}")
    return done.stdout


def setUpModule():
    """Installs, then moves: nothing in the tree may know where it was."""
    global folder, prefix, library
    folder = Path(tempfile.mkdtemp(prefix="tastevin-install-"))
    unittest.addModuleCleanup(run, "rm", "-rf", folder)
    run("cmake", "--install", BUILD, "--prefix", folder / "first")
    prefix = (folder / "first").rename(folder / "moved")
    library = prefix / f"lib/libtastevin.so.{VERSION}"
    for name in ("tests", "examples"):
        (folder / name).symlink_to(ROOT / name)  # the page's commands are run in the root


def programs():
    """The ELF files of the tree that are built here."""
    return [prefix / "bin/tastevin", library, prefix / "lib/tastevin/libtastevin_tables.so"]


class Program(unittest.TestCase):
    def test_labels_with_the_bundled_model(self):
        self.assertTrue(run(prefix / "bin/tastevin", "classify", TEXT).startswith("POSITIVE"))

    def test_says_its_version(self):
        self.assertEqual(run(prefix / "bin/tastevin", "--version"), f"tastevin {VERSION}\n")

    def test_reads_and_writes_tables(self):
        out = folder / "labels.parquet"
        run(prefix / "bin/tastevin", "classify", "--input", ROOT / "examples/labelled.tsv", "--output", out, "--quiet")
        self.assertEqual(out.read_bytes()[:4], b"PAR1")

    def test_finds_what_it_loads_in_the_moved_tree(self):
        for program in programs():
            paths = re.findall(r"(?:RUNPATH|RPATH).*\[(.*)\]", run("readelf", "-d", program))
            self.assertEqual([path for path in ":".join(paths).split(":") if not path.startswith("$ORIGIN")], [], program)
            found = re.findall(r"(?:openvino|tbb|arrow|parquet)\S* => (\S+)", run("ldd", program))
            self.assertEqual([path for path in found if not path.startswith(str(prefix))], [], program)

    def test_has_no_second_python_package(self):
        self.assertEqual([*prefix.rglob("*.py"), *prefix.rglob("_native*")], [])


class Page(unittest.TestCase):
    """docs/install.md: each of its blocks but the first, which installs, ends with a label."""

    def test_every_block_labels_a_text(self):
        blocks = BLOCK.findall((ROOT / "docs/install.md").read_text(encoding="utf-8"))[1:]
        self.assertEqual([language for language, _ in blocks], ["console", "console", "console", "python"])
        shells = {"console": ["bash", "-ec"], "python": [sys.executable, "-c"]}
        for language, text in blocks:
            with self.subTest(text.splitlines()[1]):
                printed = run(*shells[language], text.replace("/opt/tastevin", str(prefix)), cwd=folder)
                self.assertIn("POSITIVE", printed.split())

    def test_the_header_for_c_has_no_warning(self):
        run("gcc", "-std=c11", "-Wall", "-Wextra", "-Wpedantic", "-Werror", "-fsyntax-only", f"-I{prefix / 'include'}",
            ROOT / "tests/install/consumer/main.c")

    def test_pkg_config_has_the_version(self):
        self.assertEqual(run("pkg-config", "--modversion", prefix / "lib/pkgconfig/tastevin.pc").strip(), VERSION)


class Symbols(unittest.TestCase):
    def test_are_those_of_the_public_headers(self):
        headers = [header.read_text(encoding="utf-8") for header in (prefix / "include/tastevin").glob("*.h")]
        declared = {name for text in headers for name in (*DECLARED.findall(text), *CLASS.findall(text))}
        lines = run("nm", "-DC", "--defined-only", library).splitlines()
        shown = {SHOWN.match(line.split(" ", 2)[2])[1] for line in lines}
        self.assertEqual(shown, declared)

    def test_soname_is_that_of_the_minor_version(self):
        self.assertIn(f"[libtastevin.so.{VERSION.rpartition('.')[0]}]", run("readelf", "-d", library))


class Words(unittest.TestCase):
    """The manual page and the completions, which the program prints of itself."""

    def test_manual_has_every_command_and_renders_without_a_warning(self):
        done = subprocess.run(["man", "--warnings", "-l", prefix / "share/man/man1/tastevin.1"], capture_output=True, text=True,
                              check=True, env=os.environ | {"MANWIDTH": "100", "LC_ALL": "C.UTF-8"})
        self.assertEqual(done.stderr, "")
        for words in ("tastevin classify", "tastevin bench startup", "--truncation right|left|error", "default: automatic"):
            self.assertIn(words, " ".join(done.stdout.split()))

    def completed_by_bash(self, *words):
        script = prefix / "share/bash-completion/completions/tastevin"
        return run("bash", "-c", 'source "$0"; COMP_WORDS=("$@"); COMP_CWORD=$(($# - 1)); _tastevin; echo "${COMPREPLY[@]}"',
                   script, "tastevin", *words).split()

    def test_bash_completes_commands_flags_and_choices(self):
        self.assertEqual(self.completed_by_bash("class"), ["classify"])
        self.assertEqual(self.completed_by_bash("classify", "--trunc"), ["--truncation"])
        self.assertEqual(self.completed_by_bash("classify", "text", "--truncation", ""), ["right", "left", "error", "automatic"])
        self.assertEqual(self.completed_by_bash("bench", "startup", "--ru"), ["--runs"])
        self.assertEqual(self.completed_by_bash("bench", "sta"), ["startup"])
        self.assertEqual(self.completed_by_bash("classify", "--format", "=", "js"), ["json", "jsonl"])
        self.assertEqual(self.completed_by_bash("completion", "z"), ["zsh"])

    def test_fish_completes_commands_flags_and_choices(self):
        script = prefix / "share/fish/vendor_completions.d/tastevin.fish"
        for line, expected in (("class", "classify"), ("classify --trunc", "--truncation"), ("classify --truncation l", "left"),
                               ("bench sta", "startup"), ("bench startup --ru", "--runs"), ("completion z", "zsh")):
            words = run("fish", "--no-config", "-c", f"source {script}; complete -C 'tastevin {line}'").split()
            self.assertEqual(words[0], expected)

    def test_zsh_reads_its_completions(self):
        script = prefix / "share/zsh/site-functions/_tastevin"
        run("zsh", "-n", script)
        for words in ("'--truncation[what to do with a longer text: cut its end, cut its start, refuse it, or as the tokenizer'",
                      "files say]:value:(right left error automatic)'"):
            self.assertIn(words, script.read_text(encoding="utf-8"))
        self.assertIn("'*--model[", script.read_text(encoding="utf-8"))
        there = run("zsh", "-fc", f'autoload -Uz compinit; compinit -u -D; source {script}; echo "$_comps[tastevin]"')
        self.assertEqual(there.strip(), "_tastevin")


if __name__ == "__main__":
    unittest.main()
