#!/usr/bin/env python3
"""No library of the system binds a symbol into Arrow's: `libparquet` exports an OpenSSL of another version, unversioned.

    bindings_test.py PROGRAM

Runs PROGRAM, which reads a table, with the dynamic linker telling each binding.
"""

import os
import subprocess
import sys
import unittest

PROGRAM = sys.argv.pop()


class Bindings(unittest.TestCase):
    def test_come_into_arrow_from_its_module_alone(self):
        environment = os.environ | {"LD_BIND_NOW": "1", "LD_DEBUG": "bindings"}
        command = [PROGRAM, "--gtest_filter=Reader.ReadsParquet"]
        done = subprocess.run(command, env=environment, capture_output=True, text=True, errors="replace", check=True)
        lines = [line for line in done.stderr.splitlines() if "binding file" in line]
        into_arrow = [line for line in lines if "libparquet" in line.split(" to ")[1] or "libarrow" in line.split(" to ")[1]]
        from_elsewhere = [line for line in into_arrow if not any(own in line.split(" to ")[0] for own in
                          ("libparquet", "libarrow", "libtastevin_tables"))]
        self.assertGreater(len(into_arrow), 100, "Arrow was not loaded")
        self.assertEqual(from_elsewhere, [])


if __name__ == "__main__":
    unittest.main()
