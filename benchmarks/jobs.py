#!/usr/bin/env python3
"""Files of rows: rows a second against `tastevin bench` on the same texts, and the memory that a long file takes.

    benchmarks/jobs.py MODEL                   # SST-2's dev set, six times over with different ends
    benchmarks/jobs.py MODEL --rows 5000000    # and the peak of so many rows of short texts, 30 % of them repeated
"""

import argparse
import os
import subprocess
import tempfile
import time
from pathlib import Path

from measuring import ROOT, SHARED, bench, machine, spread, sst2, write_lines

MB = 1 << 20
REPEATED = 0.3


def job(options, texts, output):
    """Seconds and peak bytes of a run over the rows of `texts`."""
    command = [options.binary, "classify", "--model", options.model, "--input", texts, "--output", output, "--quiet"]
    before = time.perf_counter()
    child = subprocess.Popen([str(word) for word in command])
    _, status, usage = os.wait4(child.pid, 0)
    if status != 0:
        raise SystemExit(f"jobs.py: {' '.join(str(word) for word in command)}: ended with {os.waitstatus_to_exitcode(status)}")
    return time.perf_counter() - before, usage.ru_maxrss * 1024


def throughput(options, folder):
    """Rounds of a job and of bench in turns; the job's start is measured alone and taken off."""
    texts = [f"{text} {turn}" for turn in range(6) for text in sst2(options.shared)]
    many, one = folder / "many.txt", folder / "one.txt"
    write_lines(many, texts)
    write_lines(one, texts[:1])
    ratios = []
    for _ in range(options.rounds):
        start, _ = job(options, one, folder / "out.csv")
        took, _ = job(options, many, folder / "out.csv")
        ratios.append(len(texts) / (took - start) / bench(options.model, many, "f32", options)["texts_per_s"])
    print(f"{machine()}\n{len(texts)} rows: {spread(ratios, 3)} of bench")


def memory(options, folder):
    """The peak of many rows beside that of one."""
    different = round(options.rows * (1 - REPEATED))
    rows = folder / "rows.csv"
    with rows.open("w", encoding="utf-8") as file:
        file.write("id,text\n")
        for row in range(options.rows):
            file.write(f"{row},a film of number {row if row < different else row - different}\n")
    one = folder / "row.csv"
    one.write_text("id,text\n0,a film of number 0\n", encoding="utf-8")
    _, alone = job(options, one, folder / "out.csv")
    took, peak = job(options, rows, folder / "out.csv")
    print(f"{options.rows} rows, {REPEATED:.0%} repeated: {took:.0f} s, peak {peak / MB:.0f} MB, "
          f"{(peak - alone) / MB:.0f} above a file of one row")


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("model", type=Path)
    parser.add_argument("--rows", type=int, default=0, help="rows of the long file; 0: throughput alone")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--seconds", type=float, default=5, help="of each run of bench")
    parser.add_argument("--binary", type=Path, default=ROOT / "build/release/tastevin")
    parser.add_argument("--shared", type=Path, default=SHARED)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        if options.rounds:
            throughput(options, Path(folder))
        if options.rows:
            memory(options, Path(folder))


if __name__ == "__main__":
    main()
