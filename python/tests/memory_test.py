"""A million Arrow strings are read where they lie: what a call needs besides them and the model is small."""

import random
import subprocess
import sys
import unittest

import numpy
import pyarrow
import pyarrow.compute
import tastevin

WORDS = "good bad the film was not worth it dull bright acting plot naïve unbelievably long short".split()
COUNT = 1_000_000
WARM_UP = 100_000  # all shapes of requests have come by then, and each holds memory for good


def resident(field):
    with open("/proc/self/status", encoding="ascii") as status:
        return next(int(line.split()[1]) * 1024 for line in status if line.startswith(field))


def texts_of(count):
    """Distinct strings, made by Arrow: Python's own would leave holes in its heap."""
    dice = random.Random(0)
    some = pyarrow.array([" ".join(dice.choices(WORDS, k=dice.randint(4, 16))) for _ in range(1000)])
    repeated = some.take(pyarrow.array(numpy.arange(count) % len(some)))
    numbers = pyarrow.compute.cast(pyarrow.array(COUNT + numpy.arange(count)), pyarrow.string())
    return pyarrow.compute.binary_join_element_wise(repeated, numbers, " ")


def measure():
    """Prints the bytes of the strings, of the process that holds them and its model, and of it at most during the call."""
    model = tastevin.Classifier(tastevin.bundled_model())
    model.predict_proba(texts_of(WARM_UP))
    texts = texts_of(COUNT)
    pyarrow.default_memory_pool().release_unused()
    with_both = resident("VmRSS")
    with open("/proc/self/clear_refs", "w", encoding="ascii") as peak:
        peak.write("5")  # starts VmHWM anew
    answers = model.predict_proba(texts)
    assert answers.shape == (COUNT, 2)
    print(texts.nbytes, with_both, resident("VmHWM"))


class Memory(unittest.TestCase):
    def test_a_million_strings_need_a_third_more_than_themselves(self):
        done = subprocess.run([sys.executable, __file__, "measure"], check=True, capture_output=True, text=True, timeout=1800)
        data, with_both, most = map(int, done.stdout.split())
        found = f"strings {data / 1e6:.0f} MB, process with them and its model {with_both / 1e6:.0f} MB, at most {most / 1e6:.0f} MB"

        self.assertLess(most, with_both + 0.3 * data, found)
        print(found)


if __name__ == "__main__":
    if sys.argv[1:] == ["measure"]:
        measure()
    else:
        unittest.main()
