"""What a caller may hand in as texts: each form gives the rows that a plain list gives."""

import ctypes
import unittest

import numpy
import pandas
import polars
import pyarrow
from models import loaded

TEXTS = ["good", "a film that is long enough to lie outside a view", "", "schön \u2713 \U0001F600", "bad", "good"]
TOLERANCE = 1e-5  # another grouping of the texts


def arrow_forms():
    strings = pyarrow.array(TEXTS)
    padded = pyarrow.array(["x", "y", *TEXTS, "z"])
    chunks = pyarrow.chunked_array([TEXTS[:1], [], TEXTS[1:4], TEXTS[4:]], type=pyarrow.string())
    table = pyarrow.table({"id": range(len(TEXTS)), "text": TEXTS})
    yield "string", strings
    yield "large_string", strings.cast(pyarrow.large_string())
    yield "string_view", strings.cast(pyarrow.string_view())
    yield "dictionary", strings.dictionary_encode()
    for index in (pyarrow.int8(), pyarrow.uint16(), pyarrow.int64()):
        yield f"dictionary of {index}", strings.cast(pyarrow.dictionary(index, pyarrow.string()))
    yield "slice", padded[2:-1]
    yield "slice of views", padded.cast(pyarrow.string_view())[2:-1]
    yield "slice of a dictionary", padded.dictionary_encode()[2:-1]
    yield "chunks", chunks
    yield "table", table
    yield "slice of a record batch", pyarrow.record_batch({"text": padded})[2:-1]
    yield "reader of batches", pyarrow.RecordBatchReader.from_batches(table.schema, table.to_batches(max_chunksize=2))


def without_names(capsule):
    """Takes the name off the first column of an `ArrowSchema`."""
    pointer_of = ctypes.pythonapi.PyCapsule_GetPointer
    pointer_of.restype, pointer_of.argtypes = ctypes.c_void_p, (ctypes.py_object, ctypes.c_char_p)
    words = ctypes.POINTER(ctypes.c_void_p)
    children = ctypes.cast(pointer_of(capsule, b"arrow_schema"), words)[5]
    ctypes.cast(ctypes.cast(children, words)[0], words)[1] = None


def other_forms():
    yield "list", list(TEXTS)
    yield "tuple", tuple(TEXTS)
    yield "generator", (text for text in TEXTS)
    yield "dict's values", dict(enumerate(TEXTS)).values()
    yield "NumPy object", numpy.array(TEXTS, dtype=object)
    yield "NumPy U", numpy.array(TEXTS)
    yield "NumPy S", numpy.array([text.encode() for text in TEXTS])
    yield "NumPy StringDType", numpy.array(TEXTS, dtype=numpy.dtypes.StringDType())
    yield "pandas", pandas.Series(TEXTS)
    yield "pandas object", pandas.Series(TEXTS, dtype=object, index=list("fedcba"))
    yield "pandas category", pandas.Series(TEXTS, dtype="category")
    yield "pandas Arrow", pandas.Series(TEXTS, dtype="string[pyarrow]")
    yield "pandas frame", pandas.DataFrame({"id": range(len(TEXTS)), "sentence": TEXTS})
    yield "polars", polars.Series(TEXTS)
    yield "polars categories", polars.Series(TEXTS, dtype=polars.Categorical)
    yield "polars frame", polars.DataFrame({"content": TEXTS, "id": range(len(TEXTS))})


