"""The error table, row by row, and that nothing a caller does ends the interpreter."""

import json
import multiprocessing
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path

import tastevin
from models import BUNDLED, loaded


def copy_of(folder, where, **config):
    """A copy of a model with other values in its config."""
    copy = Path(where) / "model"
    shutil.copytree(folder, copy)
    values = json.loads((copy / "config.json").read_text())
    (copy / "config.json").write_text(json.dumps({**values, **config}))
    return copy


class Table(unittest.TestCase):
    def setUp(self):
        self.folder = tempfile.TemporaryDirectory()
        self.addCleanup(self.folder.cleanup)

    def test_invalid_argument_is_a_value_error(self):
        for model in (None, 5, b"bytes", "a\0b", ["x"]):
            with self.subTest(model=model), self.assertRaises(ValueError):
                tastevin.Classifier(model)

    def test_not_found_is_a_file_not_found_error(self):
        with self.assertRaises(FileNotFoundError):
            tastevin.Classifier("./no/such/folder/here")
        with self.assertRaisesRegex(FileNotFoundError, "XPU"):
            tastevin.Classifier(BUNDLED, device="XPU")

    def test_bad_checkpoint_is_a_checkpoint_error(self):
        model = copy_of(BUNDLED, self.folder.name)
        (model / "model.safetensors").write_bytes(b"\0" * 100)

        with self.assertRaises(tastevin.CheckpointError):
            tastevin.Classifier(model)

    def test_unsupported_model_is_a_not_implemented_error(self):
        with self.assertRaisesRegex(NotImplementedError, "mamba"):
            tastevin.Classifier(copy_of(BUNDLED, self.folder.name, model_type="mamba"))

    def test_of_one_text_of_many_has_its_place(self):
        for call in (loaded().classify, loaded().logits):
            with self.assertRaisesRegex(ValueError, r"^texts\[70\]: the text has"):
                call(["ok"] * 70 + ["good " * 1000], truncation="error")

    def test_too_large_is_a_value_error(self):
        with self.assertRaises(ValueError):
            loaded().classify("good " * 1000, truncation="error")

    def test_unavailable_is_an_unavailable_error(self):
        environment = {**os.environ, "HF_ENDPOINT": "http://127.0.0.1:9", "HF_HOME": self.folder.name}  # nobody listens
        script = "import tastevin; tastevin.pull('nobody/nothing')"
        done = subprocess.run([sys.executable, "-c", script], env=environment, capture_output=True, text=True, check=False)

        self.assertEqual(done.returncode, 1)
        self.assertRegex(done.stderr.splitlines()[-1], "tastevin.UnavailableError")

    def test_own_exceptions_are_runtime_errors(self):
        for name in ("CheckpointError", "OverloadedError", "UnavailableError", "RejectedError"):
            exception = getattr(tastevin, name)
            self.assertTrue(issubclass(exception, RuntimeError))
            self.assertEqual((exception.__module__, exception.__name__), ("tastevin", name))


def classify_in_child(queue):
    try:
        queue.put(loaded().classify("good").label)
    except tastevin.UnavailableError as error:
        queue.put(str(error))


def load_in_child(queue):
    try:
        queue.put(tastevin.Classifier(BUNDLED).classify("good").label)
    except tastevin.UnavailableError as error:
        queue.put(str(error))


def answer_of(work, method):
    context = multiprocessing.get_context(method)
    queue = context.Queue()
    child = context.Process(target=work, args=(queue,))
    child.start()
    answer = queue.get(timeout=60)
    child.join(60)
    return answer, child.exitcode


