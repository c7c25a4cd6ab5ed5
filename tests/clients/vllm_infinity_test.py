"""/classify with `input`, as vLLM and infinity have it."""

import unittest

from served import ServedTest

TEXT = "a wonderful film"


class InputShapes(ServedTest):
    def data(self, body, path="/classify"):
        return self.post_ok(path, body)["data"]

    def test_answers_as_vllm_does(self):
        for path in ("/classify", "/v1/classify"):
            whole = self.post_ok(path, {"model": "sst2", "input": [TEXT, "Cold soup."], "user": "me"})
            self.assertEqual((whole["object"], whole["model"]), ("list", "sst2"))
            self.assertEqual(whole["usage"]["prompt_tokens"], whole["usage"]["total_tokens"])
            first, second = whole["data"]
            self.assertEqual((first["index"], first["label"], first["num_classes"]), (0, "POSITIVE", 2))
            self.assertAlmostEqual(sum(first["probs"]), 1, places=5)
            self.assertGreater(first["probs"][1], first["probs"][0])
            self.assertEqual(second["label"], "NEGATIVE")

    def test_answers_as_infinity_does_where_raw_scores_are_named(self):
        whole = self.post_ok("/classify", {"model": "default/not-specified", "input": [TEXT, "bad"], "raw_scores": False})
        self.assertEqual((whole["object"], whole["model"]), ("classify", "sst2"))
        self.assertTrue(whole["id"].startswith("infinity-"))
        self.assertEqual([[one["label"] for one in text] for text in whole["data"]],
                         [["POSITIVE", "NEGATIVE"], ["NEGATIVE", "POSITIVE"]])
        self.assertAlmostEqual(sum(one["score"] for one in whole["data"][0]), 1, places=5)

    # infinity takes raw_scores and passes over it.
    def test_gives_raw_scores_where_they_are_asked_for(self):
        raw = self.data({"input": TEXT, "raw_scores": True})[0]
        self.assertGreater(raw[0]["score"], 1)
        self.assertGreater(max(self.data({"input": TEXT, "use_activation": False})[0]["probs"]), 1)

    def test_cuts_texts_as_it_is_told(self):
        text = "a wonderful film that is horrible"
        left = self.data({"input": text, "truncate_prompt_tokens": 4, "truncation_side": "left"})[0]["label"]
        right = self.data({"input": text, "truncate_prompt_tokens": 4, "truncation_side": "right"})[0]["label"]
        self.assertEqual((left, right), ("NEGATIVE", "POSITIVE"))
        self.assertEqual(self.data({"input": text, "truncate_prompt_tokens": -1}), self.data({"input": text}))

    def test_refuses_what_it_does_not_do(self):
        for more in ({"add_special_tokens": False}, {"truncate_prompt_tokens": 0}, {"truncation_side": "middle"},
                     {"messages": []}, {"raw_scores": False, "user": "me"}, {"raw_scores": 1}):
            reply = self.server.post("/classify", {"input": TEXT} | more)
            self.assertIn(reply.status, (400, 422), more)
            self.assertEqual(reply.json()["object"], "error")


if __name__ == "__main__":
    unittest.main()
