"""tastevin.spark on a real cluster of two executors: rows as the command labels them, also when a worker is killed.

    make oracle-test
"""

import functools
import os
import shutil
import sys
import unittest
from pathlib import Path

from rows import MODEL, TEXTS, RowsTest, die_once  # isort: skip: sets the path of what follows

import tastevin.spark
from pyspark.sql import SparkSession

os.environ["PYSPARK_PYTHON"] = os.environ["PYSPARK_DRIVER_PYTHON"] = sys.executable


def dying(batches, marker):
    for number, batch in enumerate(batches):
        if number == 1:
            die_once(marker)
        yield batch


def threads_of_model(_rows, **loading):
    from pyspark import TaskContext

    return [(TaskContext.get().cpus(), tastevin.spark._loaded(str(MODEL), **loading).threads)]


class Spark(RowsTest):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.session = (SparkSession.builder.master("local-cluster[2,1,1024]").appName("tastevin")
                       .config("spark.executorEnv.PYTHONPATH", os.environ["PYTHONPATH"])
                       .config("spark.sql.execution.arrow.maxRecordsPerBatch", 500)
                       .config("spark.ui.enabled", "false").config("spark.log.level", "ERROR")
                       .config("spark.driver.bindAddress", "127.0.0.1").config("spark.driver.host", "127.0.0.1").getOrCreate())
        cls.addClassCleanup(cls.session.stop)

    def frame(self):
        return self.session.createDataFrame(list(enumerate(TEXTS)), "id int, text string").repartition(4)

    def answers(self, frame):
        rows = sorted(frame.collect(), key=lambda row: row.id)
        self.assertEqual([row.text for row in rows], TEXTS)
        return [(row.label, row.score) for row in rows]

    def test_rows_get_the_labels_that_the_command_gives(self):
        self.check(self.answers(tastevin.spark.classify(self.frame(), "text", MODEL)))

    def test_an_archive_that_was_sent_is_found(self):
        archive = shutil.make_archive(str(self.folder / "model"), "zip", MODEL)
        self.session.sparkContext.addArchive(f"{archive}#sent")

        self.check(self.answers(tastevin.spark.classify(self.frame(), "text", "sent")))

    def test_a_file_that_was_sent_is_unpacked(self):
        self.session.sparkContext.addFile(shutil.make_archive(str(self.folder / "file"), "zip", MODEL))

        self.check(self.answers(tastevin.spark.classify(self.frame(), "text", "file.zip")))

    def test_a_model_has_the_threads_of_its_task(self):
        found = self.frame().rdd.mapPartitions(threads_of_model).collect()

        self.assertEqual(set(found), {(1, 1)})  # spark.task.cpus

    def test_options_of_loading_reach_the_worker(self):
        # They were given to Classifier.classify, which refuses them: the row of bf16 in docs/scale.md was not to be had.
        found = self.frame().rdd.mapPartitions(functools.partial(threads_of_model, threads=2)).collect()
        self.assertEqual(set(found), {(1, 2)})

        self.check(self.answers(tastevin.spark.classify(self.frame(), "text", MODEL, mode="latency", threads=2)))
        self.session.udf.register("sentiment", tastevin.spark.udf(MODEL, mode="latency"))
        self.assertEqual(self.session.sql("select sentiment('a wonderful film') as label").first().label, "POSITIVE")

    def test_options_of_loading_are_checked_before_any_worker(self):
        for options in ({"precision": "f8"}, {"threads": -1}):
            for make in (lambda: tastevin.spark.classify(self.frame(), "text", "nowhere", **options),
                         lambda: tastevin.spark.udf("nowhere", **options)):
                with self.subTest(options=options), self.assertRaisesRegex(ValueError, next(iter(options))):
                    make()

    def test_a_worker_that_is_killed_costs_no_row(self):
        marker = str(self.folder / "died")
        frame = self.frame()
        frame = frame.mapInArrow(functools.partial(dying, marker=marker), frame.schema)

        self.check(self.answers(tastevin.spark.classify(frame, "text", MODEL)))
        self.assertTrue(Path(marker).exists())

    def test_the_function_of_sql_gives_labels(self):
        self.session.udf.register("sentiment", tastevin.spark.udf(MODEL))
        self.frame().createOrReplaceTempView("reviews")

        rows = self.session.sql("select id, sentiment(text) as label from reviews order by id").collect()

        self.assertEqual([row.label for row in rows], [label for label, _ in self.expected])

    def test_a_missing_text_has_no_label(self):
        frame = self.session.createDataFrame([(0, None), (1, "a wonderful film")], "id int, text string")

        rows = sorted(tastevin.spark.classify(frame, "text", MODEL).collect(), key=lambda row: row.id)

        self.assertEqual([row.label for row in rows], [None, "POSITIVE"])

    def test_a_column_that_is_not_there_is_named(self):
        with self.assertRaisesRegex(ValueError, "'review'"):
            tastevin.spark.classify(self.frame(), "review", MODEL)


if __name__ == "__main__":
    unittest.main()
