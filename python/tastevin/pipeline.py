"""`tastevin.pipeline`: the calls, answers and errors of the transformers pipelines for texts (version 4.57.6), computed here.

    pipe = tastevin.pipeline("text-classification", model="distilbert-base-uncased-finetuned-sst-2-english")
    pipe("I had a wonderful day")      # [{'label': 'POSITIVE', 'score': 0.9998}]

docs/python.md has the table of what is accepted, refused and without effect.
"""

from __future__ import annotations

import contextlib
import os
import warnings
from typing import Any, Iterator

from tastevin._classifier import Classifier
from tastevin._text_pipeline import ClassificationFunction, TextClassificationPipeline
from tastevin._zero_shot_pipeline import ZeroShotClassificationPipeline
from tastevin._native import devices

__all__ = ["ClassificationFunction", "TextClassificationPipeline", "ZeroShotClassificationPipeline", "pipeline"]

_TASKS = {
    "sentiment-analysis": TextClassificationPipeline,
    "text-classification": TextClassificationPipeline,
    "zero-shot-classification": ZeroShotClassificationPipeline,
}
_DEFAULT_MODELS = {
    TextClassificationPipeline: "distilbert/distilbert-base-uncased-finetuned-sst-2-english",
    ZeroShotClassificationPipeline: "facebook/bart-large-mnli",
}
_PRECISIONS = {"auto": "f32", "float32": "f32", "float": "f32", "float16": "f16", "half": "f16", "bfloat16": "bf16"}
_WITHOUT_EFFECT = {"use_fast", "trust_remote_code"}
_ONLY_NONE = {"feature_extractor", "image_processor", "processor", "pipeline_class"}
_OF_THE_CLASSIFIER = {"mode", "threads", "precision", "cache_dir", "warm_up", "no_mmap"}


def pipeline(task: str | None = None, model: Any = None, config: Any = None, tokenizer: Any = None, **parameters: Any) -> Any:
    """A callable that answers as the transformers pipeline of the same task.

    `model` is a folder, a Hub id or a loaded `tastevin.Classifier`. `parameters` are those of transformers (`device`,
    `dtype`, `revision`, `batch_size`, `top_k`, ...) and `mode`, `threads`, `precision`, `cache_dir`, `warm_up` and
    `no_mmap` of `Classifier`. KeyError for an unknown task; NotImplementedError for a parameter that cannot be had here.
    """
    if config is not None:
        raise NotImplementedError("config: not to be had here (docs/python.md), expected None")
    kind = _kind_of(task, model)
    if model is None:
        model = _default_model(kind, tokenizer)
    loading = _take_loading(parameters)
    _check_model(model)
    _check_tokenizer(tokenizer, model)
    if isinstance(model, Classifier):
        if loading:
            raise ValueError(f"a loaded Classifier takes no {', '.join(sorted(loading))}")
        return kind(model, task=task, **parameters)
    return kind(_load(model, **loading), task=task, **parameters)


def _kind_of(task: str | None, model: Any) -> type:
    if task is None:
        if model is None:
            raise RuntimeError("a pipeline needs a task or a model: found neither")
        return TextClassificationPipeline
    if task not in _TASKS:
        raise KeyError(f"unknown task '{task}': expected one of {sorted(_TASKS)}")
    return _TASKS[task]


def _default_model(kind: type, tokenizer: Any) -> str:
    if tokenizer is not None:
        raise RuntimeError("a tokenizer was given without its model")
    model = _DEFAULT_MODELS[kind]
    warnings.warn(f"no model was given: {model} is taken, as transformers does", UserWarning, stacklevel=3)
    return model


def _take_loading(parameters: dict[str, Any]) -> dict[str, Any]:
    """Takes out of `parameters` what concerns loading and gives it as arguments of `_load`."""
    for name in _ONLY_NONE & parameters.keys():
        if parameters.pop(name) is not None:
            raise NotImplementedError(f"{name}: not to be had here (docs/python.md), expected None")
    for name in _WITHOUT_EFFECT & parameters.keys():
        parameters.pop(name)
    if (framework := parameters.pop("framework", None)) not in (None, "pt"):
        kind = NotImplementedError if framework in ("tf", "flax") else ValueError
        raise kind(f"framework: expected 'pt', found {framework!r}")
    if parameters.pop("model_kwargs", None):
        raise NotImplementedError("model_kwargs: expected none")
    loading = {name: parameters.pop(name) for name in _OF_THE_CLASSIFIER & parameters.keys()}
    precision = _precision_of(parameters.pop("torch_dtype", None), parameters.pop("dtype", "auto"))
    device = _device_of(parameters.pop("device", None), parameters.pop("device_map", None))
    if precision is not None:
        # Torch computes in float16 on any CPU, OpenVINO on few. The answers are those of f32 but for rounding.
        loading.setdefault("precision", "f32" if precision == "f16" and _is_cpu(device) else precision)
    if device is not None:
        loading["device"] = device
    if (revision := parameters.pop("revision", None)) is not None:
        loading["revision"] = revision
    if (token := _token_of(parameters)) is not None:
        loading["token"] = token
    return loading