class Fork(unittest.TestCase):
    def test_in_a_forked_process_calls_are_refused(self):
        loaded()
        for work in (classify_in_child, load_in_child):
            answer, exit_code = answer_of(work, "fork")

            self.assertIn("fork", answer)
            self.assertEqual(exit_code, 0)

    def test_a_forked_process_ends_by_itself(self):
        script = ("import os, sys, tastevin\n"
                  f"classifier = tastevin.Classifier({str(BUNDLED)!r})\n"
                  "classifier.classify('good')\n"
                  "child = os.fork()\n"
                  "if child == 0:\n"
                  "    del classifier\n"
                  "    sys.exit(7)\n"
                  "print(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]), classifier.classify('good').label)\n")
        done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, timeout=60, check=False)

        self.assertEqual((done.stdout.split(), done.returncode), (["7", "POSITIVE"], 0), done.stderr)

    def test_a_process_forked_before_loading_works(self):
        script = ("import multiprocessing, tastevin\n"
                  "def work(number):\n"
                  f"    return tastevin.Classifier({str(BUNDLED)!r}).classify('good').label\n"
                  "with multiprocessing.get_context('fork').Pool(2) as pool:\n"
                  "    print(*pool.map(work, range(2)))\n")
        done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, timeout=60, check=False)

        self.assertEqual(done.stdout.split(), ["POSITIVE", "POSITIVE"], done.stderr)


class Interrupt(unittest.TestCase):
    def test_ctrl_c_ends_a_long_call(self):
        script = ("import itertools, os, signal, tastevin\n"
                  f"classifier = tastevin.Classifier({str(BUNDLED)!r})\n"
                  "def texts():\n"
                  "    for number in itertools.count():\n"
                  "        if number == 1500:\n"
                  "            os.kill(os.getpid(), signal.SIGINT)\n"
                  "        yield f'text {number % 7}'\n"
                  "classifier.classify(texts())\n")
        done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, timeout=120, check=False)

        self.assertEqual(done.stderr.splitlines()[-1], "KeyboardInterrupt")

    def test_a_call_begins_with_few_texts(self):
        # The first block was 1,024 texts, which a large model computes for minutes, and signals wait for its end.
        read = []

        def texts():
            for number in range(2000):
                read.append(number)
                yield "good " * 1000 if number == 0 else f"text {number}"

        with self.assertRaises(ValueError):
            loaded().classify(texts(), truncation="error")

        self.assertLessEqual(len(read), 2 * loaded().streams)

    def test_explain_answers_to_signals_between_texts(self):
        # As above: blocks were of 64 texts, each of them as much as its words.
        seen = []
        before = signal.signal(signal.SIGALRM, lambda *_: seen.append(len(seen)))
        self.addCleanup(signal.signal, signal.SIGALRM, before)
        signal.setitimer(signal.ITIMER_REAL, 0.001, 0.001)
        try:
            loaded().explain([f"the film number {number} was good , and so was its plot" for number in range(64)])
        finally:
            signal.setitimer(signal.ITIMER_REAL, 0)

        self.assertGreaterEqual(len(seen), 3)


class Exit(unittest.TestCase):
    """Python 3.11 ends a thread that asks for the GIL of an interpreter that shuts down by unwinding its stack, and C++
    ended the process at the first destructor: SIGABRT."""

    TURNS = 8

    def exit_codes(self, texts, call):
        script = ("import threading, time, tastevin\n"
                  f"classifier = tastevin.Classifier({str(BUNDLED)!r})\n"
                  "def work():\n"
                  "    while True:\n"
                  f"        classifier.{call}({texts})\n"
                  "for _ in range(3):\n"
                  "    threading.Thread(target=work, daemon=True).start()\n"
                  "time.sleep(0.3)\n")
        for _ in range(self.TURNS):
            done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, timeout=60,
                                  check=False)
            yield done.returncode, done.stderr

    def test_while_a_daemon_thread_computes(self):
        for call in ("classify", "logits", "tokenize", "explain"):
            with self.subTest(call=call):
                self.assertEqual(set(self.exit_codes("['a good film', 'a bad film'] * 20", call)), {(0, "")})

    def test_while_a_daemon_thread_reads_its_texts(self):
        texts = "(f'text {number}' for number in range(1000))"

        self.assertEqual(set(self.exit_codes(texts, "logits")), {(0, "")})

    def test_while_a_daemon_thread_has_but_one_text(self):
        self.assertEqual(set(self.exit_codes("'a good film'", "classify")), {(0, "")})


if __name__ == "__main__":
    unittest.main()
