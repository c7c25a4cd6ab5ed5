"""The fenced blocks of a Markdown page, and what stands around each."""

import re
from dataclasses import dataclass

FENCED = re.compile(r"^```(\w*)\n(.*?)^```$", re.M | re.S)
NOT_RUN = re.compile(r"<!-- not run: (?P<reason>[^\n]+?) -->\n\Z")
SPAN = re.compile(r"`([^`\n]+)`")


@dataclass(frozen=True)
class Block:
    language: str
    text: str
    line: int  # of the page, where its text begins
    not_run: str | None  # the reason that the comment before it gives
    output: str | None  # what the page shows as its output: the ```text or ```json block that follows at once


def blocks_of(page):
    found = list(FENCED.finditer(page))
    for number, match in enumerate(found):
        following = found[number + 1] if number + 1 < len(found) else None
        shown = (following is not None and following[1] in ("text", "json")
                 and not page[match.end():following.start()].strip())
        reason = NOT_RUN.search(page[:match.start()])
        yield Block(match[1], match[2], page.count("\n", 0, match.start(2)) + 1, reason and reason["reason"],
                    following[2] if shown else None)


def lines_of(text):
    """The commands of a block: its lines, those that end with a backslash joined; comments and blanks left out."""
    lines = text.replace("\\\n", "").splitlines()
    return [line for line in lines if line.strip() and not line.lstrip().startswith("#")]


def without_blocks(page):
    return FENCED.sub("", page)


def prose_of(page):
    """The page without what is code."""
    return SPAN.sub("", without_blocks(page))


def spans_of(page):
    """The inline code of the page."""
    return SPAN.findall(without_blocks(page))
