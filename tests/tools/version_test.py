"""One version: project() has it, and nothing that shows it has another."""

import re
import unittest
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PROJECT = re.compile(r"^project\(tastevin VERSION ([\d.]+)", re.M)


class Version(unittest.TestCase):
    def test_is_the_same_everywhere(self):
        version = PROJECT.search((ROOT / "CMakeLists.txt").read_text(encoding="utf-8"))[1]
        for name, pattern in (("CHANGELOG.md", r"^## \[([\d.]+)\]"), ("include/tastevin/version.h", r'"([\d.]+)"'),
                              ("include/tastevin/tastevin_c.h", r'/\*\* "([\d.]+)"'),
                              ("docs/install.md", r"libtastevin\.so\.(\d+\.\d+\.\d+)")):
            found = re.search(pattern, (ROOT / name).read_text(encoding="utf-8"), re.M)
            self.assertEqual(found and found[1], version, name)

    def test_of_the_wheel_is_read_from_project(self):
        settings = (ROOT / "pyproject.toml").read_text(encoding="utf-8")
        self.assertIn('dynamic = ["version"]', settings)
        self.assertIn(r"project\(tastevin VERSION (?P<value>[0-9.]+)", settings)


if __name__ == "__main__":
    unittest.main()
