"""The class that users hold: the native one, as a scikit-learn estimator by duck type, with `async` forms."""

from __future__ import annotations

import asyncio
from typing import Any

import numpy

from tastevin import _native


class Classifier(_native.Classifier):
    __doc__ = _native.Classifier.__init__.__doc__

    def __enter__(self) -> Classifier:
        return self

    def __exit__(self, *raised: object) -> None:
        self.close()

    def __repr__(self) -> str:
        return f"{type(self).__name__}({self.model!r}{', closed' if self.closed else ''})"

    def __getstate__(self) -> object:
        raise TypeError("a Classifier holds a loaded model and cannot be pickled: load it where it is used")

    # As a scikit-learn estimator.

    @property
    def classes_(self) -> numpy.ndarray:
        """The labels, in the order of the columns of `predict_proba`."""
        return numpy.array(self.labels, dtype=object)

    def predict(self, texts: Any, **options: Any) -> numpy.ndarray:
        """The label of each text (object [texts]); of a model that gives several labels, whether each holds (int64
        [texts, labels]); of a regression, its value (float32 [texts]). `texts` and `options` as in `classify`."""
        task = self.info.task
        if task == "regression":
            return self.scores(texts, **options)[:, 0]
        predictions = self.classify(_several(texts), **options)
        if task == "single_label":
            return numpy.array([prediction.label for prediction in predictions], dtype=object)
        places = {label: place for place, label in enumerate(self.labels)}
        holds = numpy.zeros((len(predictions), len(places)), dtype=numpy.int64)
        for row, prediction in zip(holds, predictions):
            row[[places[label] for label in prediction.labels]] = 1
        return holds

    def predict_proba(self, texts: Any, **options: Any) -> numpy.ndarray:
        """The score of each label (float32 [texts, labels], in the order of `classes_`). NotImplementedError for a
        regression, which has none. `texts` and `options` as in `classify`."""
        if self.info.task == "regression":
            raise NotImplementedError("a regression has no probabilities: see predict")
        return self.scores(texts, **options)

    def fit(self, texts: Any = None, labels: Any = None) -> Classifier:
        """Nothing is learnt: the model is trained. ValueError for a label that it does not know, of a model that gives
        one label of many."""
        known = set(self.labels)
        judged = labels is not None and self.info.task == "single_label"
        unknown = set(numpy.asarray(labels, dtype=object).ravel()) - known if judged else set()
        if unknown:
            raise ValueError(f"labels: expected {sorted(known)}, found {sorted(map(str, unknown))}")
        return self

    def score(self, texts: Any, labels: Any) -> float:
        """As scikit-learn's estimators: the share of texts whose answer is right, all labels of it where a model gives
        several; R² of a regression. `labels` in the form that `predict` gives; ValueError for another shape."""
        found, truth = self.predict(texts), numpy.asarray(labels)
        if truth.shape != found.shape:
            raise ValueError(f"labels: expected the shape {found.shape}, found {truth.shape}")
        if self.info.task == "regression":
            return float(1 - numpy.sum((truth - found) ** 2) / numpy.sum((truth - numpy.mean(truth)) ** 2))
        return float(numpy.mean((found == truth).reshape(len(found), -1).all(axis=1)))

    def get_params(self, deep: bool = True) -> dict[str, Any]:
        """The model and how it was loaded."""
        return {"model": self.model, **self._options()}

    def set_params(self, **params: Any) -> Classifier:
        """Loads the model anew where a parameter changes."""
        wanted = {**self.get_params(), **params}
        if wanted != self.get_params():
            self._reload(wanted.pop("model"), **wanted)
        return self

    @property
    def _estimator_type(self) -> str:  # as scikit-learn before 1.6 asks
        return "regressor" if self.info.task == "regression" else "classifier"

    def __sklearn_is_fitted__(self) -> bool:
        return True

    def __sklearn_tags__(self) -> Any:
        from sklearn.utils import ClassifierTags, InputTags, RegressorTags, Tags, TargetTags

        task = self.info.task
        regression = task == "regression"
        return Tags(
            estimator_type=self._estimator_type,
            target_tags=TargetTags(required=False),
            classifier_tags=None if regression else ClassifierTags(multi_label=task == "multi_label"),
            regressor_tags=RegressorTags() if regression else None,
            input_tags=InputTags(one_d_array=True, two_d_array=False, string=True),
            requires_fit=False,
        )

    # The same without holding up an event loop; the work runs on a thread.

    async def classify_async(self, texts: Any, **options: Any) -> Any:
        """`classify`, awaited."""
        return await asyncio.to_thread(self.classify, texts, **options)

    async def logits_async(self, texts: Any, **options: Any) -> numpy.ndarray:
        """`logits`, awaited."""
        return await asyncio.to_thread(self.logits, texts, **options)

    async def predict_async(self, texts: Any, **options: Any) -> numpy.ndarray:
        """`predict`, awaited."""
        return await asyncio.to_thread(self.predict, texts, **options)

    async def predict_proba_async(self, texts: Any, **options: Any) -> numpy.ndarray:
        """`predict_proba`, awaited."""
        return await asyncio.to_thread(self.predict_proba, texts, **options)


def _several(texts: Any) -> Any:
    return [texts] if isinstance(texts, (str, bytes, dict)) else texts
