"""The page checker on small trees with a stand-in for the program."""

import sys
import tempfile
import unittest
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "tools"))

import check_docs

PROGRAM = """#!/bin/sh
case "$*" in *--help*)
  printf 'Options:\\n  --good\\n  --format text|json=text\\n'
  [ "$1" = --help ] && printf 'Commands:\\n  tell      words\\n  serve     words\\n'
  exit 0
esac
[ "$1" = fail ] && { echo "tastevin: no" >&2; exit 2; }
[ "$1" = write ] && { echo x >"$2"; exit 0; }
[ "$1" = serve ] && exec python3 -c '
import http.server, signal, sys
server = http.server.HTTPServer(("127.0.0.1", 0), http.server.SimpleHTTPRequestHandler)
signal.signal(signal.SIGTERM, lambda *_: sys.exit(int(sys.argv[1] == "badly")))
print("tastevin: serving it at http://127.0.0.1:%d" % server.server_port, file=sys.stderr, flush=True)
server.serve_forever()' "$2"
echo "$@"
"""
MARK = "<!-- not run: it takes long -->\n"


class CheckDocs(unittest.TestCase):
    def setUp(self):
        self.folder = tempfile.TemporaryDirectory()
        self.addCleanup(self.folder.cleanup)
        self.root = Path(self.folder.name).resolve()
        (self.root / "Makefile").write_text("demo:\n\ttrue\n")
        (self.root / "CMakePresets.json").write_text('{"configurePresets": [{"name": "dev"}]}')
        (self.root / "tools").mkdir()
        (self.root / "tools" / "script.sh").write_text("case $1 in --all) ;; esac\n")
        self.binary = self.root / "build" / "release" / "tastevin"
        self.binary.parent.mkdir(parents=True)
        self.binary.write_text(PROGRAM)
        self.binary.chmod(0o755)

    def findings(self, page):
        (self.root / "README.md").write_text(page)
        return list(check_docs.check(self.root, self.binary))

    def expect_none(self, page):
        self.assertEqual(self.findings(page), [])

    def expect_one(self, page, words):
        found = self.findings(page)
        self.assertEqual(len(found), 1, found)
        self.assertIn(words, found[0])

    def test_finds_a_message_that_no_source_says(self):
        (self.root / "src").mkdir()
        (self.root / "src" / "a.cc").write_text('fail("tensor " + in_quotes(name) + ": is "\n     "cut off");\n')
        table = "| message | what it means |\n| --- | --- |\n| `%s` (400) | `no` |\n"
        self.expect_none(table % "tensor '...': is cut off")
        self.expect_one(table % "tensor '...': is torn", "no source says `: is torn`")

    def test_accepts_links_that_lead_somewhere(self):
        self.expect_none("# A b\n[x](Makefile) [y](#a-b) [z](https://example.org) [w](README.md#a-b)\n")

    def test_finds_a_link_to_nothing(self):
        self.expect_one("[x](docs/gone.md)\n", "no such file")

    def test_finds_an_anchor_without_its_heading(self):
        self.expect_one("# A\n[x](#b)\n", "no such heading")

    def test_reads_no_link_in_code(self):
        self.expect_none("`[x](gone)`\n```text\nlambda[x](gone);\n```\n")

    def test_finds_a_make_target_that_is_not_there(self):
        self.expect_one("Type `make demo`, then `make tea`.\n", "no target 'tea'")

    def test_finds_a_variable_that_the_makefile_does_not_read(self):
        (self.root / "Makefile").write_text("demo:\n\ttrue $(CUPS)\n")
        self.expect_none("Type `make demo CUPS=2`.\n")
        self.expect_one("Type `make demo SPOONS=2`.\n", "no variable 'SPOONS'")

    def test_finds_a_flag_that_is_not_there(self):
        self.expect_none("`--good`, `--all` and `tastevin tell --good`\n")
        self.expect_one("`--bad`\n", "no command or script has --bad")
        self.expect_one("`tastevin tell --bad`\n", "`tastevin tell` has no --bad")

    def test_runs_every_line_of_a_block(self):
        self.expect_one("```sh\ntastevin good\nbuild/release/tastevin fail\n```\n", "exits 2: tastevin: no")
        self.expect_one("```sh\nfalse\ntastevin good\n```\n", "exits 1")

    def test_runs_a_continued_line_as_one(self):
        self.expect_none("```sh\ntastevin a \\\n  b\n```\n```text\na b\n```\n")

    def test_compares_what_the_page_shows(self):
        self.expect_one("```sh\ntastevin a\n```\n\n```text\nb\n```\n", "prints\na\n\nwhere the page shows\nb")

    def test_forgives_the_last_digits_of_decimals_alone(self):
        self.expect_none("```sh\ntastevin 0.996929 x\n```\n```text\n0.996930 x\n```\n")
        self.expect_one("```sh\ntastevin 0.996 x\n```\n```text\n0.995 x\n```\n", "where the page shows")

    def test_commands_write_into_a_scratch_folder(self):
        self.expect_none("```sh\ntastevin write out.txt\ncat out.txt\n```\n")
        self.assertFalse((self.root / "out.txt").exists())

    def test_asks_a_server_that_it_starts(self):
        page = "```sh\ntastevin serve {} &\ncurl -s http://127.0.0.1:{}/{} >answer\n```\n"
        self.expect_none(page.format("well", 8080, "Makefile"))
        self.expect_none(page.format("--port 9000 well", 9000, "Makefile").replace("--port 9000 well", "well --port 9000"))
        self.expect_one(page.format("well", 8080, "gone"), "exits 22")
        self.expect_one(page.format("badly", 8080, "Makefile"), "the server ends with 1")

    def test_leaves_nothing_running_behind(self):
        self.expect_one("```sh\nsleep 1 &\n```\n", "only `tastevin serve` is known")

    def test_wants_a_reason_where_a_block_is_not_run(self):
        self.expect_none(MARK + "```console\ntastevin tell --format json | cat >x 2>&1\ncmake --preset dev\n```\n")
        self.expect_none(MARK + "```console\npython3 -m venv ~/venv\n~/venv/bin/pip install .\n```\n")
        self.expect_one("```console\ntastevin tell\n```\n", "say why before it")

    def test_reads_the_commands_that_are_not_run(self):
        for line, words in (("tastevin tell --bad", "has no --bad"), ("tastevin sing", "no command 'sing'"),
                            ("tastevin tell --format xml", "one of text|json, not 'xml'"), ("make tea", "no target 'tea'"),
                            ("cmake --preset tea", "no preset 'tea'"), ("tools/gone.sh", "no tools/gone.sh"),
                            ("tools/script.sh --bad", "has no --bad"), ("teapot", "'teapot' is not known"),
                            ("echo x | tastevin tell --bad", "has no --bad"), ("tastevin 'tell", "No closing quotation")):
            with self.subTest(line=line):
                self.assertIn(words, "\n".join(self.findings(f"{MARK}```console\n{line}\n```\n")))

    def test_reads_the_commands_of_yaml(self):
        self.expect_one("```yaml\nargs:\n  - tastevin tell --good\n    --bad\n```\n", "has no --bad")

    def test_reads_json(self):
        self.expect_none('```json\n{"a": 1}\n{"a": 2}\n```\n```json\n{\n"a": 1\n}\n```\n')
        self.expect_one("```json\n{a}\n```\n", "not JSON")
        self.expect_one('```json\n{"a": broken}\n{"b": 1}\n```\n', "not JSON")
        self.expect_one('```json\n{"a": 1}\n{"b": broken}\n```\n', "not JSON")

    def test_wants_a_reason_where_python_is_not_run(self):
        self.expect_none("```python\n# not run here: needs a cluster\nprint(1)\n```\n")
        self.expect_one("```python\nprint(1)\n```\n", "Python that is not run")
        self.expect_one("```python\n# not run here: x\nprint(\n```\n", "line 2 of the block")

    def test_passes_over_no_language(self):
        self.expect_one("```perl\nprint 1\n```\n", "a block in 'perl'")

    def test_says_so_when_the_program_is_not_built(self):
        self.binary.unlink()
        self.expect_one("```sh\ntastevin a\n```\n", "to run what the pages show")


if __name__ == "__main__":
    unittest.main()
