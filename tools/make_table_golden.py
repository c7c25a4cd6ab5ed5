#!/usr/bin/env python3
"""Writes the files of tests/golden/tables: rows.parquet, the same as Arrow IPC, and packed text files.

Run in an environment with pyarrow (`make goldens`).

Text as text, large text, a dictionary and bytes; labels as integers and truth values; one value of each is missing.
"""
import gzip
import pathlib

import pyarrow
import pyarrow.feather
import pyarrow.ipc
import pyarrow.parquet

out = pathlib.Path(__file__).resolve().parent.parent / "tests/golden/tables"
out.mkdir(exist_ok=True)
texts = ["good", None, "two\nlines, \u00fc"]
table = pyarrow.table(
    {
        "text": pyarrow.array(texts, pyarrow.string()),
        "large": pyarrow.array(texts, pyarrow.large_string()),
        "dictionary": pyarrow.array(["a", None, "a"], pyarrow.string()).dictionary_encode(),
        "bytes": pyarrow.array([b"\xff", None, b"x"], pyarrow.binary()),
        "label": pyarrow.array([1, None, -7], pyarrow.int64()),
        "truth": pyarrow.array([True, None, False], pyarrow.bool_()),
    }
)
pyarrow.parquet.write_table(table, out / "rows.parquet", row_group_size=2, compression="snappy")
pyarrow.feather.write_feather(table, out / "rows.arrow", compression="zstd", chunksize=2)
with pyarrow.ipc.new_stream(out / "rows.arrows", table.schema) as stream:
    stream.write_table(table, max_chunksize=2)

rows = "text,label\n" + "".join(f"row {i},00{i}\n" for i in range(3000))
(out / "rows.csv.gz").write_bytes(gzip.compress(rows.encode(), mtime=0))
(out / "rows.csv.zst").write_bytes(pyarrow.compress(rows.encode(), "zstd", asbytes=True))
lines = "".join('{"text": "row %d"}\n' % i for i in range(3000))
# Two members one after another, as `cat` makes them.
half = len(lines) // 2
members = (gzip.compress(part.encode(), mtime=0) for part in (lines[:half], lines[half:]))
(out / "rows.jsonl.gz").write_bytes(b"".join(members))
