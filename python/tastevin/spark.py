"""Labels for a DataFrame of Spark, computed where its partitions are.

    labelled = tastevin.spark.classify(frame, "text", "models/sst2-tiny")
    spark.udf.register("sentiment", tastevin.spark.udf("models/sst2-tiny"))

Needs the extra `spark` (`pip install '.[spark]'`) on the driver, and `tastevin` on every executor. `model` is a path that
every executor has, a Hub id, or the name of what was sent: NAME of `SparkContext.addArchive("model.zip#NAME")`, "model.zip" of
`addFile("model.zip")` (a folder can be sent by `addFile` from a shared file system only: Spark's own rule). A Python worker
loads a model once and keeps it; it computes with as many threads as `spark.task.cpus` says unless `threads` is given.
"""

from __future__ import annotations

import contextlib
import functools
import os
import shutil
import tempfile
import zipfile
from typing import Any, Iterator

from tastevin._arrow_rows import LABEL, SCORE, check_columns, with_labels
from tastevin._classifier import Classifier, take_loading


def classify(frame: Any, column: str, model: str | os.PathLike[str], **options: Any) -> Any:
    """`frame` with the columns `label` (string) and `score` (float) after its own, both null where the text is. `options`
    are those of `Classifier` (`precision="bf16"`) and of `Classifier.classify`. ValueError for a column that is not there, for one
    of those names that is, and for an option of `Classifier` with a value that it does not take."""
    from pyspark.sql.types import FloatType, StringType

    check_columns(frame.columns, column)
    schema = type(frame.schema)(list(frame.schema.fields)).add(LABEL, StringType()).add(SCORE, FloatType())
    label = functools.partial(_label, column=column, model=os.fspath(model), loading=take_loading(options), options=options)
    return frame.mapInArrow(label, schema)


def udf(model: str | os.PathLike[str], **options: Any) -> Any:
    """A pandas UDF from a column of texts to one of labels, for SQL. `options` as of `classify`."""
    import pandas
    from pyspark.sql.functions import pandas_udf

    name, loading = os.fspath(model), take_loading(options)

    def labels(texts: Iterator[pandas.Series]) -> Iterator[pandas.Series]:
        classifier = _loaded(name, **loading)
        for series in texts:
            present = series.notna()
            answers = iter(classifier.classify(list(series[present]), **options))
            yield pandas.Series([next(answers).label if valid else None for valid in present], dtype=object)

    labels.__annotations__ = {"texts": Iterator[pandas.Series], "return": Iterator[pandas.Series]}
    return pandas_udf(labels, "string")


def _label(batches: Iterator[Any], column: str, model: str, loading: dict[str, Any], options: dict[str, Any]) -> Iterator[Any]:
    classifier = _loaded(model, **loading)
    for batch in batches:
        yield with_labels(classifier, batch, column, options)


@functools.cache
def _loaded(model: str, **loading: Any) -> Classifier:
    """Once a Python worker, which Spark uses for one task after another."""
    return Classifier(_path_of(model), **{"threads": _cpus_of_task()} | loading)


def _path_of(model: str) -> str:
    from pyspark import SparkFiles

    if os.path.isabs(model):
        return model
    sent = SparkFiles.get(model)
    if os.path.isfile(sent) and zipfile.is_zipfile(sent):
        return _unpacked(sent)
    return sent if os.path.isdir(sent) else model


def _unpacked(archive: str) -> str:
    """The folder beside `archive` with what is in it, made by whichever worker comes first."""
    folder = archive + ".unpacked"
    if not os.path.isdir(folder):
        with tempfile.TemporaryDirectory(dir=os.path.dirname(archive)) as own:
            model = os.path.join(own, "model")
            shutil.unpack_archive(archive, model, "zip")
            with contextlib.suppress(OSError):  # another worker was first
                os.rename(model, folder)
    return folder


def _cpus_of_task() -> int:
    from pyspark import TaskContext

    context = TaskContext.get()
    return context.cpus() if context is not None else 1
