"""The page checker on small trees with a stand-in for the program."""

import sys
import tempfile
import unittest
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "tools"))

import check_docs

PROGRAM = """#!/bin/sh
[ "$1" = fail ] && { echo "tastevin: no" >&2; exit 2; }
[ "$1" = write ] && { echo x >"$2"; exit 0; }
echo "$@"
"""


class CheckDocs(unittest.TestCase):
    def setUp(self):
        self.folder = tempfile.TemporaryDirectory()
        self.addCleanup(self.folder.cleanup)
        self.root = Path(self.folder.name).resolve()
        (self.root / "Makefile").write_text("demo:\n\ttrue\n")
        self.binary = self.root / "build" / "release" / "tastevin"
        self.binary.parent.mkdir(parents=True)
        self.binary.write_text(PROGRAM)
        self.binary.chmod(0o755)

    def findings(self, page):
        (self.root / "README.md").write_text(page)
        return list(check_docs.check(self.root, self.binary))

    def expect_one(self, page, words):
        found = self.findings(page)
        self.assertEqual(len(found), 1, found)
        self.assertIn(words, found[0])

    def test_accepts_links_that_lead_somewhere(self):
        self.assertEqual(self.findings("# A b\n[x](Makefile) [y](#a-b) [z](https://example.org) [w](README.md#a-b)\n"), [])

    def test_finds_a_link_to_nothing(self):
        self.expect_one("[x](docs/gone.md)\n", "no such file")

    def test_finds_an_anchor_without_its_heading(self):
        self.expect_one("# A\n[x](#b)\n", "no such heading")

    def test_reads_no_link_in_code(self):
        self.assertEqual(self.findings("`[x](gone)`\n```cpp\nlambda[x](gone);\n```\n"), [])

    def test_finds_a_make_target_that_is_not_there(self):
        self.expect_one("Type `make demo`, then `make tea`.\n", "'make tea'")

    def test_runs_the_commands_of_a_block(self):
        self.expect_one("```sh\ntastevin good\nbuild/release/tastevin fail\n```\n", "exits 2: tastevin: no")

    def test_runs_a_continued_line_as_one(self):
        self.assertEqual(self.findings("```sh\ntastevin a \\\n  b\n```\n```text\na b\n```\n"), [])

    def test_compares_what_the_page_shows(self):
        self.expect_one("```sh\ntastevin a\n```\n\n```text\nb\n```\n", "prints\na\nwhere the page shows\nb")

    def test_forgives_the_last_digits_of_decimals_alone(self):
        self.assertEqual(self.findings("```sh\ntastevin 0.996929 x\n```\n```text\n0.996930 x\n```\n"), [])
        self.expect_one("```sh\ntastevin 0.996 x\n```\n```text\n0.995 x\n```\n", "where the page shows")

    def test_leaves_console_blocks_alone(self):
        self.assertEqual(self.findings("```console\ntastevin fail\n```\n"), [])

    def test_commands_write_into_a_scratch_folder(self):
        self.assertEqual(self.findings("```sh\ntastevin write out.txt\n```\n"), [])
        self.assertFalse((self.root / "out.txt").exists())

    def test_says_so_when_the_program_is_not_built(self):
        self.binary.unlink()
        self.expect_one("```sh\ntastevin a\n```\n", "to run them")


if __name__ == "__main__":
    unittest.main()
