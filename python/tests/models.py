"""The models of the tests, loaded once a process."""

import functools
import json
from pathlib import Path

import tastevin

ROOT = Path(__file__).resolve().parent.parent.parent
BUNDLED = ROOT / "models" / "sst2-tiny"
THREE = ROOT / "tests" / "golden" / "tiny" / "gelu-f32"
MULTI_LABEL = ROOT / "tests" / "golden" / "tiny" / "relu-f16-multi-label"
REGRESSION = ROOT / "tests" / "golden" / "tiny" / "gelu-bf16-regression"
LOGIT_TOLERANCE = 1e-4  # of f32 against transformers


@functools.cache
def loaded(folder=BUNDLED):
    return tastevin.Classifier(folder)


def golden_cases(folder=BUNDLED):
    file = ROOT / "tests/golden/sst2_tiny.json" if folder == BUNDLED else folder / "golden.json"
    return [case for case in json.loads(file.read_text())["cases"] if "pair" not in case]
