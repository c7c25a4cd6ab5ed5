"""Native text classification on OpenVINO: a Hugging Face checkpoint in, labels out.

    import tastevin

    classifier = tastevin.Classifier("distilbert-base-uncased-finetuned-sst-2-english")
    classifier.classify("I had a wonderful day")           # Prediction(label='POSITIVE', score=0.9998)
    classifier.predict_proba(table["review"])              # NumPy float32 [texts, labels]
"""

from pathlib import Path

from tastevin._classifier import Classifier
from tastevin._native import (
    CheckpointError,
    Device,
    Effect,
    Explanation,
    ModelInfo,
    OverloadedError,
    Prediction,
    RejectedError,
    ScoredLabel,
    Tokens,
    UnavailableError,
    WindowPrediction,
    __version__,
    convert,
    devices,
    inspect,
    pull,
    zero_shot,
)
from tastevin.pipeline import pipeline

__all__ = [
    "CheckpointError",
    "Classifier",
    "Device",
    "Effect",
    "Explanation",
    "ModelInfo",
    "OverloadedError",
    "Prediction",
    "RejectedError",
    "ScoredLabel",
    "Tokens",
    "UnavailableError",
    "WindowPrediction",
    "__version__",
    "bundled_model",
    "convert",
    "devices",
    "export_torch",
    "inspect",
    "pipeline",
    "pull",
    "zero_shot",
]


def bundled_model() -> Path:
    """The folder of the small sentiment model that comes with the package."""
    return Path(__file__).parent / "share/tastevin/models/sst2-tiny"


def __getattr__(name: str) -> object:
    # Not imported before it is used, so that `python -m tastevin.export` runs its module once.
    if name == "export_torch":
        from tastevin.export import export_torch

        return export_torch
    raise AttributeError(f"module 'tastevin' has no attribute '{name}'")
