"""The class that users hold: the native one, as a scikit-learn estimator by duck type, with `async` forms."""

from __future__ import annotations

import asyncio
import numbers
import threading
import warnings
from typing import Any, Callable, Iterator

import numpy

from tastevin import _native

LOADING = ("device", "precision", "mode", "threads", "no_calibration", "warm_up", "no_mmap", "cache_dir")  # options of `Classifier`
_ROWS_AT_A_TIME = 1024  # of an Arrow table, between two looks at whether a task was cancelled


class Classifier(_native.Classifier):
    __doc__ = _native.Classifier.__init__.__doc__

    _answers_ids = False  # whether `fit` was given ids

    def __enter__(self) -> Classifier:
        return self

    def __exit__(self, *raised: object) -> None:
        self.close()

    def __repr__(self) -> str:
        return f"{type(self).__name__}({self.model!r}{', closed' if self.closed else ''})"

    def __reduce__(self) -> tuple[Any, ...]:
        """A copy, or what comes out of a pickle, loads the same model with the same options. UnavailableError for a closed
        one."""
        if self.closed:
            raise _native.UnavailableError("the classifier is closed")
        return _loaded, (type(self), self.model, self._options()), vars(self)

    # As a scikit-learn estimator.

    @property
    def classes_(self) -> numpy.ndarray:
        """The labels, in the order of the columns of `predict_proba`; their ids after `fit` on ids."""
        return numpy.arange(len(self.labels)) if self._answers_ids else numpy.array(self.labels, dtype=object)

    def predict(self, texts: Any, **options: Any) -> numpy.ndarray:
        """The label of each text (object [texts]; its id, int64, after `fit` on ids, -1 for an answer that a threshold
        rejects); of a model that gives several labels, whether each holds (int64 [texts, labels]); of a regression, its value
        (float32 [texts]). `texts` and `options` as in `classify`."""
        task = self.info.task
        if task == "regression":
            return self.scores(texts, **options)[:, 0]
        predictions = self.classify(_several(texts), **options)
        if task == "single_label":
            names = numpy.array([prediction.label for prediction in predictions], dtype=object)
            return _ids_of_answers(names, self.labels) if self._answers_ids else names
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

    def fit(self, texts: Any = None, labels: Any = None, sample_weight: Any = None) -> Classifier:
        """Nothing is learnt: the model is trained. `labels` of a model that gives one label of many are all names or all
        ids, and `predict` and `classes_` then speak of the same. ValueError for one that it does not know; a warning where ids
        may be those of an encoder, which numbers the names that it meets."""
        self._answers_ids = False
        if labels is not None and self.info.task == "single_label":
            ids = _ids_of(labels, self.labels)
            self._answers_ids = _are_ids(labels)
            if self._answers_ids:
                _warn_of_encoded(set(ids.tolist()), self.labels)
        return self

    def score(self, texts: Any, labels: Any, sample_weight: Any = None) -> float:
        """As scikit-learn's estimators: the share of texts whose answer is right, all labels of it where a model gives
        several; R² of a regression. An answer that a threshold rejects is wrong. `labels` are names or ids, or in the form
        that `predict` gives; ValueError for another shape, and for what is no label of the model."""
        found, truth = self.predict(texts), numpy.asarray(labels)
        if truth.shape != found.shape:
            raise ValueError(f"labels: expected the shape {found.shape}, found {truth.shape}")
        if len(found) == 0:
            raise ValueError("texts: expected at least one to judge, found none")
        if self.info.task == "regression":
            spread = (truth - numpy.average(truth, weights=sample_weight)) ** 2
            return float(1 - numpy.average((truth - found) ** 2, weights=sample_weight) /
                         numpy.average(spread, weights=sample_weight))
        if self.info.task == "single_label":
            found = found if self._answers_ids else _ids_of_answers(found, self.labels)
            truth = _ids_of(labels, self.labels)
        elif not numpy.isin(truth, (0, 1)).all():
            raise ValueError("labels: expected 1 for each label that holds and 0 for each that does not")
        return float(numpy.average((found == truth).reshape(len(found), -1).all(axis=1), weights=sample_weight))

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

    # The same without holding up an event loop; the work runs on a thread. When the task is cancelled, it ends after the
    # texts that it is at, a second's worth.

    async def classify_async(self, texts: Any, **options: Any) -> Any:
        """`classify`, awaited."""
        return await _awaited(self.classify, texts, options)

    async def logits_async(self, texts: Any, **options: Any) -> numpy.ndarray:
        """`logits`, awaited."""
        return await _awaited(self.logits, texts, options)

    async def predict_async(self, texts: Any, **options: Any) -> numpy.ndarray:
        """`predict`, awaited."""
        return await _awaited(self.predict, texts, options)

    async def predict_proba_async(self, texts: Any, **options: Any) -> numpy.ndarray:
        """`predict_proba`, awaited."""
        return await _awaited(self.predict_proba, texts, options)


def _loaded(kind: type[Classifier], model: Any, options: dict[str, Any]) -> Classifier:
    return kind(model, **options)


def take_loading(options: dict[str, Any]) -> dict[str, Any]:
    """Takes the options of `Classifier` out of `options`. ValueError for a value that it does not take; no model is loaded,
    and whether this machine has the device or the precision is not asked."""
    loading = {name: options.pop(name) for name in LOADING if name in options}
    try:
        _native.Classifier(_NoModel(), **loading)
    except _OptionsAreRead:
        pass
    return loading


