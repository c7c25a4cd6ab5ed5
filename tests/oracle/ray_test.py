"""tastevin.ray on a real cluster of Ray: rows as the command labels them, also when an actor is killed.

    make oracle-test
"""

import unittest
from pathlib import Path

from rows import MODEL, TEXTS, RowsTest, die_once  # isort: skip: sets the path of what follows

import ray
import ray.data
import tastevin.ray


class DyingClassify(tastevin.ray.Classify):
    def __init__(self, marker, *arguments):
        super().__init__(*arguments)
        self._marker = marker
        self._calls = 0

    def __call__(self, batch):
        self._calls += 1
        if self._calls == 2:
            die_once(self._marker)
        return super().__call__(batch)


class Ray(RowsTest):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        ray.init(num_cpus=2, include_dashboard=False, logging_level="ERROR", log_to_driver=False)
        cls.addClassCleanup(ray.shutdown)
        ray.data.DataContext.get_current().enable_progress_bars = False

    def answers(self, kind, *arguments, **options):
        dataset = ray.data.from_items([{"id": place, "text": text} for place, text in enumerate(TEXTS)])
        labelled = dataset.map_batches(kind, fn_constructor_args=arguments, fn_constructor_kwargs=options,
                                       batch_format="pyarrow", batch_size=500, compute=ray.data.ActorPoolStrategy(size=1), num_cpus=1)
        rows = sorted(labelled.take_all(), key=lambda row: row["id"])
        self.assertEqual([row["text"] for row in rows], TEXTS)
        return [(row["label"], row["score"]) for row in rows]

    def test_rows_get_the_labels_that_the_command_gives(self):
        self.check(self.answers(tastevin.ray.Classify, "text", str(MODEL)))

    def test_options_of_loading_reach_the_actor(self):
        # They were given to Classifier.classify, which refuses them.
        self.check(self.answers(tastevin.ray.Classify, "text", str(MODEL), mode="latency", top_k=1))
        with self.assertRaisesRegex(Exception, "precision: expected"):
            self.answers(tastevin.ray.Classify, "text", str(MODEL), precision="f8")

    def test_an_actor_that_is_killed_costs_no_row(self):
        marker = str(self.folder / "died")

        self.check(self.answers(DyingClassify, marker, "text", str(MODEL)))
        self.assertTrue(Path(marker).exists())


if __name__ == "__main__":
    unittest.main()
