"""The pipeline "text-classification", also called "sentiment-analysis"."""

from __future__ import annotations

import enum
import json
import warnings
from typing import Any

import numpy

from tastevin import _stream
from tastevin._classifier import Classifier
from tastevin._tokenizer_keywords import TokenizerKeywords


class ClassificationFunction(enum.Enum):
    SIGMOID = "sigmoid"
    SOFTMAX = "softmax"
    NONE = "none"


class Pipeline:
    """What both pipelines share: a list gives a list, a stream a stream, anything else one answer."""

    def __init__(self, classifier: Classifier, task: str | None, batch_size: int | None = None,
                 num_workers: int | None = None, **parameters: Any) -> None:
        self.model = classifier
        self.task = task
        self._batch_size = checked_batch_size(batch_size)
        self._num_workers = num_workers
        self._parameters = self._merged({}, parameters)
        self._keywords = TokenizerKeywords(classifier.info.folder, classifier.info.positions)

    @property
    def device(self) -> str:
        return self.model.device

    def predict(self, inputs: Any) -> Any:
        return self(inputs)

    def transform(self, inputs: Any) -> Any:
        return self(inputs)

    def _run(self, inputs: Any, batch_size: int | None = None, num_workers: int | None = None, **parameters: Any) -> Any:
        """`batch_size` is that of a stream; a list is one batch, whose texts are packed without padding. `num_workers`
        has no effect: the model has threads of its own."""
        given = self._merged(self._parameters, parameters)
        size = checked_batch_size(batch_size) or self._batch_size
        is_stream = _stream.is_stream(inputs)
        num_workers = self._num_workers if num_workers is None else num_workers
        if isinstance(num_workers, int) and num_workers < 0 and (is_stream or isinstance(inputs, list)):
            raise ValueError(f"num_workers: expected a number from 0 on, found {num_workers}")
        if isinstance(inputs, list):
            return self._answers(inputs, given) if inputs else []
        if is_stream:
            return _stream.Answers(inputs, lambda block: self._answers(block, given), size)
        return self._answers([inputs], given)[0]

    def _merged(self, base: dict[str, Any], parameters: dict[str, Any]) -> dict[str, Any]:
        raise NotImplementedError

    def _answers(self, items: list[Any], given: dict[str, Any]) -> list[Any]:
        raise NotImplementedError


class TextClassificationPipeline(Pipeline):
    def __init__(self, classifier: Classifier, *args: Any, **parameters: Any) -> None:
        config = json.loads((classifier.info.folder / "config.json").read_text(encoding="utf-8"))
        self._return_all_scores = config.get("return_all_scores")  # unless a call says otherwise
        super().__init__(classifier, *args, **parameters)

    def __call__(self, inputs: Any, **parameters: Any) -> Any:
        """Labels and scores of a str, a dict with "text" and "text_pair", a list of them, or a stream (a generator, an
        iterator, a torch dataset), which gives a stream.

        `top_k` (None: all labels), `function_to_apply`, `return_all_scores`, `batch_size`, and the tokenizer's
        `truncation`, `max_length`, `padding` and `text_pair` (one str, the second text of each). ValueError for what is no
        text, and for one over the model's limit where nothing is truncated."""
        answers = self._run(inputs, **parameters)
        return [answers] if isinstance(inputs, str) and "top_k" not in parameters else answers

    def _merged(self, base: dict[str, Any], parameters: dict[str, Any]) -> dict[str, Any]:
        tokenizer = dict(parameters)
        return_all_scores = tokenizer.pop("return_all_scores", None)
        if return_all_scores is None:
            return_all_scores = self._return_all_scores
        merged = dict(base) | chosen_labels(tokenizer.pop("top_k", ""), return_all_scores)
        function = tokenizer.pop("function_to_apply", None)
        if function is not None:
            merged["function"] = function_of(function)
        if "text_pair" in tokenizer:
            merged["text_pair"] = tokenizer.pop("text_pair")
        merged["tokenizer"] = base.get("tokenizer", {}) | tokenizer
        return merged

    def _answers(self, items: list[Any], given: dict[str, Any]) -> list[Any]:
        options = self._keywords.options(given["tokenizer"])
        texts = items if all(type(item) is str for item in items) else [text_of(item) for item in items]
        if given.get("text_pair") not in (None, ""):
            texts = [_paired(text, given["text_pair"]) for text in texts]
        scores = scores_of(self.model.logits(texts, **options), given.get("function") or self._own_function())
        top_k, legacy = given.get("top_k", 1), given.get("legacy", True)
        if legacy and top_k == 1:
            return best_labels(scores, self.model.labels)
        return [_cut(labels, top_k, legacy) for labels in all_labels(scores, self.model.labels)]

    def _own_function(self) -> ClassificationFunction:
        info = self.model.info
        if info.task == "regression":
            return ClassificationFunction.NONE
        several = info.task == "single_label" and len(info.labels) > 1
        return ClassificationFunction.SOFTMAX if several else ClassificationFunction.SIGMOID


