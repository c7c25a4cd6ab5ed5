#!/usr/bin/env python3
"""Writes tests/golden/tables/rows.parquet. Run in an environment with pyarrow (`make goldens`).

Text as text, large text, a dictionary and bytes; labels as integers and truth values; one value of each is missing.
"""
import pathlib

import pyarrow
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
