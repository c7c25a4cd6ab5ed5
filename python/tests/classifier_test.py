"""tastevin.Classifier: its answers are those of the goldens, in each of the forms that a caller may ask for."""

import asyncio
import copy
import pickle
import threading
import unittest

import numpy
import pandas
import pyarrow
import tastevin
from models import BUNDLED, LOGIT_TOLERANCE, MULTI_LABEL, REGRESSION, golden_cases, loaded
from tastevin._classifier import LOADING, take_loading


class Answers(unittest.TestCase):
    def test_one_text_gives_one_prediction(self):
        answer = loaded().classify("I had a wonderful day")

        self.assertIsInstance(answer, tastevin.Prediction)
        self.assertEqual(answer.label, "POSITIVE")
        self.assertAlmostEqual(answer.score, 0.9969291, delta=LOGIT_TOLERANCE)
        self.assertEqual(answer.tokens, 7)
        self.assertFalse(answer.truncated)
        self.assertIsNone(answer.logits)

    def test_the_bundled_model_comes_with_the_package(self):
        self.assertEqual(tastevin.Classifier(tastevin.bundled_model()).labels, ["NEGATIVE", "POSITIVE"])

    def test_several_texts_give_a_list_in_order(self):
        cases = golden_cases()

        answers = loaded().classify([case["text"] for case in cases])

        self.assertEqual([answer.label for answer in answers], [case["label"] for case in cases])

    def test_scores_are_pairs_of_label_and_score(self):
        answer = loaded().classify("The food was horrible.", top_k=0, logits=True)

        self.assertEqual([label for label, _ in answer.scores], ["NEGATIVE", "POSITIVE"])
        self.assertAlmostEqual(sum(scored.score for scored in answer.scores), 1, places=5)
        self.assertEqual((answer.logits.dtype, answer.logits.shape), (numpy.float32, (2,)))

    def test_logits_are_those_of_the_goldens(self):
        for model in (BUNDLED, MULTI_LABEL, REGRESSION):
            cases = golden_cases(model)
            logits = loaded(model).logits([case["text"] for case in cases])

            self.assertEqual(logits.dtype, numpy.float32)
            numpy.testing.assert_allclose(logits, [case["logits"] for case in cases], atol=LOGIT_TOLERANCE)

    def test_probabilities_stand_in_the_order_of_classes(self):
        cases = golden_cases(MULTI_LABEL)
        classifier = loaded(MULTI_LABEL)

        scores = classifier.predict_proba([case["text"] for case in cases])

        for row, case in zip(scores, cases):
            expected = {scored["label"]: scored["score"] for scored in case["scores"]}
            numpy.testing.assert_allclose(row, [expected[label] for label in classifier.classes_], atol=LOGIT_TOLERANCE)

    def test_predict_gives_labels_or_sets_or_numbers(self):
        text = ["I had a wonderful day"]

        self.assertEqual(loaded().predict(text).tolist(), ["POSITIVE"])
        held = loaded(MULTI_LABEL).predict_proba(text) >= 0.5
        self.assertEqual(loaded(MULTI_LABEL).predict(text).tolist(), held.astype(int).tolist())
        self.assertEqual(loaded(REGRESSION).predict(text).tolist(), loaded(REGRESSION).logits(text)[:, 0].tolist())
        with self.assertRaises(NotImplementedError):
            loaded(REGRESSION).predict_proba(text)

    def test_equal_texts_have_equal_rows(self):
        texts = ["good", "bad", "good", "bad", "fine", "good"]

        rows = loaded().logits(texts)

        alone = numpy.concatenate([loaded().logits([text]) for text in texts])
        numpy.testing.assert_allclose(rows, alone, atol=LOGIT_TOLERANCE)

    def test_a_long_text_is_cut_or_read_in_windows(self):
        text = "The film was good . " * 200

        cut = loaded().classify(text)
        whole = loaded().classify(text, long="window", logits=True)

        self.assertTrue(cut.truncated)
        self.assertGreater(len(whole.windows), 1)
        self.assertEqual(whole.windows[0].begin, 0)
        numpy.testing.assert_allclose(loaded().logits(text, long="window"), [whole.logits], atol=LOGIT_TOLERANCE)

    def test_no_texts_give_nothing(self):
        self.assertEqual(loaded().classify([]), [])
        self.assertEqual(loaded().logits([]).shape, (0, 2))

    def test_a_pair_is_read_as_one_text_of_two(self):
        pair = loaded().classify([("good", "bad"), ["good", "bad"], {"text": "good", "text_pair": "bad"}, "good"])
        one = loaded().classify({"text": "good", "text_pair": "bad"})

        self.assertEqual([answer.tokens for answer in pair], [5, 5, 5, 3])
        self.assertEqual(one.tokens, 5)


