#!/usr/bin/env python3
"""Draws docs/pictures/terminal.svg: what the program prints on a terminal, colours and all. Run it when that changes.

    tools/make_picture.py [--binary build/release/tastevin]
"""

import argparse
import html
import os
import pty
import re
import subprocess
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
PICTURE = ROOT / "docs" / "pictures" / "terminal.svg"
COMMANDS = ['tastevin classify "I had a wonderful day" --top-k 0',
            "tastevin classify --file examples/food_reviews.txt",
            'tastevin explain "The soup was cold but the waiter was wonderful"',
            "tastevin convert models/sst2-tiny my-model",
            "tastevin classify --input examples/reviews.csv --output labelled.parquet --model my-model --quiet",
            "tastevin evaluate --data examples/reviews.csv --label-column sentiment --model my-model | head -n 4"]

COLUMNS, SIZE, LINE = 102, 14, 20
ADVANCE = 0.602 * SIZE  # of DejaVu Sans Mono and its like
PAPER, INK, PROMPT = "#161b22", "#d5dbe3", "#7d8896"
COLOURS = {"31": "#ff8178", "32": "#56d364"}
STYLED = re.compile(r"\x1b\[([\d;]*)m")


def printed(command, folder, environment):
    """What the command prints on a terminal; a failure ends the script."""
    ours, theirs = pty.openpty()
    done = subprocess.Popen(["bash", "-o", "pipefail", "-c", command], cwd=folder, env=environment, stdin=subprocess.DEVNULL,
                            stdout=theirs, stderr=theirs)
    os.close(theirs)
    parts = []
    try:
        while part := os.read(ours, 65536):
            parts.append(part)
    except OSError:  # the other end was closed
        pass
    os.close(ours)
    if done.wait() != 0:
        raise SystemExit(f"`{command}` exits {done.returncode}: {b''.join(parts).decode()}")
    return b"".join(parts).decode().replace("\r\n", "\n")


def spans(line):
    """The line in SVG; the codes of colours and of bold become attributes."""
    parts, fill, bold = [], "", ""
    for place, part in enumerate(STYLED.split(line)):
        if place % 2 == 1:
            codes = part.split(";")
            fill = next((f' fill="{COLOURS[code]}"' for code in codes if code in COLOURS), "")
            bold = ' font-weight="bold"' if "1" in codes else ""
        elif part:
            text = html.escape(part, quote=False)
            parts.append(f"<tspan{fill}{bold}>{text}</tspan>" if fill or bold else text)
    return "".join(parts)


def drawn(lines):
    width, height = int(COLUMNS * ADVANCE) + 40, len(lines) * LINE + 62
    rows = "\n".join(f'<text x="20" y="{56 + number * LINE}" xml:space="preserve">{line}</text>'
                     for number, line in enumerate(lines) if line)
    lights = "".join(f'<circle cx="{22 + 20 * place}" cy="20" r="6" fill="{fill}"/>'
                     for place, fill in enumerate(("#ff5f57", "#febc2e", "#28c840")))
    return (f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" width="{width}" height="{height}"'
            f' font-family="ui-monospace, SFMono-Regular, Menlo, Consolas, \'DejaVu Sans Mono\', monospace" font-size="{SIZE}"'
            f' fill="{INK}" role="img">\n<title>Tastevin in a terminal</title>\n'
            f'<rect width="{width}" height="{height}" rx="10" fill="{PAPER}"/>\n{lights}\n{rows}\n</svg>\n')


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--binary", type=Path, default=ROOT / "build" / "release" / "tastevin")
    binary = parser.parse_args().binary.resolve()
    environment = os.environ | {"PATH": f"{binary.parent}:{os.environ['PATH']}", "TERM": "xterm-256color"}
    environment.pop("NO_COLOR", None)
    lines = []
    with tempfile.TemporaryDirectory() as folder:
        for name in ("examples", "models"):
            Path(folder, name).symlink_to(ROOT / name)
        for command in COMMANDS:
            lines.append(f'<tspan fill="{PROMPT}">$</tspan> <tspan font-weight="bold">{html.escape(command, quote=False)}</tspan>')
            lines += [spans(line) for line in printed(command, folder, environment).splitlines()]
            lines.append("")
    PICTURE.parent.mkdir(exist_ok=True)
    PICTURE.write_text(drawn(lines[:-1]), encoding="utf-8")
    print(f"{PICTURE.relative_to(ROOT)}: {len(lines)} lines, {PICTURE.stat().st_size} bytes")


if __name__ == "__main__":
    main()