class Forms(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.expected = loaded().logits(list(TEXTS))

    def test_all_give_the_same_rows(self):
        for name, texts in (*arrow_forms(), *other_forms()):
            with self.subTest(form=name):
                numpy.testing.assert_allclose(loaded().logits(texts), self.expected, atol=TOLERANCE)

    def test_all_give_the_same_predictions(self):
        labels = [answer.label for answer in loaded().classify(TEXTS)]
        for name, texts in (*arrow_forms(), *other_forms()):
            with self.subTest(form=name):
                self.assertEqual([answer.label for answer in loaded().classify(texts)], labels)

    def test_a_table_is_read_by_column(self):
        table = pyarrow.table({"review": TEXTS, "title": ["x"] * len(TEXTS)})

        for form in (table, table.to_pandas(), polars.from_arrow(table)):
            numpy.testing.assert_allclose(loaded().logits(form, column="review"), self.expected, atol=TOLERANCE)
            with self.assertRaisesRegex(ValueError, "column: expected one of 'review', 'title'"):
                loaded().logits(form)
            with self.assertRaisesRegex(ValueError, "column.*'body'"):
                loaded().logits(form, column="body")

    def test_blocks_join_without_a_seam(self):
        texts = pyarrow.array([f"text number {number}" for number in range(3000)])

        rows = loaded().logits(texts)

        for number in (0, 1023, 1024, 2047, 2999):
            alone = loaded().logits([f"text number {number}"])[0]
            numpy.testing.assert_allclose(rows[number], alone, atol=1e-4)


class Refused(unittest.TestCase):
    def test_nulls_name_their_row(self):
        holes = ["good", "bad", None]
        forms = [holes, numpy.array(holes, dtype=object), pandas.Series(holes), pandas.Series(holes, dtype=object),
                 polars.Series(holes), pyarrow.array(holes), pyarrow.array(holes).dictionary_encode(),
                 pyarrow.array(holes, pyarrow.string_view()), pyarrow.chunked_array([holes[:1], holes[1:]])]
        for texts in forms:
            with self.subTest(form=type(texts)), self.assertRaisesRegex(ValueError, r"texts\[2\]"):
                loaded().classify(texts)

    def test_what_is_no_text_is_a_value_error(self):
        wrong = [None, 5, 1.5, object(), ["good", 5], [["a", "b", "c"]], [{"txt": "a"}], [{"text": 1}], [("a", 2)],
                 numpy.arange(3), numpy.zeros((2, 2)), numpy.array(5), pandas.Series([1, 2]), polars.Series([1.5]),
                 pyarrow.array([1, 2]), pyarrow.array([["a"], ["b"]]), pyarrow.nulls(2), pyarrow.table({"n": [1]}),
                 pyarrow.Array, [b"ok", None], {"text": "a", "pair": "b"}]
        for texts in wrong:
            with self.subTest(texts=repr(texts)[:60]), self.assertRaises(ValueError):
                loaded().classify(texts)

    def test_lone_surrogates_are_a_value_error_that_names_the_text(self):
        for texts in (["good", "bad \ud800"], numpy.array(["good", "\udfff"], dtype=object), [("a", "b"), ("a", "\ud800")]):
            with self.assertRaisesRegex(ValueError, r"texts\[1\].*surrogate"):
                loaded().classify(texts)
        with self.assertRaisesRegex(ValueError, "surrogate"):
            loaded().classify("\ud800")

    def test_what_an_iterator_raises_comes_through(self):
        def texts():
            yield "good"
            raise KeyError("row 2")

        with self.assertRaises(KeyError):
            loaded().classify(texts())

    def test_a_length_that_lies_is_no_crash(self):
        class Liar(list):
            def __len__(self):
                return 2**60

        with self.assertRaises((MemoryError, ValueError)):
            loaded().logits(Liar(["good"]))

    def test_a_list_of_a_million_is_answered(self):
        logits = loaded().logits(TEXTS * (1_000_000 // len(TEXTS)))

        numpy.testing.assert_allclose(logits[-len(TEXTS):], loaded().logits(TEXTS), atol=TOLERANCE)

    def test_an_error_of_the_texts_own_is_the_callers(self):
        class Broken:
            def __init__(self, method):
                self.method = method

            def __len__(self):
                if self.method == "len":
                    raise OSError("the disk is gone")
                return 1

            def __iter__(self):
                raise OSError("the disk is gone")

        for method in ("len", "iter"):
            with self.subTest(method=method), self.assertRaisesRegex(OSError, "the disk is gone"):
                loaded().classify(Broken(method))

    def test_a_table_whose_columns_have_no_names_is_read(self):
        batch = pyarrow.record_batch({"text": TEXTS})

        class Nameless:
            """Arrow's interface lets a producer leave names out, as pyarrow does not."""

            def __arrow_c_array__(self, requested_schema=None):
                schema, array = batch.__arrow_c_array__()
                without_names(schema)
                return schema, array

        numpy.testing.assert_allclose(loaded().logits(Nameless()), loaded().logits(TEXTS), atol=TOLERANCE)
        with self.assertRaisesRegex(ValueError, "column: expected one of ''"):
            loaded().logits(Nameless(), column="text")

    def test_an_interface_that_lies_is_an_error(self):
        class Liar:
            def __arrow_c_stream__(self):
                return object()

        class Taken:
            def __init__(self):
                self.capsule = pyarrow.chunked_array([["good"]]).__arrow_c_stream__()

            def __arrow_c_stream__(self):
                return self.capsule

        taken = Taken()
        loaded().classify(taken)
        for texts in (Liar(), taken):
            with self.assertRaises((TypeError, ValueError)):
                loaded().classify(texts)


if __name__ == "__main__":
    unittest.main()
