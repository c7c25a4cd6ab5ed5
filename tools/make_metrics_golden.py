#!/usr/bin/env python3
"""Writes tests/golden/metrics.json: what scikit-learn and SciPy say of made-up answers. Run in .oracle (`make goldens`)."""
import json
import pathlib

import numpy
import scipy.stats
import sklearn
from sklearn import metrics

root = pathlib.Path(__file__).resolve().parent.parent
dice = numpy.random.default_rng(0)


def case(texts, labels, absent=None, ties=False):
    """Scores that know the truth a little; `absent` is a label that no text has."""
    truth = dice.integers(0, labels, texts)
    if absent is not None:
        truth[truth == absent] = 0
    logits = dice.normal(size=(texts, labels)) + 1.2 * numpy.eye(labels)[truth]
    if ties:
        logits = numpy.round(logits)
    scores = numpy.exp(logits) / numpy.exp(logits).sum(axis=1, keepdims=True)
    answers = scores.argmax(axis=1)
    found = {"texts": texts, "labels": labels, "truth": truth.tolist(), "scores": scores.ravel().tolist()}
    found["accuracy"] = metrics.accuracy_score(truth, answers)
    found["balanced_accuracy"] = metrics.balanced_accuracy_score(truth, answers)
    found["matthews"] = metrics.matthews_corrcoef(truth, answers)
    for average in ("macro", "micro", "weighted"):
        figures = metrics.precision_recall_fscore_support(truth, answers, average=average, zero_division=0)
        found[average] = [float(figure) for figure in figures[:3]]
    found["confusion"] = metrics.confusion_matrix(truth, answers, labels=range(labels)).tolist()
    found["log_loss"] = metrics.log_loss(truth, scores, labels=range(labels))
    found["brier"] = metrics.brier_score_loss(truth, scores, labels=list(range(labels))) if labels > 2 else (
        metrics.brier_score_loss(truth, scores[:, 1]))
    positives = [(truth == k) for k in range(labels)]
    both = [k for k in range(labels) if 0 < positives[k].sum() < texts]
    found["roc_auc"] = {str(k): metrics.roc_auc_score(positives[k], scores[:, k]) for k in both}
    found["average_precision"] = {str(k): metrics.average_precision_score(positives[k], scores[:, k]) for k in both}
    return found


def multi_label(texts, labels, absent=None):
    """Sets of labels; `absent` is a label that is in none and answered by none."""
    truth = dice.random((texts, labels)) < 0.3
    scores = 1 / (1 + numpy.exp(-dice.normal(size=(texts, labels)) - 2 * truth + 1))
    if absent is not None:
        truth[:, absent] = False
        scores[:, absent] = 0.1
    answers = scores >= 0.5
    found = {"texts": texts, "labels": labels, "truth": truth.tolist(), "scores": scores.ravel().tolist()}
    found["accuracy"] = metrics.accuracy_score(truth, answers)
    found["hamming_loss"] = metrics.hamming_loss(truth, answers)
    for average in ("macro", "micro", "weighted"):
        figures = metrics.precision_recall_fscore_support(truth, answers, average=average, zero_division=0)
        found[average] = [float(figure) for figure in figures[:3]]
    return found


def regression(texts):
    truth = dice.normal(size=texts)
    answers = numpy.round(truth + dice.normal(size=texts), 1)
    return {
        "truth": truth.tolist(),
        "answers": answers.tolist(),
        "pearson": scipy.stats.pearsonr(truth, answers).statistic,
        "spearman": scipy.stats.spearmanr(truth, answers).statistic,
        "mean_squared_error": metrics.mean_squared_error(truth, answers),
    }


golden = {
    "command": "make goldens",
    "versions": {"scikit-learn": sklearn.__version__, "scipy": scipy.__version__, "numpy": numpy.__version__},
    "cases": [case(200, 2), case(150, 5), case(60, 4, absent=2), case(80, 3, ties=True), case(7, 2, ties=True)],
    "regression": regression(100),
    "multi_label": [multi_label(120, 4), multi_label(50, 3, absent=1)],
    "mcnemar": [[a, b, scipy.stats.binomtest(min(a, b), a + b).pvalue] for a, b in ((3, 9), (50, 50), (1, 0), (900, 1000))],
}
(root / "tests/golden/metrics.json").write_text(json.dumps(golden) + "\n", encoding="utf-8")