class Keywords(unittest.TestCase):
    def test_stand_in_the_signature(self):
        words = tastevin.Classifier.classify.__doc__

        for name in ("top_k: int = 1", "threshold: float | None = None", "long: ", "max_length: int = 0", "column"):
            self.assertIn(name, words)

    def test_of_another_name_are_a_type_error(self):
        with self.assertRaisesRegex(TypeError, "topk"):
            loaded().classify("a", topk=1)
        with self.assertRaisesRegex(TypeError, "devise"):
            tastevin.Classifier(BUNDLED, devise="CPU")

    def test_of_a_name_that_is_no_utf8_are_a_type_error(self):
        # A name with a lone surrogate was a bad cast, RuntimeError.
        for call in (loaded().classify, loaded().logits, loaded().explain, loaded().tokenize):
            with self.assertRaisesRegex(TypeError, r"unexpected keyword argument '\\ud800'"):
                call("a", **{"\ud800": 1})
        with self.assertRaisesRegex(TypeError, r"Classifier\(\) got an unexpected keyword argument '\\ud800'"):
            tastevin.Classifier(BUNDLED, **{"\ud800": 1})

    def test_may_be_booleans_of_numpy(self):
        # Its type was looked for as "numpy.bool", and nanobind calls it "bool".
        self.assertIsNotNone(loaded().classify("a", logits=numpy.True_).logits)
        self.assertIsNone(loaded().classify("a", logits=numpy.bool_(False)).logits)

    def test_of_a_wrong_value_are_a_value_error_that_names_them(self):
        wrong = {"top_k": (-1, 1.5, "1", None, True, 1 << 80), "threshold": ("x", float("nan"), True),
                 "truncation": ("middle", 1, None), "logits": (1, None), "max_length": (10**6,)}
        for name, values in wrong.items():
            for value in values:
                with self.subTest(name=name, value=value), self.assertRaisesRegex(ValueError, name.replace("_", "[-_]")):
                    loaded().classify("a", **{name: value})


    def test_of_loading_are_told_from_those_of_a_call(self):
        options = {"precision": "bf16", "top_k": 2, "threads": 3}

        self.assertEqual(take_loading(options), {"precision": "bf16", "threads": 3})
        self.assertEqual(options, {"top_k": 2})
        self.assertEqual({"model", *LOADING}, loaded().get_params().keys())
        with self.assertRaisesRegex(ValueError, "precision"):
            take_loading({"precision": "f8"})