def _token_of(parameters: dict[str, Any]) -> str | bool | None:
    """`use_auth_token` is the older name."""
    given = [token for name in ("use_auth_token", "token") if (token := parameters.pop(name, None)) is not None]
    if len(given) > 1:
        raise ValueError("token: expected one, found use_auth_token beside it")
    if given and not isinstance(given[0], (str, bool)):
        raise ValueError(f"token: expected a str or a bool, found {type(given[0]).__name__}")
    return given[0] if given else None


def _precision_of(torch_dtype: Any, dtype: Any) -> str | None:
    """`dtype` wins where both are given. "auto" is f32 whatever the weights are stored in."""
    chosen = torch_dtype if dtype == "auto" else dtype
    if chosen is None or chosen == "auto":
        return None
    name = str(chosen).removeprefix("torch.")
    if name not in _PRECISIONS:
        raise ValueError(f"dtype: expected one of {sorted(_PRECISIONS)}, found {chosen!r}")
    return _PRECISIONS[name]


def _device_of(device: Any, device_map: Any) -> str | None:
    """-1 and "cpu" are the CPU; a number is that GPU where there is one, else the CPU, as in transformers; other names
    are OpenVINO's. None leaves the choice to `Classifier`."""
    if device_map not in (None, "auto", "cpu"):
        raise NotImplementedError(f"device_map: expected 'auto' or 'cpu', found {device_map!r}")
    if device is None:
        return "CPU" if device_map == "cpu" else None
    if isinstance(device, int):
        gpus = [found.name for found in devices() if found.name.startswith("GPU")] if device >= 0 else []
        return gpus[device] if device < len(gpus) and gpus else "CPU"
    name = str(device).upper()
    kind, _, number = name.partition(":")
    if kind == "CPU":
        return "CPU"
    if kind in ("CUDA", "MPS", "XPU", "HPU", "MLU", "MUSA") or number.isdecimal():
        raise ValueError(f"device: expected 'cpu', a number or a device of OpenVINO, found {device!r}")
    return name


def _is_cpu(device: str | None) -> bool:
    return device == "CPU" or (device is None and all(found.name == "CPU" for found in devices()))


def _check_model(model: Any) -> None:
    if not isinstance(model, (str, os.PathLike, Classifier)):
        raise TypeError(f"model: expected a folder, a Hub id or a tastevin.Classifier, found {type(model).__name__}; "
                        "tastevin.export_torch makes a folder of a model in memory")


def _check_tokenizer(tokenizer: Any, model: Any) -> None:
    """The tokenizer is always the model's own; one that is given must be that."""
    if tokenizer is None:
        return
    name = tokenizer if isinstance(tokenizer, (str, os.PathLike)) else getattr(tokenizer, "name_or_path", None)
    model = getattr(model, "model", model)
    if name is None or not _is_same(os.fspath(name), os.fspath(model)):
        raise NotImplementedError(f"tokenizer: expected that of the model, {str(model)!r}, found {str(name)!r}")


def _is_same(one: str, other: str) -> bool:
    return one == other or (os.path.exists(one) and os.path.exists(other) and os.path.samefile(one, other))


def _load(model: str | os.PathLike[str], revision: str | None = None, token: str | bool | None = None,
          **options: Any) -> Classifier:
    if revision is not None and not os.path.exists(model):
        model = f"{os.fspath(model)}@{revision}"
    with _token_for_the_hub(token):
        return Classifier(model, **options)


@contextlib.contextmanager
def _token_for_the_hub(token: str | bool | None) -> Iterator[None]:
    """The Hub's client reads the environment, which has `token` meanwhile; False sends none, True and None what is there."""
    wanted = {}
    if isinstance(token, str):
        wanted = {"HF_TOKEN": token, "HF_HUB_DISABLE_IMPLICIT_TOKEN": "0"}
    elif token is False:
        wanted = {"HF_HUB_DISABLE_IMPLICIT_TOKEN": "1"}
    before = {name: os.environ.get(name) for name in wanted}
    os.environ.update(wanted)
    try:
        yield
    finally:
        for name, value in before.items():
            if value is None:
                os.environ.pop(name, None)
            else:
                os.environ[name] = value
