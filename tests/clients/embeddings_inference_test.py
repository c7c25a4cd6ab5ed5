"""The protocol of text-embeddings-inference for classifiers: forms of requests, statuses, bodies of errors, headers."""

import unittest

from served import SST2, TINY, ServedTest

TEXT = "a wonderful film"
TIMES = ["x-compute-time", "x-total-time", "x-tokenization-time", "x-queue-time", "x-inference-time"]


class Classifier(ServedTest):
    flags = ("--model", f"sst2={SST2}", "--max-inputs", "16", "--max-body-bytes", "100000")

    def refused(self, path, body, status, kind, headers=None):
        reply = self.server.post(path, body, headers)
        self.assertEqual((reply.status, reply.json().get("error_type")), (status, kind), reply.body)
        self.assertIsInstance(reply.json()["error"], str)
        return reply.json()["error"]

    def test_gives_a_text_all_its_labels_best_first(self):
        found = self.post_ok("/predict", {"inputs": TEXT})
        self.assertEqual([label["label"] for label in found], ["POSITIVE", "NEGATIVE"])
        self.assertAlmostEqual(sum(label["score"] for label in found), 1, places=5)

    def test_reads_its_forms_of_inputs(self):
        one = self.post_ok("/predict", {"inputs": TEXT})
        pair = self.post_ok("/predict", {"inputs": [TEXT, "and so it ends"]})
        self.assertEqual(self.post_ok("/predict", {"inputs": [TEXT]}), one)
        self.assertEqual(len(pair), 2)
        self.assertNotEqual(pair, one)
        batch = self.post_ok("/predict", {"inputs": [[TEXT], [TEXT, "and so it ends"]]})
        for found, expected in zip(batch, (one, pair), strict=True):
            self.assertAlmostEqual(found[0]["score"], expected[0]["score"], places=5)

    def test_takes_raw_scores(self):
        raw = self.post_ok("/predict", {"inputs": TEXT, "raw_scores": True})
        self.assertGreater(raw[0]["score"], 1)

    def test_cuts_where_it_is_told_to(self):
        text = "dreadful " + "word " * 600 + "wonderful"
        right = self.post_ok("/predict", {"inputs": text, "truncate": True})
        left = self.post_ok("/predict", {"inputs": text, "truncate": True, "truncation_direction": "left"})
        self.assertNotEqual(right, left)
        self.assertEqual(self.post_ok("/predict", {"inputs": text, "truncation_direction": "Left"}), left)
        self.assertIn("604", self.refused("/predict", {"inputs": text, "truncate": False}, 422, "Validation"))

    def test_takes_an_empty_text_and_no_empty_list(self):
        self.assertEqual(len(self.post_ok("/predict", {"inputs": ""})), 2)
        self.refused("/predict", {"inputs": []}, 400, "Empty")

    def test_refuses_with_its_statuses(self):
        self.refused("/predict", {"inputs": 3}, 422, "Validation")
        self.refused("/predict", {"inputs": [["a", "b", "c"]]}, 422, "Validation")
        self.refused("/predict", {}, 422, "Validation")
        self.refused("/predict", {"inputs": TEXT, "truncate": "yes"}, 422, "Validation")
        self.refused("/predict", [TEXT], 422, "Validation")
        self.refused("/rerank", {"query": TEXT, "texts": []}, 400, "Empty")
        self.refused("/rerank", {"query": TEXT, "texts": [TEXT]}, 424, "Backend")
        self.refused("/predict", {"inputs": [["a"]] * 17}, 422, "Validation")
        self.refused("/predict", "{", 400, "Validation")
        self.refused("/rerank", {"query": "a", "texts": ["b"]}, 424, "Backend")
        reply = self.server.post("/predict", {"inputs": "x" * 100_000})
        self.assertEqual((reply.status, set(reply.json())), (413, {"error", "error_type"}))

    def test_refuses_a_direction_that_there_is_not(self):
        self.refused("/predict", {"inputs": TEXT, "truncation_direction": "up"}, 422, "Validation")

    def test_tells_its_times_in_headers(self):
        headers = self.server.post("/predict", {"inputs": "ein schöner Film"}).headers
        self.assertEqual(headers["x-compute-characters"], "16")
        self.assertGreater(int(headers["x-compute-tokens"]), 4)
        self.assertEqual(headers["x-compute-type"], "cpu+optimized")
        for name in TIMES:
            self.assertGreaterEqual(int(headers[name]), 0, name)

    def test_describes_its_model(self):
        about = self.server.get("/info").json()
        self.assertEqual(about["model_type"]["classifier"], {"id2label": {"0": "NEGATIVE", "1": "POSITIVE"},
                                                             "label2id": {"NEGATIVE": 0, "POSITIVE": 1}})
        self.assertEqual((about["model_id"], about["max_input_length"]), ("sst2", 512))
        self.assertEqual((about["max_client_batch_size"], about["auto_truncate"]), (16, True))
        self.assertEqual(about["model_dtype"], "float32")
        for name in ("model_sha", "served_model_name", "max_concurrent_requests", "max_batch_tokens",
                     "max_batch_requests", "tokenization_workers", "version", "sha", "docker_label"):
            self.assertIn(name, about)

    def test_is_healthy(self):
        for path in ("/health", "/ping"):
            reply = self.server.get(path)
            self.assertEqual((reply.status, reply.body), (200, b""))

    def test_tokenizes(self):
        one = self.post_ok("/tokenize", {"inputs": "good film"})
        self.assertEqual([token["text"] for token in one[0]], ["[CLS]", "good", "film", "[SEP]"])
        self.assertEqual((one[0][2]["start"], one[0][2]["stop"], one[0][2]["special"]), (5, 9, False))
        bare = self.post_ok("/tokenize", {"inputs": ["good", "film"], "add_special_tokens": False})
        self.assertEqual([[token["text"] for token in text] for text in bare], [["good"], ["film"]])

    def test_shows_the_source_of_each_token(self):
        tokens = self.post_ok("/tokenize", {"inputs": "Caf\u00e9s, \u4e2d\u6587 unbelievably"})[0]
        self.assertEqual("".join(token["text"] for token in tokens if not token["special"]), "Caf\u00e9s,\u4e2d\u6587unbelievably")
        self.assertEqual([token["start"] for token in tokens if token["special"]], [None, None])

    def test_tokenizes_no_empty_list(self):
        self.refused("/tokenize", {"inputs": []}, 400, "Empty")

    def test_tokenizes_no_more_texts_than_it_classifies(self):
        self.assertIn("16", self.refused("/tokenize", {"inputs": ["a"] * 17}, 422, "Validation"))

    def test_answers_sage_makers_route(self):
        self.assertEqual(len(self.post_ok("/invocations", {"inputs": TEXT})), 2)

    def test_reads_no_compressed_body(self):
        reply = self.server.post("/predict", b"\x1f\x8b\x08", {"Content-Encoding": "gzip"})
        self.assertEqual((reply.status, reply.headers["accept-encoding"]), (415, "identity"))