class _OptionsAreRead(Exception):
    pass


class _NoModel:
    """Stands where a model's path is asked for, which happens when the options have been read."""

    def __fspath__(self) -> str:
        raise _OptionsAreRead


def _several(texts: Any) -> Any:
    return [texts] if _is_one(texts) else texts


def _is_one(texts: Any) -> bool:
    return isinstance(texts, (str, bytes, dict))


# Labels that a caller gives.


def _ids_of(labels: Any, names: list[str]) -> numpy.ndarray:
    """Of names or ids (int64 [labels]). ValueError for what is neither."""
    places = {name: place for place, name in enumerate(names)}
    given = _flat(labels)
    ids = [_id_of(label, places) for label in given]
    unknown = sorted({str(label) for label, place in zip(given, ids) if place is None})
    if unknown:
        raise ValueError(f"labels: expected {sorted(places)} or ids below {len(names)}, found {unknown[:10]}")
    return numpy.array(ids, dtype=numpy.int64)


def _ids_of_answers(answers: numpy.ndarray, names: list[str]) -> numpy.ndarray:
    """Of labels that the model gave (int64 [texts]); -1 where the best score was rejected."""
    places = {name: place for place, name in enumerate(names)}
    return numpy.array([places.get(answer, -1) for answer in answers], dtype=numpy.int64)


def _id_of(label: Any, places: dict[str, int]) -> int | None:
    if isinstance(label, str):
        return places.get(label)
    is_id = isinstance(label, numbers.Integral) and not isinstance(label, bool) and 0 <= label < len(places)
    return int(label) if is_id else None


def _are_ids(labels: Any) -> bool:
    """Of labels that are known. ValueError for names and ids together."""
    are_names = {isinstance(label, str) for label in _flat(labels)}
    if len(are_names) > 1:
        raise ValueError("labels: expected names or ids, found both")
    return are_names == {False}


def _flat(labels: Any) -> list[Any]:
    return numpy.asarray(labels, dtype=object).ravel().tolist()


def _warn_of_encoded(ids: set[int], names: list[str]) -> None:
    """An encoder numbers the names that it meets in their order from 0 on: the model's ids only where that has all names,
    in that order."""
    from_0_on = ids == set(range(len(ids)))
    if from_0_on and (len(ids) < len(names) or names != sorted(names)):
        warnings.warn(f"labels: taken for the model's ids, of which 0 is {names[0]!r}; an encoder, as in scikit-learn's "
                      "ensembles and cross_val_predict, may have numbered the names otherwise", UserWarning, stacklevel=3)


# Work that ends when nobody waits for it any more.


async def _awaited(work: Callable[..., Any], texts: Any, options: dict[str, Any]) -> Any:
    stop = threading.Event()
    try:
        return await asyncio.to_thread(lambda: work(_stoppable(texts, stop, options.get("column")), **options))
    finally:
        stop.set()


def _stoppable(texts: Any, stop: threading.Event, column: str | None) -> Any:
    """`texts`, which end in an error once `stop` is set."""
    if _is_one(texts) or isinstance(texts, type):
        return texts
    is_arrow = hasattr(texts, "__arrow_c_stream__") or hasattr(texts, "__arrow_c_array__")
    if is_arrow and not isinstance(getattr(texts, "dtype", None), numpy.dtype):
        return _stoppable_table(texts, stop, column)
    return _StoppableTexts(texts, stop) if hasattr(texts, "__iter__") else texts


class _StoppableTexts:
    def __init__(self, texts: Any, stop: threading.Event) -> None:
        self._texts = texts
        self._stop = stop

    def __iter__(self) -> Iterator[Any]:
        return _until(self._stop, self._texts)

    def __len__(self) -> int:
        return len(self._texts)


def _stoppable_table(texts: Any, stop: threading.Event, column: str | None) -> Any:
    """A reader of the batches, whose strings stay where they lie; a column is one of a table."""
    import pyarrow

    if type(texts).__module__.partition(".")[0] == "pandas" and hasattr(texts, "columns"):
        return texts  # its index is no column
    if isinstance(texts, pyarrow.Array):
        texts = pyarrow.chunked_array([texts])
    elif not hasattr(texts, "__arrow_c_stream__"):
        texts = pyarrow.chunked_array([pyarrow.array(texts)])
    reader = None
    if not isinstance(texts, pyarrow.ChunkedArray):
        try:
            reader = pyarrow.RecordBatchReader.from_stream(texts)
        except pyarrow.ArrowInvalid:  # no table
            texts = pyarrow.chunked_array(texts)
    if reader is None:
        if column is not None and not pyarrow.types.is_struct(texts.type):
            return texts  # and it is said that there are no columns
        reader = _table_of(texts).to_reader()
    parts = (batch.slice(begin, _ROWS_AT_A_TIME) for batch in reader for begin in range(0, len(batch), _ROWS_AT_A_TIME))
    return pyarrow.RecordBatchReader.from_batches(reader.schema, _until(stop, parts))


def _table_of(texts: Any) -> Any:
    import pyarrow

    if pyarrow.types.is_struct(texts.type):
        schema = pyarrow.schema(list(texts.type))
        return pyarrow.Table.from_batches([pyarrow.RecordBatch.from_struct_array(chunk) for chunk in texts.chunks], schema)
    return pyarrow.table({"texts": texts})


def _until(stop: threading.Event, items: Any) -> Iterator[Any]:
    for item in items:
        if stop.is_set():
            raise asyncio.CancelledError
        yield item
