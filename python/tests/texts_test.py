"""What a caller may hand in as texts: each form gives the rows that a plain list gives."""

import ctypes
import struct
import unittest

import numpy
import pandas
import polars
import pyarrow
from models import loaded
from tastevin._arrow_rows import with_labels

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


class Pairs(unittest.TestCase):
    PAIRS = [{"text": "good", "text_pair": "bad"}, {"text": "good", "text_pair": None}]
    TOKENS = [5, 3]

    def test_of_a_column_of_objects_keep_their_second_text(self):
        # Python objects of pandas were read as Arrow's, where a pair is a struct, of which one column was taken.
        tuples = [tuple(pair.values()) for pair in self.PAIRS]

        for pairs in (self.PAIRS, tuples, [list(pair) for pair in tuples]):
            answers = loaded().classify(pandas.Series(pairs))
            self.assertEqual([answer.tokens for answer in answers], self.TOKENS)

    def test_of_a_struct_keep_their_second_text(self):
        # A struct was read as a table, of which one column was taken.
        array = pyarrow.array(self.PAIRS)
        batch = pyarrow.RecordBatch.from_struct_array(array)
        forms = [array, pyarrow.array([{"text": "x", "text_pair": "y"}, *self.PAIRS])[1:], batch,
                 pyarrow.chunked_array([array[:1], array[1:]]), pyarrow.table(batch), polars.Series(self.PAIRS),
                 polars.DataFrame(self.PAIRS), pandas.DataFrame(self.PAIRS),
                 pyarrow.RecordBatchReader.from_batches(batch.schema, [batch])]
        for pairs in forms:
            with self.subTest(form=type(pairs)):
                self.assertEqual([answer.tokens for answer in loaded().classify(pairs)], self.TOKENS)

    def test_are_none_where_a_column_is_named(self):
        answers = loaded().classify(pyarrow.Table.from_pylist(self.PAIRS), column="text")

        self.assertEqual([answer.tokens for answer in answers], [3, 3])

    def test_are_no_texts_of_a_call_that_reads_no_pairs(self):
        with self.assertRaisesRegex(ValueError, r"texts\[0\].*pair"):
            loaded().explain(pyarrow.array(self.PAIRS))


class Objects(unittest.TestCase):
    """Columns of Python objects are read as lists are: they were read as Arrow's."""

    def test_are_not_copied(self):
        class Column(pandas.Series):
            def __arrow_c_stream__(self, requested_schema=None):
                raise AssertionError("Arrow's form is a copy")

        rows = loaded().logits(Column(TEXTS, dtype=object))

        numpy.testing.assert_allclose(rows, loaded().logits(TEXTS), atol=TOLERANCE)

    def test_may_be_bytes(self):
        column = pandas.Series([text.encode() for text in TEXTS])

        numpy.testing.assert_allclose(loaded().logits(column), loaded().logits(TEXTS), atol=TOLERANCE)

    def test_may_be_none_at_all(self):
        self.assertEqual(loaded().classify(pandas.Series([], dtype=object)), [])
        self.assertEqual(loaded().logits(pandas.Series([], dtype=object)).shape, (0, 2))

    def test_that_are_no_text_name_their_row(self):
        for wrong, found in ((5, "5"), (None, "None"), ("\ud800", "surrogate"), (float("nan"), "nan")):
            with self.subTest(wrong=repr(wrong)), self.assertRaisesRegex(ValueError, rf"texts\[1\].*{found}"):
                loaded().classify(pandas.Series(["good", wrong], dtype=object))
        with self.assertRaisesRegex(ValueError, r"texts\[0\].*None"):
            loaded().classify(pandas.Series([None, None], dtype=object))


class Missing(unittest.TestCase):
    def test_rows_of_a_struct_are_missing_texts(self):
        # The validity of the struct itself was not asked: what lies below a missing row was answered.
        masked = pyarrow.StructArray.from_arrays([pyarrow.array(["good", "bad", "fine"])], ["text"],
                                                 mask=pyarrow.array([False, False, True]))
        for texts, row in ((masked, 2), (masked[1:], 1), (pyarrow.chunked_array([masked[:1], masked[1:]]), 2),
                           (pyarrow.array([{"text": "a"}, None]), 1), (polars.Series([{"text": "a"}, None]), 1)):
            with self.subTest(form=type(texts)), self.assertRaisesRegex(ValueError, rf"texts\[{row}\].*found null"):
                loaded().classify(texts)

    def test_texts_alone_have_a_type_of_their_own(self):
        # Arrow's type null was no type of texts: blocks without any text are common in a table read in pieces.
        nulls = pyarrow.nulls(2)
        for texts in (nulls, nulls.dictionary_encode(), pyarrow.table({"text": nulls}), pyarrow.chunked_array([nulls]),
                      pandas.DataFrame({"text": [None]}), polars.Series([None])):
            with self.subTest(form=type(texts)), self.assertRaisesRegex(ValueError, r"texts\[0\].*found null"):
                loaded().classify(texts)

    def test_no_texts_of_that_type_are_no_texts(self):
        for texts in (pyarrow.nulls(0), pyarrow.table({"text": pyarrow.nulls(0)}), polars.Series([]),
                      pandas.DataFrame({"text": []}, dtype=object)):
            with self.subTest(form=type(texts)):
                self.assertEqual(loaded().classify(texts), [])
                self.assertEqual(loaded().logits(texts).shape, (0, 2))

    def test_texts_have_no_label_in_a_batch_of_them(self):
        # As above: a batch whose texts are all missing was refused, where a missing text has neither label nor score.
        labelled = with_labels(loaded(), pyarrow.record_batch({"text": pyarrow.nulls(2)}), "text", {})

        self.assertEqual(labelled.to_pylist(), [{"text": None, "label": None, "score": None}] * 2)


