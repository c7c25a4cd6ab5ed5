"""Classifier as an estimator of scikit-learn, and in the hands of its neighbours cleanlab and SHAP."""

import copy
import pathlib
import pickle
import shutil
import tempfile
import unittest
import warnings

import cleanlab
import cleanlab.classification
import numpy
import shap
import sklearn.base
import tastevin
from models import BUNDLED, LOGIT_TOLERANCE, MULTI_LABEL, REGRESSION, THREE, golden_cases, loaded
from sklearn.calibration import CalibratedClassifierCV
from sklearn.ensemble import StackingClassifier, VotingClassifier
from sklearn.frozen import FrozenEstimator
from sklearn.metrics import accuracy_score, r2_score
from sklearn.model_selection import cross_val_predict, cross_val_score
from sklearn.utils import get_tags


def labelled():
    """Texts of the goldens, with the model's own labels but for every fifth."""
    cases = golden_cases()
    texts = [case["text"] for case in cases]
    labels = numpy.array([case["label"] for case in cases], dtype=object)
    labels[::5] = "NEGATIVE"
    return texts, labels


class Estimator(unittest.TestCase):
    def test_fit_checks_the_labels_and_returns_the_classifier(self):
        self.assertIs(loaded().fit(["a", "b"], ["POSITIVE", "NEGATIVE"]), loaded())
        self.assertIs(loaded().fit(), loaded())
        with self.assertRaisesRegex(ValueError, "WEIRD"):
            loaded().fit(["a"], ["WEIRD"])

    def test_fit_on_ids_answers_in_ids(self):
        # Labels that an encoder had numbered were refused: cleanlab and the ensembles of scikit-learn give no others.
        classifier = sklearn.base.clone(loaded())
        texts, names = labelled()
        ids = numpy.array([classifier.labels.index(name) for name in names])

        self.assertEqual(classifier.fit(texts, ids).classes_.tolist(), [0, 1])
        self.assertEqual([classifier.labels[place] for place in classifier.predict(texts)], loaded().predict(texts).tolist())
        self.assertEqual(classifier.score(texts, ids), loaded().score(texts, names))
        self.assertEqual(classifier.fit(texts, names, sample_weight=None).classes_.tolist(), ["NEGATIVE", "POSITIVE"])

    def test_an_answer_that_is_rejected_is_wrong_and_has_the_id_minus_one(self):
        # Its label, which is none of the model's, was taken for a label of the caller's, and refused.
        with tempfile.TemporaryDirectory() as folder:
            model = shutil.copytree(BUNDLED, pathlib.Path(folder) / "model")
            (model / "calibration.json").write_text('{"temperature": 1, "reject_below": 0.9, "other": "UNSURE"}')
            classifier = tastevin.Classifier(model)
            texts, names = ["a wonderful film", "a table"], ["POSITIVE", "NEGATIVE"]
            self.assertEqual(classifier.predict(texts).tolist(), ["POSITIVE", "UNSURE"])

            self.assertEqual(classifier.score(texts, names), 0.5)
            classifier.fit(texts, [1, 0])
            self.assertEqual(classifier.predict(texts).tolist(), [1, -1])
            self.assertEqual(classifier.score(texts, [1, 0]), 0.5)

    def test_fit_refuses_what_is_no_label(self):
        for labels in ([2, 0], [-1, 0], [0.5, 1], [True, False], [None, 1], ["POSITIVE", 0]):
            with self.subTest(labels=labels), self.assertRaisesRegex(ValueError, "labels: "):
                sklearn.base.clone(loaded()).fit(["a", "b"], labels)

    def test_fit_warns_of_ids_that_an_encoder_may_have_made(self):
        three = sklearn.base.clone(loaded(THREE))
        self.assertEqual(three.labels, sorted(three.labels))

        with self.assertWarnsRegex(UserWarning, "encoder"):
            three.fit(["a", "b"], [0, 1])  # of two names alone
        with warnings.catch_warnings():
            warnings.simplefilter("error")
            three.fit(["a", "b", "c"], [0, 1, 2])
            three.fit(["a", "b"], [0, 2])

    def test_parameters_are_those_of_loading(self):
        parameters = loaded().get_params()

        self.assertEqual(parameters["model"], BUNDLED)
        self.assertEqual((parameters["precision"], parameters["mode"], parameters["threads"]), ("f32", "throughput", 0))

    def test_set_params_loads_anew(self):
        classifier = tastevin.Classifier(BUNDLED)

        self.assertIs(classifier.set_params(mode="latency", threads=1), classifier)

        self.assertEqual((classifier.threads, classifier.get_params()["mode"]), (1, "latency"))
        self.assertEqual(classifier.classify("good").label, "POSITIVE")
        with self.assertRaises(TypeError):
            classifier.set_params(unknown=1)
        self.assertEqual(classifier.set_params(model=MULTI_LABEL).info.task, "multi_label")

    def test_clone_is_a_classifier_of_the_same_model(self):
        copy = sklearn.base.clone(loaded())

        self.assertIsNot(copy, loaded())
        self.assertEqual(copy.get_params(), loaded().get_params())

    def test_a_pickle_and_a_copy_load_the_same_model(self):
        classifier = tastevin.Classifier(BUNDLED, threads=1, mode="latency").fit(["a", "b"], [0, 1])
        for other in (pickle.loads(pickle.dumps(classifier)), copy.deepcopy(classifier)):
            self.assertEqual(other.get_params(), classifier.get_params())
            self.assertEqual((other.threads, other.classes_.tolist()), (1, [0, 1]))
            self.assertEqual(other.predict(["good"]).tolist(), classifier.predict(["good"]).tolist())

    def test_a_closed_classifier_is_not_pickled(self):
        classifier = tastevin.Classifier(BUNDLED)
        classifier.close()

        with self.assertRaisesRegex(tastevin.UnavailableError, "closed"):
            pickle.dumps(classifier)

    def test_scikit_learn_takes_it_for_a_classifier(self):
        self.assertTrue(sklearn.base.is_classifier(loaded()))
        self.assertTrue(get_tags(loaded()).input_tags.string)
        self.assertTrue(get_tags(loaded(MULTI_LABEL)).classifier_tags.multi_label)

    def test_scores_by_cross_validation(self):
        texts, labels = labelled()

        scores = cross_val_score(loaded(), numpy.array(texts, dtype=object), labels, cv=2, scoring="accuracy")

        self.assertAlmostEqual(scores.mean(), accuracy_score(labels, loaded().predict(texts)), delta=0.1)
        self.assertAlmostEqual(loaded().score(texts, labels), accuracy_score(labels, loaded().predict(texts)))

    def test_one_text_may_be_bytes(self):
        self.assertEqual(loaded().predict(b"good").tolist(), loaded().predict("good").tolist())

    def test_the_score_of_several_labels_is_that_of_whole_sets(self):
        several = loaded(MULTI_LABEL)
        texts = labelled()[0][:20]
        truth = several.predict(texts)
        truth[::4, 0] = 1 - truth[::4, 0]

        self.assertEqual(several.score(texts, truth), accuracy_score(truth, several.predict(texts)))

    def test_the_score_of_a_regression_is_r2(self):
        regression = loaded(REGRESSION)
        texts = labelled()[0][:20]
        truth = regression.predict(texts) + numpy.arange(20) / 10

        self.assertFalse(sklearn.base.is_classifier(regression))
        self.assertAlmostEqual(regression.score(texts, truth), r2_score(truth, regression.predict(texts)), places=5)

    def test_a_score_needs_a_label_for_each_text(self):
        with self.assertRaisesRegex(ValueError, r"expected the shape \(3,\), found \(1,\)"):
            loaded().score(["a", "b", "c"], ["POSITIVE"])

    def test_a_score_takes_ids_and_refuses_what_is_no_label(self):
        # Ids were compared with names, which gave 0.0.
        texts, names = labelled()
        ids = [loaded().labels.index(name) for name in names]

        self.assertEqual(loaded().score(texts, ids), loaded().score(texts, names))
        self.assertEqual(loaded().score(texts, ids), loaded().evaluate(texts, ids)["accuracy"]["value"])
        with self.assertRaisesRegex(ValueError, "WEIRD"):
            loaded().score(["a"], ["WEIRD"])
        with self.assertRaisesRegex(ValueError, "below 2"):
            loaded().score(["a"], [2])
        with self.assertRaisesRegex(ValueError, "expected 1 for each label"):
            several = loaded(MULTI_LABEL)
            several.score(["a"], [several.labels])

    def test_a_score_weighs_its_texts(self):
        texts, names = labelled()
        weights = numpy.arange(len(texts))
        found = loaded().predict(texts)

        self.assertAlmostEqual(loaded().score(texts, names, sample_weight=weights),
                               accuracy_score(names, found, sample_weight=weights))
        regression = loaded(REGRESSION)
        truth = regression.predict(texts) + weights / 10
        self.assertAlmostEqual(regression.score(texts, truth, weights),
                               r2_score(truth, regression.predict(texts), sample_weight=weights), places=5)

    def test_cross_validation_predicts_probabilities(self):
        texts, names = labelled()

        found = cross_val_predict(loaded(), numpy.array(texts, dtype=object), names, cv=2, method="predict_proba")

        numpy.testing.assert_allclose(found, loaded().predict_proba(texts), atol=LOGIT_TOLERANCE)

    def test_ensembles_take_it(self):
        texts, names = labelled()
        for kind in (VotingClassifier, StackingClassifier):
            with self.subTest(kind=kind.__name__):
                ensemble = kind([("one", loaded()), ("other", loaded())]).fit(numpy.array(texts, dtype=object), names)

                found = ensemble.predict(numpy.array(texts, dtype=object))

                self.assertGreater(accuracy_score(loaded().predict(texts), found), 0.9)

    def test_calibration_of_the_frozen_classifier(self):
        texts, labels = labelled()

        calibrated = CalibratedClassifierCV(FrozenEstimator(loaded())).fit(texts, labels)

        self.assertEqual(list(calibrated.classes_), ["NEGATIVE", "POSITIVE"])
        numpy.testing.assert_allclose(calibrated.predict_proba(texts).sum(axis=1), 1)


