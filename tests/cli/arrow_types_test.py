"""Types that programs of Arrow write and this one has no words for pass through a job, as pyarrow writes and reads them."""

import json
import os
import subprocess
import tempfile
import unittest
import uuid
from pathlib import Path

import pyarrow as pa
import pyarrow.feather
import pyarrow.parquet

BINARY = os.environ["TASTEVIN_BINARY"]
TEXTS = ["a wonderful film", "a horrible film"]


class ArrowTypes(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = Path(folder.name)

    def job(self, table, output, code=0, stream=None):
        """Classifies `table` and gives the path of what came of it, and what was said."""
        source = self.folder / "in.arrows"
        with pa.ipc.new_stream(source, table.schema) as writer:
            for batch in stream or table.to_batches():
                writer.write(batch)
        target = self.folder / output
        done = subprocess.run([BINARY, "classify", "--input", source, "--column", "text", "--output", target, "--quiet"],
                              capture_output=True, text=True, check=False)
        self.assertEqual(done.returncode, code, done.stderr)
        return target, done.stderr

    def lines(self, table, code=0):
        return [json.loads(line) for line in self.job(table, "out.jsonl", code)[0].read_text().splitlines()]

    # They came as Arrow prints them, and so did a text among them.
    def test_of_an_extension_are_what_they_are_stored_as(self):
        ids = [uuid.UUID(int=7), uuid.UUID(int=2**127)]
        table = pa.table({
            "id": pa.ExtensionArray.from_storage(pa.uuid(), pa.array([each.bytes for each in ids], pa.binary(16))),
            "text": pa.ExtensionArray.from_storage(pa.json_(), pa.array(TEXTS)),
            "view": pa.array([[1, 2], []], pa.list_view(pa.int64()))})
        lines = self.lines(table)
        self.assertEqual([line["id"] for line in lines], [str(each) for each in ids])
        self.assertEqual([line["text"] for line in lines], TEXTS)
        self.assertEqual([line["label"] for line in lines], ["POSITIVE", "NEGATIVE"])
        self.assertEqual([line["view"] for line in lines], [[1, 2], []])

    # The text was "null", and was answered.
    def test_have_no_text_where_a_code_stands_for_none(self):
        codes = pa.DictionaryArray.from_arrays(pa.array([0, 1]), pa.array(["good", None]))
        runs = pa.RunEndEncodedArray.from_arrays(pa.array([1, 2], pa.int32()), pa.array(["good", None]))
        for column in (codes, runs):
            first, second = self.lines(pa.table({"text": column}), code=10)
            self.assertEqual(first["label"], "POSITIVE")
            self.assertIn("no value", second["error"])
            self.assertNotIn("label", {key for key, value in second.items() if value is not None})

    def test_that_the_output_cannot_hold_end_the_job_before_it_works(self):
        spans = pa.array([pa.MonthDayNano([1, 2, 3])] * 2, pa.month_day_nano_interval())
        target, errors = self.job(pa.table({"text": TEXTS, "span": spans}), "out.parquet", code=2)
        self.assertIn("output-format", errors)
        self.assertFalse(target.exists())

    # All rows were answered, and then could not be joined.
    def test_may_have_codes_of_each_batch_and_runs(self):
        def batch(words):
            lists = pa.ListArray.from_arrays(pa.array([0, 1, 2], pa.int32()), pa.array(words).dictionary_encode())
            runs = pa.RunEndEncodedArray.from_arrays(pa.array([2], pa.int32()), pa.array([words[0]]))
            return pa.record_batch({"text": TEXTS, "words": lists, "runs": runs})
        batches = [batch(["a", "b"]), batch(["c", "a"])]
        table = pa.Table.from_batches(batches[:1])
        for output, read in (("out.parquet", pa.parquet.read_table), ("out.arrow", pa.feather.read_table)):
            found = read(self.job(table, output, stream=batches)[0])
            self.assertEqual(found["words"].to_pylist(), [["a"], ["b"], ["c"], ["a"]])
            self.assertEqual(found["runs"].to_pylist(), ["a", "a", "c", "c"])

    # pandas' index came back as a column.
    def test_keep_what_the_file_says_of_its_columns(self):
        table = pa.table({"text": TEXTS}).replace_schema_metadata({"pandas": '{"index_columns": []}'})
        for output, read in (("out.parquet", pa.parquet.read_schema), ("out.arrow", lambda file: pa.ipc.open_file(file).schema)):
            self.assertEqual(read(self.job(table, output)[0]).metadata[b"pandas"], b'{"index_columns": []}')


if __name__ == "__main__":
    unittest.main()
