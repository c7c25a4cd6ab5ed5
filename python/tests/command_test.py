"""The `tastevin` command of the package is the native program: its output, exit codes and signals."""

import signal
import subprocess
import sys
import unittest

from models import BUNDLED

COMMAND = [sys.executable, "-m", "tastevin"]


def run(*arguments, **more):
    return subprocess.run([*COMMAND, *arguments], capture_output=True, text=True, timeout=60, check=False, **more)


class Command(unittest.TestCase):
    def test_classifies_with_the_bundled_model(self):
        done = run("classify", "I had a wonderful day")

        self.assertEqual((done.returncode, done.stdout), (0, "POSITIVE  0.996929  I had a wonderful day\n"), done.stderr)

    def test_exit_codes_come_through(self):
        self.assertEqual(run("classify", "a", "--top-k", "-1").returncode, 2)
        self.assertEqual(run("classify", "a", "--model", "./no/such/model").returncode, 3)

    def test_reads_tables_by_the_arrow_module(self):
        done = run("classify", "--input", "-", "--output", "-", "--column", "text", input="text\ngood\n")

        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertIn("POSITIVE", done.stdout)

    def test_export_says_that_it_needs_torch(self):
        done = subprocess.run([sys.executable, "-c", "import sys; sys.modules['torch'] = None; "
                               "from tastevin.export import main; sys.exit(main(['a', 'b']))"],
                              capture_output=True, text=True, timeout=60, check=False)

        self.assertEqual(done.returncode, 2)
        self.assertIn("pip install tastevin[torch]", done.stderr)

    def test_ctrl_c_comes_through(self):
        with subprocess.Popen([*COMMAND, "classify", "--file", "-", "--model", BUNDLED], stdin=subprocess.PIPE,
                              stdout=subprocess.PIPE, text=True) as child:
            child.stdin.write("good\n")
            child.stdin.flush()
            child.stdout.readline()
            child.send_signal(signal.SIGINT)

            self.assertIn(child.wait(60), (-signal.SIGINT, 130))


if __name__ == "__main__":
    unittest.main()
