"""Models under a running server: from a folder, written over, coming and going while others are asked."""

import json
import shutil
import tempfile
import time
import unittest
from pathlib import Path

import grpc
from served import BINARY, PATIENCE_S, SST2, ServedTest, Server, explaining, run_to_end


class Models(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = Path(folder.name)
        for version in ("1", "12"):
            shutil.copytree(SST2, self.folder / "sst2" / version)

    def serve(self):
        server = Server("--models-dir", self.folder, "--no-grpc")
        self.addCleanup(server.stop)
        return server

    def test_have_the_version_of_their_folder(self):
        server = self.serve()
        self.assertEqual(server.get("/v2/models/sst2").json()["versions"], ["12"])
        self.assertEqual(server.get("/v2/models/sst2/versions/12/ready").status, 200)
        self.assertEqual(server.get("/v2/models/sst2/versions/1/ready").status, 404)
        self.assertEqual(server.post("/v2/repository/index", {}).json()[0]["version"], "12")

    # One damaged folder among many kept a server from starting again.
    def test_of_the_folder_that_are_damaged_are_left_out(self):
        shutil.copytree(SST2, self.folder / "broken")
        (self.folder / "broken" / "config.json").write_text("{")
        server = self.serve()
        self.assertNotIn("broken", server.lines[-1])
        self.assertEqual(server.post("/v1/classify", {"inputs": "good"}).status, 200)
        self.assertIn("/predict", server.get("/openapi.json").json()["paths"])
        index = {entry["name"]: entry for entry in server.post("/v2/repository/index", {}).json()}
        self.assertEqual((index["broken"]["state"], "config.json" in index["broken"]["reason"]), ("UNAVAILABLE", True))

    # Its weights were mapped: the process ended by SIGBUS, or answered by the bytes of the next version.
    def test_answer_as_they_were_loaded_while_their_files_are_written_over(self):
        server = self.serve()
        wanted = server.post("/v1/classify", {"inputs": "a wonderful film", "logits": True}).json()
        weights = self.folder / "sst2" / "12" / "model.safetensors"
        size = weights.stat().st_size
        with open(weights, "r+b") as file:
            file.write(b"\x55" * size)
        self.assertEqual(server.post("/v1/classify", {"inputs": "a wonderful film", "logits": True}).json(), wanted)
        weights.write_bytes(b"")
        longer = {"inputs": ["a wonderful film " * 20], "logits": True}
        self.assertEqual(server.post("/v1/classify", longer).json()["results"][0]["label"], "POSITIVE")
        self.assertEqual(server.post("/v1/classify", {"inputs": "a wonderful film", "logits": True}).json(), wanted)

    def test_none_of_which_can_be_served_end_the_start(self):
        for version in ("1", "12"):
            (self.folder / "sst2" / version / "config.json").write_text("{")
        code, errors = run_to_end(BINARY, "serve", "--models-dir", self.folder, "--port", 0, "--grpc-port", 0)
        self.assertEqual((code, "config.json" in errors), (4, True), errors)


class Explaining(ServedTest):
    def test_keeps_to_the_deadline_within_a_text(self):
        with explaining(self.server, "timeout: 500\r\n") as connection:
            began = time.monotonic()
            self.assertIn(b" 504 ", connection.recv(65536))
            self.assertLess(time.monotonic() - began, 5)

    def test_keeps_neither_tokens_nor_models_waiting(self):
        with explaining(self.server) as connection:
            self.assertEqual(self.server.post("/tokenize", {"inputs": "x"}).status, 200)
            self.assertEqual(self.server.post("/v2/repository/models/sst2/load", {}).status, 200)
            connection.setblocking(False)
            with self.assertRaises(BlockingIOError):  # it still runs
                connection.recv(1)


class HealthOverGrpc(ServedTest):
    def test_is_that_of_the_models(self):
        with grpc.insecure_channel(f"127.0.0.1:{self.server.grpc_port}") as channel:
            check = channel.unary_unary("/grpc.health.v1.Health/Check")
            for turn, wanted in (("load", b"\x08\x01"), ("unload", b"\x08\x02"), ("load", b"\x08\x01")):
                self.assertEqual(self.server.post(f"/v2/repository/models/sst2/{turn}", {}).status, 200)
                end = time.monotonic() + PATIENCE_S
                while check(b"") != wanted:
                    self.assertLess(time.monotonic(), end, turn)
                    time.sleep(0.01)


if __name__ == "__main__":
    unittest.main()
