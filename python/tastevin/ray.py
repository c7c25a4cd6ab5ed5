"""Labels for a dataset of Ray: `Classify` is a class for `Dataset.map_batches`.

    dataset.map_batches(tastevin.ray.Classify, fn_constructor_args=("text", "models/sst2-tiny"),
                        batch_format="pyarrow", batch_size=4096, compute=ray.data.ActorPoolStrategy(size=2),
                        num_cpus=1)

Needs the extra `ray` (`pip install '.[ray]'`).
"""

from __future__ import annotations

import os
from typing import Any

from tastevin._arrow_rows import with_labels
from tastevin._classifier import Classifier, take_loading


class Classify:
    """One loaded model an actor. `model` is a path that every node has, or a Hub id; `options` are those of `Classifier`
    (`fn_constructor_kwargs={"precision": "bf16"}`) and of `Classifier.classify`. `threads` are the CPUs that the actor has by
    Ray unless given. ValueError for a batch without the column, or with one that is called `label` or `score`."""

    def __init__(self, column: str, model: str | os.PathLike[str], threads: int | None = None, **options: Any) -> None:
        loading = take_loading(options)
        self._column = column
        self._options = options
        self._classifier = Classifier(model, threads=_cpus_of_actor() if threads is None else threads, **loading)

    def __call__(self, batch: Any) -> Any:
        return with_labels(self._classifier, batch, self._column, self._options)


def _cpus_of_actor() -> int:
    import ray

    cpus = ray.get_runtime_context().get_assigned_resources().get("CPU", 1)
    return max(1, int(cpus))