class Untrue(unittest.TestCase):
    """Arrays that are not what their type says: each read memory that was not theirs, and ended the interpreter."""

    def test_batches_of_another_schema_than_their_readers(self):
        # PyArrow lets them through, and its stream does not tell.
        strings = pyarrow.array(["good", "bad"])
        words = strings.dictionary_encode()
        columns = [{"text": pyarrow.nulls(1)}, {"text": pyarrow.array([1])}, {"text": words},
                   {"text": strings.cast(pyarrow.large_string())}, {"text": strings.cast(pyarrow.string_view())},
                   {"other": strings}, {"text": strings, "id": strings}]
        for first, later in [*((strings, other) for other in columns), (words, {"text": strings})]:
            batches = pyarrow.record_batch({"text": first}), pyarrow.record_batch(later)
            reader = pyarrow.RecordBatchReader.from_batches(batches[0].schema, iter(batches))
            with self.subTest(later=batches[1].schema), self.assertRaisesRegex(ValueError, r"texts\[2\].*schema"):
                loaded().logits(reader)

    def test_batches_are_read_as_their_own_reader_reads_them(self):
        def batches():
            yield pyarrow.record_batch({"text": TEXTS})
            raise KeyError("row 6")

        reader = pyarrow.RecordBatchReader.from_batches(pyarrow.schema({"text": pyarrow.string()}), batches())

        with self.assertRaises(KeyError):
            loaded().classify(reader)

    def test_arrays_without_the_parts_of_their_schema(self):
        # Neither children nor buffers nor the dictionary of an array were looked at before they were read.
        class Mixed:
            def __init__(self, schema_of, array_of):
                self.halves = schema_of, array_of

            def __arrow_c_array__(self, requested_schema=None):
                schema_of, array_of = self.halves
                return schema_of.__arrow_c_array__()[0], array_of.__arrow_c_array__()[1]

        strings = pyarrow.array(["good", "bad"])
        batch = pyarrow.record_batch({"text": strings})
        wide = pyarrow.record_batch({"id": strings, "text": strings})
        words = strings.dictionary_encode()
        numbers = pyarrow.array([1, 2], pyarrow.int32())
        cases = [(strings, numbers), (strings, batch), (strings, words), (strings, pyarrow.nulls(2)), (batch, strings),
                 (wide, batch), (batch, wide), (batch, pyarrow.record_batch({"text": numbers})), (words, strings),
                 (words, numbers), (words, numbers.dictionary_encode()), (strings.cast(pyarrow.string_view()), numbers)]
        for schema_of, array_of in cases:
            with self.subTest(schema=type(schema_of), array=type(array_of)), self.assertRaisesRegex(ValueError, "fit"):
                loaded().logits(Mixed(schema_of, array_of))

    def test_indices_that_are_not_in_the_dictionary(self):
        # An index was not held against the dictionary's length.
        for index, outside in (("int8", -1), ("int64", -1), ("int32", 1), ("uint64", 2**63)):
            indices = pyarrow.array([0, outside], index)
            words = pyarrow.DictionaryArray.from_arrays(indices, pyarrow.array(["good"]), safe=False)
            for texts in (words, pyarrow.chunked_array([words]), pyarrow.table({"text": words})):
                with self.subTest(index=index, form=type(texts)), self.assertRaisesRegex(ValueError, "dictionary"):
                    loaded().logits(texts)

    def test_offsets_that_fall(self):
        # A length below 0 became one of 2^64 less that.
        for offsets in ((0, 4, 1), (0, -4, 4)):
            buffers = pyarrow.py_buffer(struct.pack("3i", *offsets)), pyarrow.py_buffer(b"good")
            with self.subTest(offsets=offsets), self.assertRaisesRegex(ValueError, "offsets"):
                loaded().logits(pyarrow.StringArray.from_buffers(2, *buffers))

    def test_views_that_lie_outside(self):
        # Neither the number of a view's buffer nor its place in there were held against what there is.
        for size, which, begin in ((20, 7, 0), (20, -1, 0), (20, 0, 10), (20, 0, -1), (-3, 0, 0)):
            view = struct.pack("i4sii", size, b"xxxx", which, begin)
            buffers = [None, pyarrow.py_buffer(view), pyarrow.py_buffer(b"x" * 20)]
            texts = pyarrow.Array.from_buffers(pyarrow.string_view(), 1, buffers)
            with self.subTest(view=(size, which, begin)), self.assertRaisesRegex(ValueError, "view"):
                loaded().logits(texts)

    def test_answers_of_the_interface_that_are_none(self):
        # What is no tuple of two was a bad cast, RuntimeError.
        class Array:
            def __init__(self, answer):
                self.answer = answer

            def __arrow_c_array__(self, requested_schema=None):
                return self.answer

        for answer in (None, 5, [], list(pyarrow.array(["a"]).__arrow_c_array__()), (1,), (1, 2), ("a", "b", "c")):
            with self.subTest(answer=answer), self.assertRaisesRegex(ValueError, "texts: expected .*capsule"):
                loaded().classify(Array(answer))


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
