"""Tables whose producers are Python's code, and frames of pandas with what they carry beside their columns."""

import asyncio
import subprocess
import sys
import unittest

import numpy
import pandas
import pyarrow
from models import MULTI_LABEL, loaded

TEXTS = ["a good film", "a bad film", "a great film"]
LABELS = ["POSITIVE", "NEGATIVE", "POSITIVE"]


class Streamed:
    """Nothing but the interface, as objects of other packages have it."""

    def __init__(self, reader):
        self._reader = reader

    def __arrow_c_stream__(self, requested_schema=None):
        return self._reader.__arrow_c_stream__(requested_schema)


class StreamedArray:
    def __init__(self, array):
        self._array = array

    def __arrow_c_array__(self, requested_schema=None):
        return self._array.__arrow_c_array__(requested_schema)


class Frames(unittest.TestCase):
    # An index that is no range comes as a column of the interface: it was read, or in the way.
    def test_are_their_columns_without_their_index(self):
        named = pandas.DataFrame({"review": TEXTS}, index=pandas.Index(["awful", "lovely", "horrible"], name="text"))
        some = pandas.DataFrame({"review": ["none", *TEXTS]}).query("review != 'none'")
        for frame in (named, some):
            self.assertEqual(loaded().predict(frame).tolist(), LABELS)
            self.assertEqual(loaded().predict(frame, column="review").tolist(), LABELS)
            self.assertEqual(asyncio.run(loaded().predict_async(frame)).tolist(), LABELS)

    def test_may_have_columns_of_no_type_of_arrows(self):
        frame = pandas.DataFrame({"text": TEXTS, "mixed": [1, "a", None]})
        self.assertEqual(loaded().predict(frame).tolist(), LABELS)
        self.assertEqual(loaded().predict(frame, column="text").tolist(), LABELS)

    def test_are_folds_of_a_cross_validation(self):
        frame = pandas.DataFrame({"review": TEXTS * 2})
        for fold in (frame.iloc[[0, 2, 4]], frame.iloc[[1, 3, 5]]):
            self.assertEqual(loaded().score(fold, loaded().predict(list(fold.review))), 1)


class Streams(unittest.TestCase):
    # The GIL was held while the producer waited for its threads, which run Python.
    def test_may_be_made_by_python_on_other_threads(self):
        program = """
import io, sys, pyarrow, pyarrow.dataset, pyarrow.fs, pyarrow.parquet, tastevin
class Files(pyarrow.fs.FileSystemHandler):
    def __init__(self):
        self.files = {}
        for number in range(20):
            sink = io.BytesIO()
            pyarrow.parquet.write_table(pyarrow.table({"text": ["a good film"] * 10}), sink)
            self.files[f"{number}.parquet"] = sink.getvalue()
    def get_type_name(self): return "memory"
    def normalize_path(self, path): return path
    def get_file_info(self, paths):
        return [pyarrow.fs.FileInfo(path, pyarrow.fs.FileType.File, size=len(self.files[path])) for path in paths]
    def open_input_file(self, path): return pyarrow.BufferReader(self.files[path])
    open_input_stream = open_input_file
    def get_file_info_selector(self, selector): raise NotImplementedError
    create_dir = delete_dir = delete_dir_contents = delete_root_dir_contents = delete_file = move = copy_file = None
    open_output_stream = open_append_stream = None
files = Files()
dataset = pyarrow.dataset.dataset(sorted(files.files), format="parquet", filesystem=pyarrow.fs.PyFileSystem(files))
class Streamed:
    def __arrow_c_stream__(self, requested_schema=None):
        return dataset.scanner().to_reader().__arrow_c_stream__(requested_schema)
print(len(tastevin.Classifier(sys.argv[1]).predict(Streamed())))
"""
        done = subprocess.run([sys.executable, "-c", program, loaded().model], capture_output=True, text=True, timeout=120,
                              check=False)
        self.assertEqual((done.stdout, done.returncode), ("200\n", 0), done.stderr)

    def test_that_fail_raise_what_their_producer_did(self):
        schema = pyarrow.schema([("text", pyarrow.string())])

        def batches(error):
            yield pyarrow.record_batch({"text": TEXTS})
            raise error
        for error, expected in ((ValueError("of its own\nwith lines"), ValueError), (MemoryError(), MemoryError)):
            reader = pyarrow.RecordBatchReader.from_batches(schema, batches(error))
            with self.assertRaises(expected) as caught:
                loaded().predict(Streamed(reader))
            self.assertNotIn("\n", str(caught.exception))

    def test_are_awaited_in_every_form_that_is_called(self):
        pairs = pyarrow.StructArray.from_arrays([pyarrow.array(["x", *TEXTS]), pyarrow.array(["y"] * 4)], ["text", "text_pair"])
        for texts in (pairs[1:], pyarrow.chunked_array([pairs[1:2], pairs[2:]]), StreamedArray(pyarrow.array(TEXTS)),
                      Streamed(pyarrow.chunked_array([TEXTS])), pyarrow.table({"text": TEXTS})):
            wanted = loaded().logits(texts)
            numpy.testing.assert_allclose(asyncio.run(loaded().logits_async(texts)), wanted, atol=1e-5)
        for call in (loaded().predict, lambda *args, **options: asyncio.run(loaded().predict_async(*args, **options))):
            with self.assertRaisesRegex(ValueError, "column"):
                call(pyarrow.array(TEXTS), column="texts")


class Matrices(unittest.TestCase):
    # Its zeros and ones were taken for ids.
    def test_of_labels_that_hold_are_judged_as_predict_gives_them(self):
        model = loaded(MULTI_LABEL)
        held = model.predict(TEXTS)
        self.assertEqual(model.evaluate(TEXTS, held)["accuracy"]["value"], 1)
        self.assertEqual(model.evaluate(TEXTS, pandas.DataFrame(held))["accuracy"]["value"], 1)
        self.assertEqual(model.evaluate(TEXTS, 1 - held)["accuracy"]["value"], 0)
        for labels in (held[:, :2], held + 1, [[1, 1]] * 3):
            with self.assertRaises(ValueError):
                model.evaluate(TEXTS, labels)


if __name__ == "__main__":
    unittest.main()