def checked_batch_size(size: Any) -> int | None:
    if size is not None and (not isinstance(size, int) or size < 1):
        raise ValueError(f"batch_size: expected a positive number, found {size!r}")
    return size


def chosen_labels(top_k: Any, return_all_scores: Any) -> dict[str, Any]:
    """The rules of transformers: `top_k` makes every answer a sorted list, `return_all_scores` an unsorted one."""
    if top_k is None or isinstance(top_k, int):
        return {"top_k": top_k, "legacy": False}
    if return_all_scores is None:
        return {}
    warnings.warn("return_all_scores is deprecated: top_k=None gives all scores, top_k=1 the best", UserWarning, stacklevel=5)
    return {"top_k": None if return_all_scores else 1}


def function_of(given: Any) -> ClassificationFunction:
    name = str(getattr(given, "value", given)).upper()
    if name in ClassificationFunction.__members__:
        return ClassificationFunction[name]
    kind = KeyError if isinstance(given, str) else ValueError
    raise kind(f"function_to_apply: expected 'sigmoid', 'softmax' or 'none', found {given!r}")


def text_of(item: Any) -> Any:
    """A text, or a pair as a tuple."""
    if isinstance(item, str):
        return item
    if isinstance(item, dict):
        return _text_of_dict(item)
    is_pair = isinstance(item, list) and len(item) == 1 and isinstance(item[0], list) and len(item[0]) == 2
    if is_pair:
        return _pair(*item[0])
    raise ValueError(f"expected a str, or {{'text': ..., 'text_pair': ...}} for a pair, found {type(item).__name__}")


def _text_of_dict(item: dict[str, Any]) -> Any:
    if "text" not in item:
        raise ValueError(f"expected 'text', found {sorted(map(str, item))}")
    unknown = item.keys() - {"text", "text_pair"}
    if unknown:
        raise TypeError(f"expected 'text' and 'text_pair', found {sorted(map(str, unknown))}")
    return _pair(item.get("text"), item.get("text_pair"))


def _pair(text: Any, pair: Any) -> Any:
    for part in (text, pair):
        if not isinstance(part, str) and (part is text or part is not None):
            raise ValueError(f"expected a str as text and as text_pair, found {type(part).__name__}")
    return (text, pair) if pair else text  # an empty one is none, as in transformers


def _paired(text: Any, pair: Any) -> Any:
    if not isinstance(text, str) or not isinstance(pair, str):
        raise TypeError("text_pair: expected a str, and texts that have none of their own")
    return text, pair


def scores_of(logits: numpy.ndarray, function: ClassificationFunction) -> numpy.ndarray:
    """In float32, row by row."""
    if function is ClassificationFunction.NONE:
        return logits
    if function is ClassificationFunction.SIGMOID:
        with numpy.errstate(over="ignore"):
            return 1 / (1 + numpy.exp(-logits))
    return softmax(logits)


def softmax(logits: numpy.ndarray) -> numpy.ndarray:
    powers = numpy.exp(logits - logits.max(axis=-1, keepdims=True))
    return powers / powers.sum(axis=-1, keepdims=True)


def best_labels(scores: numpy.ndarray, labels: list[str]) -> list[dict[str, Any]]:
    best = zip(scores.argmax(axis=1).tolist(), scores.max(axis=1).tolist())
    return [{"label": labels[place], "score": score} for place, score in best]


def all_labels(scores: numpy.ndarray, labels: list[str]) -> list[list[dict[str, Any]]]:
    return [[{"label": label, "score": score} for label, score in zip(labels, row)] for row in scores.tolist()]


def _cut(labels: list[dict[str, Any]], top_k: int | None, legacy: bool) -> list[dict[str, Any]]:
    if legacy:
        return labels
    labels.sort(key=lambda label: label["score"], reverse=True)
    return labels[:top_k]