class Reranker(ServedTest):
    flags = ("--model", f"relevance={TINY / 'gelu-f64-one-label'}")

    def test_sorts_texts_by_how_well_they_fit(self):
        found = self.post_ok("/rerank", {"query": "a film", "texts": ["good", "bad", "slow"], "return_text": True})
        self.assertEqual(sorted(item["index"] for item in found), [0, 1, 2])
        self.assertEqual([item["score"] for item in found], sorted((item["score"] for item in found), reverse=True))
        self.assertEqual({item["text"] for item in found}, {"good", "bad", "slow"})
        self.assertTrue(all(0 < item["score"] < 1 for item in found))

    def test_gives_raw_scores_and_no_text_unasked(self):
        question = {"query": "a film", "texts": ["good", "bad"]}
        raw = self.post_ok("/rerank", question | {"raw_scores": True})
        self.assertEqual([set(item) for item in raw], [{"index", "score"}] * 2)
        self.assertNotEqual([item["score"] for item in raw],
                            [item["score"] for item in self.post_ok("/rerank", question)])

    def test_is_a_reranker_in_its_description(self):
        self.assertIn("reranker", self.server.get("/info").json()["model_type"])

    def test_answers_in_coheres_form(self):
        found = self.post_ok("/v1/rerank", {"query": "a film", "documents": ["good", "bad"], "top_n": 1})
        self.assertEqual(set(found["results"][0]), {"index", "relevance_score"})
        self.assertEqual(len(found["results"]), 1)

    def test_answers_in_jinas_form_by_the_model_that_is_named(self):
        question = {"query": "a film", "documents": [{"text": "good"}, "bad"], "return_documents": True}
        found = self.post_ok("/v1/rerank", question | {"model": "relevance"})
        self.assertEqual({item["document"]["text"] for item in found["results"]}, {"good", "bad"})
        self.assertEqual(self.server.post("/v1/rerank", question | {"model": "nope"}).status, 404)


if __name__ == "__main__":
    unittest.main()
