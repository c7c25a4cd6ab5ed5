"""Labels as columns of Arrow, for those who bring texts in batches of it."""

from __future__ import annotations

from typing import Any

import pyarrow

from tastevin._classifier import Classifier

LABEL, SCORE = "label", "score"


def check_columns(names: list[str], column: str) -> None:
    """ValueError where `column` is not among `names`, or a column of ours is."""
    if column not in names:
        raise ValueError(f"column: expected one of {names}, found {column!r}")
    if names.count(column) > 1:
        raise ValueError(f"column: expected one of that name, found {column!r} {names.count(column)} times")
    for taken in (LABEL, SCORE):
        if taken in names:
            raise ValueError(f"there is a column {taken!r} already")


def with_labels(classifier: Classifier, batch: Any, column: str, options: dict[str, Any]) -> Any:
    """`batch` (a RecordBatch or a Table) with the columns `label` and `score` after its own; rows keep their order. A
    missing text has neither. ValueError as of `check_columns`."""
    check_columns(batch.schema.names, column)
    texts = batch.column(column)
    found = _answers(classifier, texts, options)
    labels = pyarrow.array([None if answer is None else answer.label for answer in found], pyarrow.string())
    scores = pyarrow.array([None if answer is None else answer.score for answer in found], pyarrow.float32())
    return batch.append_column(LABEL, labels).append_column(SCORE, scores)


def _answers(classifier: Classifier, texts: Any, options: dict[str, Any]) -> list[Any]:
    """None for a text that is missing."""
    if pyarrow.types.is_dictionary(texts.type):  # whose values may be null, which its count does not tell
        texts = texts.cast(texts.type.value_type)
    if texts.null_count == 0:
        return classifier.classify(texts, **options)  # which are read where they lie
    if pyarrow.types.is_string_view(texts.type):  # that Arrow cannot filter
        texts = texts.cast(pyarrow.large_string())
    present = texts.is_valid()
    answers = iter(classifier.classify(texts.filter(present), **options))
    return [next(answers) if valid else None for valid in present.to_pylist()]