class Neighbours(unittest.TestCase):
    def test_cleanlab_finds_a_wrong_label(self):
        texts = ["a great film", "a bad film", "wonderful", "horrible", "an excellent day", "an awful day"]
        labels = numpy.array([1, 0, 1, 0, 1, 1])

        issues = cleanlab.filter.find_label_issues(labels, loaded().predict_proba(texts), return_indices_ranked_by="self_confidence")

        self.assertEqual(issues.tolist(), [5])

    def test_cleanlab_learns_with_it(self):
        texts = ["a great film", "a bad film", "wonderful", "horrible", "an excellent day", "an awful day"] * 5
        labels = numpy.array([1, 0, 1, 0, 1, 0] * 5)
        labels[5] = 1

        learning = cleanlab.classification.CleanLearning(sklearn.base.clone(loaded()), cv_n_folds=2)
        issues = learning.fit(numpy.array(texts, dtype=object), labels).get_label_issues()

        self.assertEqual(numpy.flatnonzero(issues["is_label_issue"]).tolist(), [5])

    def test_shap_explains_a_text(self):
        explainer = shap.Explainer(loaded().predict_proba, shap.maskers.Text(r"\W+"), output_names=list(loaded().classes_))

        explanation = explainer(["a wonderful film"], silent=True)

        word = [part.strip() for part in explanation.data[0]].index("wonderful")
        self.assertEqual(int(numpy.argmax(explanation.values[0][:, 1])), word)


if __name__ == "__main__":
    unittest.main()
