"""The tokenizer's keyword arguments that a pipeline takes in transformers, as options of `Classifier.logits`."""

from __future__ import annotations

import json
import operator
from pathlib import Path
from typing import Any

_STRATEGIES = {"only_first", "only_second", "longest_first", "do_not_truncate"}
_PADDINGS = {"longest", "max_length", "do_not_pad"}
# Padding changes no answer, and a stride none without overflowing tokens.
_WITHOUT_EFFECT = {"pad_to_multiple_of", "padding_side", "return_attention_mask", "return_token_type_ids", "stride", "verbose"}
_ANY = 2**31 - 1  # tokens
_ONLY = {
    "add_special_tokens": True,
    "is_split_into_words": False,
    "return_length": False,
    "return_offsets_mapping": False,
    "return_overflowing_tokens": False,
    "return_special_tokens_mask": False,
}


class TokenizerKeywords:
    """What a model's tokenizer says about cutting, and the translation of a call's keywords."""

    def __init__(self, folder: Path, positions: int) -> None:
        """`positions` are the tokens that the model computes at most; 0: any number."""
        self._limit = positions or _ANY
        self._side = _truncation_side(folder)

    def options(self, keywords: dict[str, Any]) -> dict[str, Any]:
        """TypeError for an unknown keyword, ValueError (of `max_length` TypeError and OverflowError, as in transformers) for a
        value that no tokenizer takes, NotImplementedError for what is not to be had here. Without truncation a
        text over the model's positions is an error, as it is in torch."""
        _check(keywords)
        padding = _padding_of(keywords.get("padding", False))
        max_length = keywords.get("max_length")
        strategy = _strategy_of(keywords.get("truncation"), padding, max_length)
        if strategy is None:
            return {"truncation": "error", "max_length": self._limit}
        options = {"truncation": self._side, "pair_truncation": strategy}
        if max_length is None:
            return options
        try:
            max_length = operator.index(max_length)
        except TypeError:
            raise TypeError(f"max_length: expected a whole number, found {max_length!r}") from None
        if max_length < 0:
            raise OverflowError(f"max_length: expected a whole number from 0 on, found {max_length}")
        if max_length > self._limit:  # nothing is cut that the model could read, and what it cannot is an error
            return {"truncation": "error", "max_length": self._limit}
        return options | {"max_length": max_length}


def _truncation_side(folder: Path) -> str:
    """What tokenizer_config.json says; "right" where it says nothing. A file that cannot be read was an error when the
    model was loaded."""
    file = folder / "tokenizer_config.json"
    if not file.is_file():
        return "right"
    return "left" if json.loads(file.read_text(encoding="utf-8")).get("truncation_side") == "left" else "right"


def _check(keywords: dict[str, Any]) -> None:
    for name, value in keywords.items():
        if name in _WITHOUT_EFFECT or name in ("padding", "truncation", "max_length"):
            continue
        if name not in _ONLY:
            raise TypeError(f"the pipeline got an unexpected keyword argument '{name}'")
        if value is not None and value != _ONLY[name]:
            raise NotImplementedError(f"{name}: expected {_ONLY[name]!r}, found {value!r}")


def _padding_of(padding: Any) -> str | None:
    if padding is False:
        return None
    name = "longest" if padding is True else getattr(padding, "value", padding)
    if name not in _PADDINGS:
        raise ValueError(f"padding: expected a bool or one of {sorted(_PADDINGS)}, found {padding!r}")
    return name


def _strategy_of(truncation: Any, padding: str | None, max_length: Any) -> str | None:
    """Which text of a pair is cut; None where nothing is. A `max_length` alone cuts too, but not beside `padding`."""
    if truncation is None:
        return "longest_first" if max_length is not None and padding is None else None
    if isinstance(truncation, bool):
        return "longest_first" if truncation else None
    name = getattr(truncation, "value", truncation)
    if name not in _STRATEGIES:
        raise ValueError(f"truncation: expected a bool or one of {sorted(_STRATEGIES)}, found {truncation!r}")
    return None if name == "do_not_truncate" else name