class Life(unittest.TestCase):
    def test_a_closed_classifier_is_unavailable(self):
        with tastevin.Classifier(BUNDLED) as classifier:
            self.assertFalse(classifier.closed)
        self.assertTrue(classifier.closed)
        for call in (classifier.classify, classifier.logits, classifier.predict, classifier.tokenize, classifier.explain):
            with self.assertRaises(tastevin.UnavailableError):
                call(["a"])
        classifier.close()

    def test_many_threads_get_their_own_answers(self):
        cases = golden_cases()
        texts = [case["text"] for case in cases]
        wrong = []

        def work(first):
            for turn in range(5):
                order = texts[first + turn:] + texts[:first + turn]
                labels = [case["label"] for case in cases[first + turn:] + cases[:first + turn]]
                if [answer.label for answer in loaded().classify(order)] != labels:
                    wrong.append(first)

        loaded()
        threads = [threading.Thread(target=work, args=(first,)) for first in range(8)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        self.assertEqual(wrong, [])

    def test_closing_while_others_use_it_lets_them_end(self):
        classifier = tastevin.Classifier(BUNDLED)
        begun = threading.Event()
        answers = []

        def texts():
            for number in range(200):
                begun.set()
                yield f"text {number}"

        thread = threading.Thread(target=lambda: answers.extend(classifier.classify(texts())))
        thread.start()
        begun.wait()
        classifier.close()
        thread.join()
        self.assertEqual(len(answers), 200)

    def test_async_forms_answer_alike(self):
        async def all_of_them():
            return await asyncio.gather(loaded().classify_async("good"), loaded().logits_async(["good"]),
                                        loaded().predict_async(["good"]), loaded().predict_proba_async(["good"]))

        answer, logits, labels, scores = asyncio.run(all_of_them())

        self.assertEqual(answer.label, labels[0])
        self.assertEqual(int(logits.argmax()), int(scores.argmax()))

    def test_async_forms_take_texts_of_every_kind(self):
        texts = ["good", "bad", ""] * 1000
        column = pyarrow.chunked_array([texts[:7], texts[7:]])
        kinds = (texts, iter(texts), numpy.array(texts), pandas.Series(texts), column, column.combine_chunks(),
                 pyarrow.table({"text": column, "more": column}))

        async def all_of_them():
            return [await loaded().logits_async(kind) for kind in kinds]

        for found in asyncio.run(all_of_them()):
            numpy.testing.assert_array_equal(found, loaded().logits(texts))

    def test_a_cancelled_task_ends_its_work(self):
        # The thread went on to the last text.
        many = 300_000
        read = []
        begun = threading.Event()

        def texts():
            for number in range(many):
                read.append(number)
                begun.set()
                yield "good"

        async def cancel_when_begun(given):
            task = asyncio.create_task(loaded().classify_async(given))
            await asyncio.to_thread(begun.wait)
            task.cancel()
            with self.assertRaises(asyncio.CancelledError):
                await task

        asyncio.run(cancel_when_begun(texts()))  # waits for its threads
        self.assertLess(len(read), many)

        batches = pyarrow.RecordBatchReader.from_batches(
            pyarrow.schema({"text": pyarrow.string()}), (pyarrow.record_batch({"text": [text]}) for text in texts()))
        read.clear()
        begun.clear()
        asyncio.run(cancel_when_begun(batches))
        self.assertLess(len(read), many)


class Work(unittest.TestCase):
    def test_tokens_are_those_of_the_goldens(self):
        cases = golden_cases()

        tokens = loaded().tokenize([case["text"] for case in cases], max_length=512)

        for found, case in zip(tokens, cases):
            self.assertEqual(list(found.ids), case["ids"])
        self.assertEqual(loaded().tokenize("good").tokens, ["[CLS]", "good", "[SEP]"])
        self.assertEqual(loaded().tokenize("good", no_special=True).tokens, ["good"])

    def test_explanation_names_the_word(self):
        explanation = loaded().explain("the film is not good")

        self.assertEqual([effect.text for effect in explanation.effects], ["the", "film", "is", "not", "good"])
        self.assertIn("<html", explanation._repr_html_())

    def test_answers_are_pickled_and_copied(self):
        # A process of a pool could not hand them back.
        words = "not a good film at all " * 200
        for answer in (loaded().classify(words, long="window", top_k=0, logits=True), loaded(MULTI_LABEL).classify("good"),
                       loaded().tokenize("a good film"), loaded().explain("not good")):
            for again in (pickle.loads(pickle.dumps(answer)), copy.deepcopy(answer)):
                with self.subTest(answer=type(answer).__name__):
                    self.assertEqual(self.fields_of(again), self.fields_of(answer))

    @classmethod
    def fields_of(cls, value):
        """Down to what Python compares by itself."""
        if isinstance(value, (list, numpy.ndarray)):
            return [cls.fields_of(one) for one in value]
        if not type(value).__module__.startswith("tastevin"):
            return value
        return {name: cls.fields_of(getattr(value, name)) for name in dir(value) if not name.startswith("_")}

    def test_evaluation_is_that_of_the_command(self):
        texts = ["a great film", "an awful film", "wonderful", "terrible"]
        labels = ["POSITIVE", "NEGATIVE", 1, 1]

        found = loaded().evaluate(texts, labels, bootstrap=0)

        self.assertEqual(found["texts"], 4)
        self.assertEqual(found["accuracy"]["value"], 0.75)
        for wrong in (["POSITIVE"] * 3, ["POSITIVE", "NEGATIVE", 2, 1], ["?"] * 4, "POSITIVE", 1):
            with self.subTest(labels=wrong), self.assertRaisesRegex(ValueError, "labels"):
                loaded().evaluate(texts, wrong)

    def test_labels_of_arrow_are_those_of_a_list(self):
        # Whoever goes through an array of Arrow finds its scalars, which are neither text nor number.
        texts = ["a great film", "an awful film", "wonderful"]
        labels = pyarrow.array(["POSITIVE", "NEGATIVE", "NEGATIVE"])
        ids = pyarrow.array([1, 0, 0])

        for form in (labels, labels.dictionary_encode(), labels.cast(pyarrow.large_string()), ids,
                     pyarrow.chunked_array([ids[:1], ids[1:]])):
            with self.subTest(form=form.type):
                self.assertAlmostEqual(loaded().evaluate(texts, form, bootstrap=0)["accuracy"]["value"], 2 / 3)
        with self.assertRaisesRegex(ValueError, r"labels\[1\].*None"):
            loaded().evaluate(texts, pyarrow.array(["POSITIVE", None, "NEGATIVE"]))

    def test_sets_of_labels_of_arrow_are_those_of_a_list(self):
        # As above.
        several = loaded(MULTI_LABEL)
        sets = [[several.labels[0]], [], several.labels[:2]]
        texts = ["good", "bad", "fine"]

        found = several.evaluate(texts, pyarrow.array(sets), bootstrap=0)

        self.assertEqual(found["accuracy"], several.evaluate(texts, sets, bootstrap=0)["accuracy"])
        self.assertEqual(found["labels"], several.evaluate(texts, sets, bootstrap=0)["labels"])

    def test_the_label_to_explain_may_be_an_id(self):
        # Text alone was taken, where an id is a label's name everywhere else.
        for label in (0, numpy.int64(0), "0", "NEGATIVE"):
            with self.subTest(label=repr(label)):
                self.assertEqual(loaded().explain("a good film", label=label).label, "NEGATIVE")
        for label in (2, -1, True, 1.5, None, "?"):
            with self.subTest(label=repr(label)), self.assertRaisesRegex(ValueError, "label"):
                loaded().explain("a good film", label=label)

    def test_zero_shot_needs_a_model_of_inference(self):
        with self.assertRaises(NotImplementedError):
            tastevin.zero_shot(loaded(), "a text", ["one", "two"])
        with self.assertRaisesRegex(TypeError, r"zero_shot\(\) got an unexpected keyword argument 'templates'"):
            tastevin.zero_shot(loaded(), "a text", ["one"], templates="{}")

    def test_model_is_described(self):
        info = loaded().info

        self.assertEqual((info.family, info.task, info.labels), ("distilbert", "single_label", ["NEGATIVE", "POSITIVE"]))
        self.assertEqual(tastevin.inspect(BUNDLED).labels, info.labels)
        self.assertIn("CPU", [device.name for device in tastevin.devices()])


if __name__ == "__main__":
    unittest.main()
