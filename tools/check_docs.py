#!/usr/bin/env python3
"""Keeps the Markdown pages true: links lead somewhere, and the commands that they show run.

    tools/check_docs.py [--binary build/release/tastevin] [ROOT]

- A relative link must name a file or folder of this tree, and an anchor a heading of its page.
- `make TARGET` must be a target of the Makefile.
- In a block fenced as ```sh, each line that has `tastevin` in it is run by bash, in a scratch folder that looks like
  the root. A ```text block that follows at once must be what the last such line prints; decimals may differ by 1e-4.
Blocks fenced as ```console are for commands that take long or need more than this tree; they are read only.
"""

import argparse
import os
import re
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

BLOCK = re.compile(r"^```(\w*)\n(.*?)^```$", re.M | re.S)
LINK = re.compile(r"\[[^\]]*\]\(([^)\s]+)\)")
MAKE = re.compile(r"(?:^|`)make ([a-z-]+)\b", re.M)
DECIMAL = re.compile(r"\d+\.\d+")
TIMEOUT_SECONDS = 60


@dataclass(frozen=True)
class Command:
    line: str
    expected: str | None = None  # what it prints, where the page shows that


def pages_of(root):
    for folder, folders, names in os.walk(root):
        folders[:] = sorted(name for name in folders if name != "build" and name[0] != ".")
        yield from (Path(folder, name) for name in sorted(names) if name.endswith(".md"))


def without_code(text):
    return re.sub(r"`[^`\n]*`", "", BLOCK.sub("", text))


def slug(heading):
    """The anchor that GitHub makes of a heading."""
    return re.sub(r"[^\w\- ]", "", heading.strip().lower()).replace(" ", "-")


def anchors_of(page):
    return {slug(line.lstrip("#")) for line in BLOCK.sub("", page.read_text(encoding="utf-8")).splitlines()
            if line.startswith("#")}


def check_links(page):
    for target in LINK.findall(without_code(page.read_text(encoding="utf-8"))):
        if re.match(r"[a-z]+:", target):
            continue
        path, _, anchor = target.partition("#")
        found = page.parent / path if path else page
        if not found.exists():
            yield f"link to '{target}': no such file"
        elif anchor and anchor not in anchors_of(found):
            yield f"link to '{target}': no such heading"


def check_make_targets(page, makefile):
    targets = set(re.findall(r"^([a-z-]+):", makefile, re.M))
    for target in sorted(set(MAKE.findall(page.read_text(encoding="utf-8"))) - targets):
        yield f"'make {target}': no such target"


def output_after(block, following, text):
    """The ```text block that stands right after `block`, or None."""
    if following and following[0][1] == "text" and not text[block.end():following[0].start()].strip():
        return following[0][2]
    return None


def commands_of(text):
    """Every command of the page that is to be run, in order."""
    blocks = list(BLOCK.finditer(text))
    for number, block in enumerate(blocks):
        if block[1] != "sh":
            continue
        lines = [line for line in block[2].replace("\\\n", "").splitlines() if re.match(r"[^#]*tastevin", line)]
        yield from (Command(line) for line in lines[:-1])
        yield from (Command(line, output_after(block, blocks[number + 1:], text)) for line in lines[-1:])


def same_output(found, expected):
    """Whether the texts are equal but for the last digits of decimals, which differ from one processor to the next."""
    decimals = [[float(number) for number in DECIMAL.findall(text)] for text in (found, expected)]
    return (DECIMAL.sub("#", found) == DECIMAL.sub("#", expected)
            and all(abs(a - b) <= 1e-4 for a, b in zip(*decimals)))


def run(command, binary, folder):
    """What is wrong with the command, or None."""
    line = command.line.replace("build/release/tastevin", str(binary))
    done = subprocess.run(["bash", "-euo", "pipefail", "-c", line], cwd=folder, capture_output=True, text=True,
                          timeout=TIMEOUT_SECONDS, stdin=subprocess.DEVNULL, check=False,
                          env=os.environ | {"PATH": f"{binary.parent}:{os.environ['PATH']}"})
    if done.returncode != 0:
        return f"`{command.line}` exits {done.returncode}: {done.stderr.strip()[:300]}"
    if command.expected is not None and not same_output(done.stdout, command.expected):
        return f"`{command.line}` prints\n{done.stdout}where the page shows\n{command.expected}"
    return None


def check_commands(page, root, binary):
    """The scratch folder has a link to each entry of the root but build/, so that nothing is written into the tree."""
    commands = list(commands_of(page.read_text(encoding="utf-8")))
    if commands and not binary.is_file():
        yield f"the page shows commands, and there is no {binary} to run them"
        return
    with tempfile.TemporaryDirectory() as folder:
        for entry in root.iterdir():
            if entry.name != "build":
                Path(folder, entry.name).symlink_to(entry)
        yield from (words for words in (run(command, binary, folder) for command in commands) if words)


def check(root, binary):
    makefile = (root / "Makefile").read_text(encoding="utf-8")
    for page in pages_of(root):
        for check_page in (check_links(page), check_make_targets(page, makefile), check_commands(page, root, binary)):
            yield from (f"{page.relative_to(root)}: {words}" for words in check_page)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("root", nargs="?", type=Path, default=Path(__file__).parent.parent)
    parser.add_argument("--binary", type=Path, default=Path("build/release/tastevin"))
    given = parser.parse_args()
    findings = list(check(given.root.resolve(), (given.root / given.binary).resolve()))
    print("\n".join(findings) or "docs: links lead somewhere and commands run")
    sys.exit(1 if findings else 0)


if __name__ == "__main__":
    main()
