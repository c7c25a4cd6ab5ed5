"""The server against its own description: schemathesis asks what /openapi.json allows, and what it does not."""

import subprocess
import tempfile
import unittest
from pathlib import Path

from models import inference_model
from served import ROOT, SST2, TINY, Server

SCHEMATHESIS = ROOT / ".clients" / "bin" / "schemathesis"
CONFIG = Path(__file__).with_name("schemathesis.toml")
KEY = "a-key"


class Described(unittest.TestCase):
    def check(self, models, *flags):
        with tempfile.TemporaryDirectory() as folder:
            keys = Path(folder) / "keys"
            keys.write_text(KEY + "\n")
            named = [part for name, model in models(Path(folder)).items() for part in ("--model", f"{name}={model}")]
            server = Server(*named, "--no-grpc", "--api-key-file", keys)
            self.addCleanup(server.stop)
            found = subprocess.run(
                [SCHEMATHESIS, "--config-file", CONFIG, "run", f"{server.url}/openapi.json", "-H", f"Authorization: Bearer {KEY}",
                 *flags], cwd=folder, capture_output=True, text=True, timeout=300, check=False)
        self.assertEqual(found.returncode, 0, found.stdout + found.stderr)

    def test_every_route_answers_as_it_says(self):
        self.check(lambda folder: {"sst2": SST2, "nli": inference_model(folder / "nli")})

    def test_a_model_of_one_label_reranks_as_it_says(self):
        self.check(lambda folder: {"one": TINY / "gelu-f64-one-label"}, "--include-path-regex", "rerank|predict")


if __name__ == "__main__":
    unittest.main()
