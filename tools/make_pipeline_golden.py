#!/usr/bin/env python3
"""Writes tests/golden/pipeline.json: what the transformers pipeline gives for the calls of python/tests/pipeline_calls.py.

Run in .oracle (`make goldens`).
"""
import json
import logging
import sys
from pathlib import Path

import torch
import transformers

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT / "python" / "tests"))
from pipeline_calls import CALLS, folders, of_transformers, outcome_of, task_of  # noqa: E402: beside the tests

logging.disable(logging.WARNING)
with folders() as models:
    outcomes = [outcome_of(lambda: transformers.pipeline(task_of(model), str(models[model]),
                                                         **of_transformers(arguments, models[model])), expression)
                for model, arguments, expression in CALLS]

golden = {"command": "make goldens", "versions": {"transformers": transformers.__version__, "torch": torch.__version__},
          "outcomes": outcomes}
(ROOT / "tests/golden/pipeline.json").write_text(json.dumps(golden, indent=1) + "\n", encoding="utf-8")
