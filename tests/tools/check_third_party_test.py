"""The page of third parties must name what is linked: each test takes something from it."""

import sys
import unittest
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "tools"))

import check_third_party

PAGE = (ROOT / "THIRD_PARTY.md").read_text(encoding="utf-8")


class CheckThirdParty(unittest.TestCase):
    def linked(self, page):
        return list(check_third_party.check_linked(page, ["/bin/true"], ROOT))

    def test_finds_a_package_that_is_not_on_the_page(self):
        page = PAGE.replace("| glibc | | libc6 |", "| glibc | | libc7 |")
        self.assertIn("libc6: linked, but not on the page", self.linked(page))

    def test_finds_a_package_that_is_not_linked(self):
        self.assertIn("libcurl4: on the page, but not linked", self.linked(PAGE))

    def test_finds_another_version(self):
        self.assertEqual(len(list(check_third_party.check_versions({"libc6": "1.0"}))), 1)
        self.assertEqual(len(list(check_third_party.check_versions({"no-such-package": "1.0"}))), 1)

    def test_finds_a_wheel_of_another_version(self):
        page = PAGE.replace("| 2026.4.1 |", "| 2026.4.0 |")
        self.assertEqual(len(list(check_third_party.check_wheels(page, ROOT))), 1)

    def test_finds_a_dependency_of_cmake_that_nobody_listed(self):
        self.assertEqual(len(list(check_third_party.check_cmake(PAGE.replace("`CLI11`", ""), ROOT))), 1)

    def test_knows_a_version_without_what_debian_adds(self):
        self.assertRegex(check_third_party.upstream("zlib1g"), r"^1\.[\d.]+$")


if __name__ == "__main__":
    unittest.main()
