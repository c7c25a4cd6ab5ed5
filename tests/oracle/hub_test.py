"""The cache must be one with that of huggingface_hub: each finds offline what the other pulled, and goes on where the
other was interrupted. Everything comes from a small Hub on loopback: `make oracle-test`."""

import json
import os
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "tests" / "hub"))

import filelock
from small_hub import SmallHub, etag_of

BINARY = Path(os.environ.get("TASTEVIN_BINARY", ROOT / "build" / "release" / "tastevin"))
MODEL = "org/sentiment"
FILES = ["config.json", "model.safetensors", "special_tokens_map.json", "tokenizer.json", "tokenizer_config.json",
         "vocab.txt"]
TEXT = "I had a wonderful day"

CLASSIFY = f"""
from transformers import AutoModelForSequenceClassification, AutoTokenizer
model = AutoModelForSequenceClassification.from_pretrained("{MODEL}")
logits = model(**AutoTokenizer.from_pretrained("{MODEL}")("{TEXT}", return_tensors="pt")).logits[0]
print(model.config.id2label[int(logits.argmax())])
"""
DOWNLOAD = f"""
from huggingface_hub import constants, snapshot_download
constants.DOWNLOAD_CHUNK_SIZE = 1_000_000  # what it keeps when it is interrupted is a multiple of this
print(snapshot_download("{MODEL}", ignore_patterns=["README.md"]))
"""
FIND = f"""
import json
from huggingface_hub import hf_hub_download, scan_cache_dir, snapshot_download, try_to_load_from_cache
cache = scan_cache_dir()
print(json.dumps({{
    "snapshot": snapshot_download("{MODEL}", local_files_only=True),
    "files": [hf_hub_download("{MODEL}", name, local_files_only=True) for name in {FILES}],
    "found": [try_to_load_from_cache("{MODEL}", name) for name in {FILES}],
    "warnings": [str(warning) for warning in cache.warnings],
    "scanned": [[repo.repo_id, repo.nb_files, sorted(repo.refs)] for repo in cache.repos],
}}))
"""


class SharedCache(unittest.TestCase):
    def setUp(self):
        scratch = tempfile.TemporaryDirectory()
        self.addCleanup(scratch.cleanup)
        self.home = Path(scratch.name) / "home"
        models = Path(scratch.name) / "models"
        (models / MODEL).mkdir(parents=True)
        (models / MODEL / "main").symlink_to(ROOT / "models" / "sst2-tiny")
        self.hub = SmallHub(models)
        self.addCleanup(self.hub.close)

    def environment(self):
        kept = {name: value for name, value in os.environ.items() if not name.startswith(("HF_", "TRANSFORMERS_"))}
        return kept | {"HF_ENDPOINT": self.hub.address, "HF_HOME": str(self.home), "HF_HUB_DISABLE_XET": "1"}

    def run_with(self, arguments, **settings):
        done = subprocess.run(arguments, env=self.environment() | settings, capture_output=True, text=True, check=False)
        self.assertEqual(done.returncode, 0, done.stderr)
        return done.stdout.strip()

    def tastevin(self, *arguments, **settings):
        return self.run_with([BINARY, *arguments], **settings)

    def python(self, program, **settings):
        return self.run_with([sys.executable, "-c", program], **settings).splitlines()[-1]

    def requests_of_weights(self):
        return [request["range"] for request in self.hub.obey({"do": "log"}) if request["role"] == "cdn"]

    def test_huggingface_hub_finds_offline_what_we_pulled(self):
        folder = self.tastevin("pull", MODEL)

        found = json.loads(self.python(FIND, HF_HUB_OFFLINE="1"))

        self.assertEqual(found["snapshot"], folder)
        self.assertEqual(found["files"], [f"{folder}/{name}" for name in FILES])
        self.assertEqual(found["found"], found["files"])
        self.assertEqual(found["warnings"], [])
        self.assertEqual(found["scanned"], [[MODEL, len(FILES), ["main"]]])

    def test_transformers_classifies_offline_with_what_we_pulled(self):
        self.tastevin("pull", MODEL)

        self.assertEqual(self.python(CLASSIFY, HF_HUB_OFFLINE="1"), "POSITIVE")

    def test_we_classify_offline_with_what_huggingface_hub_downloaded(self):
        folder = self.python(DOWNLOAD)
        self.hub.obey({"do": "log"})

        self.assertEqual(self.tastevin("pull", MODEL, HF_HUB_OFFLINE="1"), folder)
        self.assertTrue(self.tastevin("classify", TEXT, "--model", MODEL, HF_HUB_OFFLINE="1").startswith("POSITIVE"))
        self.assertEqual(self.tastevin("pull", MODEL), folder)

        self.assertEqual(self.requests_of_weights(), [])

    def test_huggingface_hub_downloads_nothing_that_we_pulled(self):
        folder = self.tastevin("pull", MODEL)
        self.hub.obey({"do": "log"})

        self.assertEqual(self.python(DOWNLOAD), folder)

        self.assertEqual(self.requests_of_weights(), [])

    def test_both_name_and_link_the_blobs_alike(self):
        self.tastevin("pull", MODEL)
        ours = self.layout()
        self.home = self.home.with_name("other")
        self.python(DOWNLOAD)

        self.assertEqual(self.layout(), ours)

    def layout(self):
        """Each file of the cache but the locks, with what it holds or leads to."""
        top = self.home / "hub"
        paths = [path for path in top.rglob("*") if not path.is_dir() and ".no_exist" not in path.parts]
        return {str(path.relative_to(top)): os.readlink(path) if path.is_symlink() else path.read_bytes()
                for path in paths if path.suffix not in (".lock", ".gitignore", ".TAG") and ".gitattributes" not in str(path)}

    def test_huggingface_hub_goes_on_where_we_were_interrupted(self):
        self.hub.obey({"do": "fault", "path": "cdn", "times": 1, "cut_after": 4_000_000})
        self.hub.obey({"do": "fault", "path": "cdn", "times": 1, "status": 404})
        with self.assertRaises(AssertionError):
            self.tastevin("pull", MODEL)

        self.python(DOWNLOAD)

        self.assertEqual(self.requests_of_weights(), [None, "bytes=4000000-", "bytes=4000000-"])
        self.assertTrue(self.tastevin("classify", TEXT, "--model", MODEL).startswith("POSITIVE"))

    def test_we_go_on_where_huggingface_hub_was_interrupted(self):
        self.hub.obey({"do": "fault", "path": "cdn", "times": 1, "cut_after": 4_000_000})
        with self.assertRaises(AssertionError):
            self.python(DOWNLOAD)

        self.assertTrue(self.tastevin("classify", TEXT, "--model", MODEL).startswith("POSITIVE"))

        self.assertEqual(self.requests_of_weights()[-1], "bytes=4000000-")

    def test_we_wait_for_the_lock_that_huggingface_hub_takes(self):
        etag = etag_of(ROOT / "models" / "sst2-tiny" / "config.json")
        lock = self.home / "hub" / ".locks" / "models--org--sentiment" / f"{etag}.lock"
        lock.parent.mkdir(parents=True)
        with filelock.FileLock(lock):
            pull = subprocess.Popen([BINARY, "pull", MODEL], env=self.environment(), stdout=subprocess.PIPE,
                                    stderr=subprocess.PIPE, text=True)
            self.assertIn("config.json: waiting", pull.stderr.readline())
        pull.communicate(timeout=60)
        self.assertEqual(pull.returncode, 0)


if __name__ == "__main__":
    unittest.main()
