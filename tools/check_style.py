#!/usr/bin/env python3
"""Checks what the style guide says and no compiler sees; clang-format checks the layout of the C++ files.

    tools/check_style.py [ROOT]

Prints one line a finding and ends with 1 when there is one.
"""

import ast
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

MAX_LINES = 400
MAX_FUNCTION_LINES = 60  # of Python; clang-tidy counts those of C++
MAX_EXAMPLE_LINES = 40
MAX_COLUMNS = 140  # of scripts and tables; clang-format keeps C++ to 120
CODE = (".h", ".cc", ".py", ".sh", ".cmake")
CPP = (".h", ".cc")
PAGE = (".html", ".css", ".js")
TEXT = (*CODE, *PAGE, ".md", ".txt", ".json", ".proto", ".toml", ".yml", "")
SKIPPED_FOLDERS = {"build", "__pycache__", "models", "golden", "corpus"}  # and hidden ones but .ci
CLANG_FORMAT = "clang-format-19"

EMPTY_NAME = re.compile(r"(^|[_.-])(utils?|helpers?|common|manager|impl|misc)($|[_.-])")
OPEN_WORK = re.compile(r"\b([T]ODO|[F]IXME|[X]XX|[H]ACK)\b(?!\(#\d+\): )")
MACHINE_PATH = re.compile(r"(?<![\w.*)/-])/(work|farm|root|home|Users)/\w")
GENERATED = re.compile(r"^// (Written|Generated|Made) by tools/")
OPENING = re.compile(r"// .*\n(//.*\n)*\n|/\* (.*\n)*?.*\*/\n\n")  # a paragraph of its own, no comment of what follows
OWN_INCLUDE = re.compile(r'^#include "([^"]+)"')


def files_of(root):
    for folder, folders, names in os.walk(root):
        folders[:] = sorted(name for name in folders if name not in SKIPPED_FOLDERS and (name[0] != "." or name == ".ci"))
        yield from (Path(folder, name) for name in sorted(names) if name != ".git")  # a file in a worktree


def is_generated(lines):
    return any(GENERATED.match(line) for line in lines[:6])


def check_name(path):
    if EMPTY_NAME.search(path.stem.lower()):
        yield 0, f"'{path.stem}' says nothing: name the file after what it holds"


def check_text(lines):
    for number, line in enumerate(lines, 1):
        if line != line.rstrip():
            yield number, "blanks at the end of the line"
        if MACHINE_PATH.search(line):
            yield number, "a path of one machine"


def check_code(lines):
    for number, line in enumerate(lines, 1):
        if len(line) > MAX_COLUMNS and "http" not in line:
            yield number, f"{len(line)} columns, at most {MAX_COLUMNS}"
        if OPEN_WORK.search(line):
            yield number, "open work names its issue: TODO(#123): ..."


def check_python(text):
    try:
        tree = ast.parse(text)
    except SyntaxError as error:
        yield error.lineno, f"not Python: {error.msg}"
        return
    for node in ast.walk(tree):
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)):
            length = node.end_lineno - node.lineno + 1
            if length > MAX_FUNCTION_LINES:
                yield node.lineno, f"{node.name} has {length} lines, at most {MAX_FUNCTION_LINES}: one level of abstraction each"


def check_header(lines):
    if not lines or lines[0] != "#pragma once":
        yield 1, "a header begins with #pragma once"
    elif lines[1:2] != [""] or not OPENING.match("\n".join(lines[2:])):
        yield 3, "a header opens with one paragraph: what it is, who owns what, which threads may call"


def check_own_header_first(path, root, lines):
    header = path.with_suffix(".h")
    public = root / "include/tastevin" / header.name
    places = ((header, root / "src"), (header, root / "apps"), (public, root / "include"))
    own = [str(file.relative_to(top)) for file, top in places if file.is_file() and file.is_relative_to(top)]
    first = next((match[1] for match in map(OWN_INCLUDE.match, lines) if match), None)
    if own and not any(first == name or name.endswith("/" + str(first)) for name in own):
        yield 1, f"own header first: expected #include \"{own[0]}\", found {first or 'none'}"


def check_file(path, root):
    yield from check_name(path)
    if path.suffix not in TEXT:
        return
    try:
        text = path.read_bytes().decode("utf-8")
    except UnicodeDecodeError:
        yield 0, "not UTF-8"
        return
    lines = text.split("\n")
    if lines[-1] == "":
        lines.pop()
    generated = is_generated(lines)
    yield from check_text(lines)
    if path.suffix in CODE or path.name == "CMakeLists.txt":
        if not text.endswith("\n"):
            yield len(lines), "no newline at the end of the file"
        if not generated:
            yield from check_code(lines)
    if path.suffix in (*CODE, *PAGE) and not generated and len(lines) > MAX_LINES:
        yield len(lines), f"{len(lines)} lines, at most {MAX_LINES}: split the file"
    if path.suffix == ".cc" and path.parent == root / "examples" and len(lines) > MAX_EXAMPLE_LINES:
        yield len(lines), f"{len(lines)} lines, at most {MAX_EXAMPLE_LINES} of an example"
    if path.suffix == ".py":
        yield from check_python(text)
    if path.suffix == ".h":
        yield from check_header(lines)
    if path.suffix == ".cc":
        yield from check_own_header_first(path, root, lines)


def says_what_it_is(folder, root):
    """By a README of its own or the row in the one above, a header of its name, or the first words of what opens it."""
    openings = {"README.md": "#", f"{folder.name}.h": "#pragma once\n\n//", "CMakeLists.txt": "#", "__init__.py": '"""'}
    if any((folder / name).is_file() and (folder / name).read_text().startswith(start) for name, start in openings.items()):
        return True
    above = folder.parent / "README.md"
    if above.is_file() and f"`{folder.name}/`" in above.read_text():
        return True
    path = folder.relative_to(root)
    return path.parts[0] == "tests" and any((root / top / Path(*path.parts[1:])).is_dir() for top in ("src", "apps"))


def check_folders(files, root):
    folders = {folder for file in files if file.suffix in TEXT for folder in file.parents if root in folder.parents}
    return [f"{folder.relative_to(root)}: says nowhere what it is for: write a README.md of two lines"
            for folder in sorted(folders) if folder.name[0] != "." and not says_what_it_is(folder, root)]


def check_format(files):
    """The files whose layout clang-format would change."""
    files = [file for file in files if not is_generated(file.read_text(errors="replace").split("\n", 6))]
    if not files:
        return []
    if shutil.which(CLANG_FORMAT) is None:
        return [f"{CLANG_FORMAT} is not installed: run `make setup`"]
    done = subprocess.run([CLANG_FORMAT, "--dry-run", "-Werror", *files], capture_output=True, text=True, check=False)
    changed = dict.fromkeys(line.split(":")[0] for line in done.stderr.splitlines() if " error: " in line)
    return [f"{file}: {CLANG_FORMAT} would lay it out otherwise: run `make format`" for file in changed]


def check(root):
    files = list(files_of(root))
    findings = [f"{file.relative_to(root)}:{line}: {words}" for file in files for line, words in check_file(file, root)]
    return findings + check_folders(files, root) + check_format([file for file in files if file.suffix in CPP])


def main():
    root = Path(sys.argv[1] if len(sys.argv) > 1 else Path(__file__).parent.parent).resolve()
    findings = check(root)
    print("\n".join(findings) or "style: nothing to mend")
    sys.exit(1 if findings else 0)


if __name__ == "__main__":
    main()
