"""The layer checker must find what it is there for: each test breaks one rule in a tree of a few files."""

import sys
import tempfile
import unittest
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "tools"))

import check_layers

MAP = """# Map

## 4. Modules

| module | takes -> gives | may include | third party |
| --- | --- | --- | --- |
| `tastevin/error.h` | plain | - | - |
| `tastevin/*` | the rest | - | - |
| `base` | - | - | nlohmann-json |
| `flow` | - | base | - |
| `prepare/graph` | tensors (all) -> model | base | OpenVINO |
| `classify/runtime`, `classify/decide` | - | base, flow, tastevin/devices.h | OpenVINO |
| `src/*` | spines | base, flow, prepare/*, classify/*, tastevin/* | - |

## 5. Other
| a | b | c | d |
"""
FILES = {
    "include/tastevin/error.h": "#include <string>\n",
    "include/tastevin/devices.h": '#include "tastevin/error.h"\n',
    "include/tastevin/classifier.h": "",
    "src/base/json.h": "#include <nlohmann/json.hpp>\n#include <sys/mman.h>\n",
    "src/flow/flow.h": '#include "base/json.h"\n#include "tastevin/error.h"\n',
    "src/prepare/graph/graph.h": '#include <openvino/openvino.hpp>\n#include "base/json.h"\n',
    "src/classify/runtime/session.h": '#include "flow/flow.h"\n#include "tastevin/devices.h"\n',
    "src/classify/decide/decide.h": "",
    "src/classifier.cc": '#include "classify/runtime/session.h"\n#include "prepare/graph/graph.h"\n',
}


class CheckLayers(unittest.TestCase):
    def findings(self, changed=None):
        """What the checker says of FILES after `changed` replaced some of them."""
        with tempfile.TemporaryDirectory() as folder:
            root = Path(folder).resolve()
            (root / "ARCHITECTURE.md").write_text(MAP)
            for name, text in (FILES | (changed or {})).items():
                (root / name).parent.mkdir(parents=True, exist_ok=True)
                (root / name).write_text(text)
            return check_layers.check(root)

    def expect_one(self, file, text, words):
        found = self.findings({file: text})
        self.assertEqual(len(found), 1, found)
        self.assertIn(words, found[0])

    def test_accepts_a_tree_that_keeps_to_the_table(self):
        self.assertEqual(self.findings(), [])

    def test_finds_an_edge_that_the_table_does_not_have(self):
        self.expect_one("src/base/json.h", '#include "flow/flow.h"\n', "'base' may not include 'flow/flow.h'")

    def test_modules_of_one_row_stay_apart(self):
        self.expect_one("src/classify/decide/decide.h", '#include "classify/runtime/session.h"\n', "decide' may not")

    def test_prepare_and_classify_never_meet(self):
        self.expect_one(
            "src/classify/decide/decide.h", '#include "prepare/graph/graph.h"\n', "never include each other")

    def test_finds_a_third_party_outside_its_modules(self):
        self.expect_one("src/flow/flow.h", "#include <openvino/openvino.hpp>\n", "'flow' may not use OpenVINO")

    def test_finds_json_reached_past_base(self):
        self.expect_one("src/prepare/graph/graph.h", "#include <nlohmann/json.hpp>\n", "may not use nlohmann-json")

    def test_finds_a_third_party_that_nobody_listed(self):
        self.expect_one("src/flow/flow.h", "#include <rapidjson/document.h>\n", "neither in this tree nor")

    def test_finds_an_include_that_does_not_exist(self):
        self.expect_one("src/flow/flow.h", '#include "base/gone.h"\n', "base/gone.h")

    def test_a_public_header_takes_no_system_header(self):
        self.expect_one("include/tastevin/error.h", "#include <unistd.h>\n", "standard library and tastevin/ only")

    def test_headers_of_c_are_for_the_header_for_c(self):
        self.expect_one("include/tastevin/error.h", "#include <stddef.h>\n", "standard library and tastevin/ only")
        self.assertEqual(self.findings({"include/tastevin/tastevin_c.h": "#include <stddef.h>\n"}), [])

    def test_a_public_header_takes_nothing_from_src(self):
        self.expect_one("include/tastevin/devices.h", '#include "base/json.h"\n', "standard library and tastevin/ only")

    def test_only_the_plain_public_headers_are_for_everybody(self):
        self.expect_one("src/flow/flow.h", '#include "tastevin/classifier.h"\n', "'flow' may not include")

    def test_finds_a_file_that_belongs_to_no_module(self):
        self.expect_one("src/extra/new.cc", "#include <string>\n", "no module of the table")


class RealMap(unittest.TestCase):
    def test_every_module_that_a_row_may_include_is_itself_a_row(self):
        modules = check_layers.read_table((ROOT / "ARCHITECTURE.md").read_text(encoding="utf-8"))
        named = {name for module in modules.values() for name in module.may_include if "*" not in name}
        self.assertEqual([name for name in named if check_layers.module_of(name, modules) is None], [])


if __name__ == "__main__":
    unittest.main()
