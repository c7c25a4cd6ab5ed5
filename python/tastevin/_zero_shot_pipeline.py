"""The pipeline "zero-shot-classification": any labels, judged by a model of natural language inference."""

from __future__ import annotations

import warnings
from typing import Any

import numpy

from tastevin._text_pipeline import Pipeline, softmax

_TEMPLATE = "This example is {}."


class ZeroShotClassificationPipeline(Pipeline):
    def __init__(self, *args: Any, **parameters: Any) -> None:
        super().__init__(*args, **parameters)
        if self.entailment_id == -1:
            warnings.warn(f"no label of {self.model.labels} begins with 'entail': the last one is taken", UserWarning,
                          stacklevel=3)

    @property
    def entailment_id(self) -> int:
        """-1 where no label is called so, as in transformers."""
        found = [place for place, label in enumerate(self.model.labels) if label.lower().startswith("entail")]
        return found[0] if found else -1

    def __call__(self, sequences: Any, *args: Any, **parameters: Any) -> Any:
        """`{"sequence", "labels", "scores"}` for a str, best label first; a list of them for a list.

        `candidate_labels` (a list, or one str with commas), `hypothesis_template`, `multi_label`. ValueError where there is
        no label, no text, or a template without {}. Other parameters have no effect, as in transformers."""
        if args:
            if len(args) > 1 or "candidate_labels" in parameters:
                raise ValueError(f"expected candidate_labels and named parameters, found {args!r}")
            parameters["candidate_labels"] = args[0]
        return self._run(sequences, **parameters)

    def _merged(self, base: dict[str, Any], parameters: dict[str, Any]) -> dict[str, Any]:
        merged = dict(base)
        if parameters.get("multi_class") is not None:
            warnings.warn("multi_class is deprecated: it is called multi_label", UserWarning, stacklevel=5)
            merged["multi_label"] = parameters["multi_class"]
        elif "multi_label" in parameters:
            merged["multi_label"] = parameters["multi_label"]
        if "candidate_labels" in parameters:
            merged["labels"] = _labels_of(parameters["candidate_labels"])
        if "hypothesis_template" in parameters:
            merged["template"] = parameters["hypothesis_template"]
        return merged

    def _answers(self, items: list[Any], given: dict[str, Any]) -> list[Any]:
        """All pairs of all texts run together."""
        labels = given.get("labels")
        hypotheses = _hypotheses(labels, given.get("template", _TEMPLATE))
        for item in items:
            _check_sequence(item)
        pairs = [(item, hypothesis) for item in items for hypothesis in hypotheses]
        logits = self.model.logits(pairs, pair_truncation="only_first").reshape(len(items), len(labels), -1)
        scores = self._scores(logits, given.get("multi_label", False))
        return [_answer(item, labels, row) for item, row in zip(items, scores)]

    def _scores(self, logits: numpy.ndarray, multi_label: bool) -> numpy.ndarray:
        entailment = self.entailment_id
        if not multi_label and logits.shape[1] > 1:
            return softmax(logits[..., entailment])
        contradiction = -1 if entailment == 0 else 0
        return softmax(logits[..., [contradiction, entailment]])[..., 1]


def _labels_of(labels: Any) -> Any:
    if isinstance(labels, str):
        return [label.strip() for label in labels.split(",") if label.strip()]
    return labels


def _hypotheses(labels: Any, template: str) -> list[str]:
    if len(labels) == 0:  # TypeError for None
        raise ValueError("candidate_labels: expected at least one label")
    if template.format(labels[0]) == template:
        raise ValueError(f"hypothesis_template: expected a place {{}} for the label, found {template!r}")
    return [template.format(label) for label in labels]


def _check_sequence(item: Any) -> None:
    if not isinstance(item, str):
        raise ValueError(f"expected a str to classify, found {type(item).__name__}")
    if not item:
        raise ValueError("expected a text to classify, found an empty one")


def _answer(sequence: str, labels: Any, scores: numpy.ndarray) -> dict[str, Any]:
    order = scores.argsort()[::-1]
    return {"sequence": sequence, "labels": [labels[place] for place in order], "scores": scores[order].tolist()}
