#!/usr/bin/env python3
"""Keeps the Markdown pages true: links lead somewhere, the commands that they show run, and their flags exist.

    tools/check_docs.py [--binary build/release/tastevin] [PAGE ...]

- A relative link must name a file or folder of this tree, and an anchor a heading of its page.
- A block fenced as ```sh is run (page_runner.py). A ```text or ```json block that follows at once must be what it
  prints; decimals may differ by 1e-4.
- A block fenced as ```console needs the Hub, a large file or minutes. The line before it says so, as in
  `<!-- not run: needs the Hub -->`; its commands and flags must exist (known_commands.py).
- A ```python block is run where the page has a server, by the environment of tools/environment.sh clients; those of docs/python.md
  and docs/install.md by tests of their own; any other says in its first line why it is `# not run here`, and must compile.
- A ```json block must parse. Code in a line that begins with `tastevin` or `make`, and each `--flag`, must exist.
- Code in the first column of a table that is headed `message` must be words of the sources; `...` stands for anything.
- Blocks of other languages but text, yaml and none are findings: nothing is passed over in silence.
"""

import argparse
import functools
import json
import os
import re
import sys
import time
from pathlib import Path

from known_commands import KnownCommands
from page_blocks import blocks_of, lines_of, prose_of, spans_of, without_blocks
from page_runner import PageRunner

LINK = re.compile(r"\[[^\]]*\]\(([^)\s]+)\)")
FLAG_SPAN = re.compile(r"(?<![\w-])--[a-z][a-z0-9-]*")
YAML_COMMAND = re.compile(r"(?:^| )(tastevin [a-z].*(?:\n +--?.*)*)", re.M)
OTHERS_FLAGS = re.compile(r"(\w+=\S+ )*(cmake|ctest|curl|docker|git|pip)\b")
MESSAGES = re.compile(r"^\| message .*\n\| --- .*\n((?:\|.*\n)+)", re.M)
MESSAGES_FROM = ("src/**/*.cc", "src/**/*.h", "apps/**/*.cc", "python/**/*.cc", "python/tastevin/*.py", "tools/*.sh", "cmake/*.cmake")
# Pages whose blocks of a language are run by tests of their own: python/tests/pages_test.py, tests/install.
RUN_BY_OTHERS = {("docs/python.md", "python"), ("docs/install.md", "console"), ("docs/install.md", "python")}


def pages_of(root):
    for folder, folders, names in os.walk(root):
        folders[:] = sorted(name for name in folders if name != "build" and name[0] != ".")
        yield from (Path(folder, name) for name in sorted(names) if name.endswith(".md"))


def slug(heading):
    """The anchor that GitHub makes of a heading."""
    return re.sub(r"[^\w\- ]", "", heading.strip().lower()).replace(" ", "-")


def anchors_of(page):
    lines = without_blocks(page.read_text(encoding="utf-8")).splitlines()
    return {slug(line.lstrip("#")) for line in lines if line.startswith("#")}


def check_links(page, text):
    for target in LINK.findall(prose_of(text)):
        if re.match(r"[a-z]+:", target):
            continue
        path, _, anchor = target.partition("#")
        found = page.parent / path if path else page
        if not found.exists():
            yield f"link to '{target}': no such file"
        elif anchor and anchor not in anchors_of(found):
            yield f"link to '{target}': no such heading"


def check_spans(text, known):
    for span in spans_of(text):
        if re.match(r"make |tastevin [a-z]", span):
            yield from known.problems(span)
        elif not OTHERS_FLAGS.match(span):
            yield from (f"`{span}`: no command or script has {flag}" for flag in FLAG_SPAN.findall(span)
                        if flag not in known.all_flags)


def json_problem(text):
    try:
        json.loads(text)
    except ValueError as error:
        return f"not JSON: {error}"
    return None


def check_json(block):
    """One document, or one a line."""
    problem = json_problem(block.text)
    if problem and any(map(json_problem, block.text.splitlines())):
        yield problem


@functools.lru_cache(maxsize=None)
def words_of_sources(root):
    """The text of the sources with C++ literals joined that stand behind each other."""
    files = (file for pattern in MESSAGES_FROM for file in sorted(root.glob(pattern)))
    return re.sub(r'"\s*"', "", "\n".join(file.read_text(encoding="utf-8") for file in files))


def check_messages(text, root):
    for rows in MESSAGES.findall(text):
        for message in (span for row in rows.splitlines() for span in re.findall(r"`([^`]+)`", row.split(" | ")[0])):
            parts = [part for part in re.split(r"'?\.\.\.'?", message) if part.strip()]
            yield from (f"message `{message}`: no source says `{part}`" for part in parts if part not in words_of_sources(root))


def check_unrun(block, known):
    if block.not_run is None:
        yield "a console block is not run: say why before it, <!-- not run: reason -->, or make it sh"
    for line in lines_of(block.text):
        yield from known.problems(line)


def check_python(block, page_name, runner, root):
    if block.text.startswith("# not run here: "):
        try:
            compile(block.text, page_name, "exec")
        except SyntaxError as error:
            yield f"line {error.lineno} of the block: {error.msg}"
        return
    python = root / ".clients" / "bin" / "python"
    if runner.server is None:
        yield "Python that is not run: begin with `# not run here: reason`"
    elif not python.is_file():
        yield f"no {python} to run it: tools/environment.sh clients makes it"
    else:
        problem = runner.run_python(block, python)
        if problem:
            yield problem


def check_block(block, page_name, runner, known):
    if (page_name, block.language) in RUN_BY_OTHERS:
        return
    if block.language == "sh":
        problem = runner.run(block)
        if problem:
            yield problem
    elif block.language == "console":
        yield from check_unrun(block, known)
    elif block.language == "python":
        yield from check_python(block, page_name, runner, known.root)
    elif block.language == "json":
        yield from check_json(block)
    elif block.language == "yaml":
        for command in YAML_COMMAND.findall(block.text):
            yield from known.problems(command.replace("\n", " "))
    elif block.language not in ("text", ""):
        yield f"a block in '{block.language}', which nothing here checks"


def check_page(page, root, known):
    text = page.read_text(encoding="utf-8")
    name = str(page.relative_to(root))
    yield from check_links(page, text)
    yield from check_spans(text, known)
    yield from check_messages(text, root)
    with PageRunner(root, known.binary) as runner:
        for block in blocks_of(text):
            yield from (f"line {block.line}: {words}" for words in check_block(block, name, runner, known))
        problem = runner.stop_server()
        if problem:
            yield problem


def check(root, binary, pages=()):
    if not binary.is_file():
        yield f"there is no {binary} to run what the pages show"
        return
    known = KnownCommands(root, binary)
    for page in pages or pages_of(root):
        yield from (f"{page.relative_to(root)}: {words}" for words in check_page(page, root, known))


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("pages", nargs="*", type=Path, help="only these (default: all)")
    parser.add_argument("--root", type=Path, default=Path(__file__).parent.parent)
    parser.add_argument("--binary", type=Path, default=Path("build/release/tastevin"))
    given = parser.parse_args()
    begin = time.monotonic()
    findings = list(check(given.root.resolve(), (given.root / given.binary).resolve(), [page.resolve() for page in given.pages]))
    print("\n".join(findings) or f"docs: links lead somewhere and commands run ({time.monotonic() - begin:.0f} s)")
    sys.exit(1 if findings else 0)


if __name__ == "__main__":
    main()
