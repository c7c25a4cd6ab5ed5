"""Answers to texts that come one by one: a generator, an iterator, a dataset of torch."""

from __future__ import annotations

import collections
import collections.abc
import sys
import time
from typing import Any, Callable, Iterable, Iterator

_LARGEST = 1024  # texts of a block, at most
_SHORT = 0.01  # seconds: what comes within them counts as there already
_LONG = 0.5  # seconds: a block that takes so long to answer has filled the machine


def is_stream(inputs: Any) -> bool:
    """Whether `inputs` is answered by an iterator and not by a list."""
    if isinstance(inputs, collections.abc.Iterator):
        return True
    torch_data = sys.modules.get("torch.utils.data")
    return torch_data is not None and isinstance(inputs, torch_data.Dataset)


class Answers(collections.abc.Iterator):
    """The answers, in order. Texts are read when an answer is asked for, on the thread that asks, a block at a time.
    The error of a text stands in the place of its answer, and what comes after it can still be asked for.

    With `batch_size` a block has that many texts. Without it the first block has one; the next are larger as long as texts
    come quickly, and reading one never takes much longer than answering it, so that a text which is waited for is answered
    alone."""

    def __init__(self, inputs: Iterable[Any], answer: Callable[[list[Any]], list[Any]], batch_size: int | None) -> None:
        self._length = len(inputs) if isinstance(inputs, collections.abc.Sized) else None
        self._items = _items(inputs)
        self._answer = answer
        self._size = _GrowingSize() if batch_size is None else _FixedSize(batch_size)
        self._outcomes: collections.deque[Any] = collections.deque()

    def __next__(self) -> Any:
        if not self._outcomes:
            self._outcomes.extend(self._next_block())
        outcome = self._outcomes.popleft()
        if isinstance(outcome, Exception):
            raise outcome
        return outcome

    def __len__(self) -> int:
        if self._length is None:
            raise TypeError("the inputs have no length")
        return self._length

    def _next_block(self) -> list[Any]:
        """At least one outcome; the last may be the end of the items, or their error."""
        block, end = self._read()
        if not block:
            return [end]
        began = time.monotonic()
        outcomes = _outcomes_of(block, self._answer)
        self._size.answered(len(block), time.monotonic() - began)
        return outcomes if end is None else [*outcomes, end]

    def _read(self) -> tuple[list[Any], Exception | None]:
        block: list[Any] = []
        began = time.monotonic()
        try:
            while len(block) < self._size.texts:
                block.append(next(self._items))
                if time.monotonic() - began > self._size.patience:
                    break
        except Exception as error:  # noqa: BLE001: StopIteration too; raised after the answers before it
            return block, error
        return block, None


class _FixedSize:
    patience = float("inf")

    def __init__(self, texts: int) -> None:
        self.texts = texts

    def answered(self, texts: int, seconds: float) -> None:
        pass


class _GrowingSize:
    """How many texts the next block has, and how many seconds it may be read."""

    def __init__(self) -> None:
        self.texts = 1
        self.patience = _SHORT

    def answered(self, texts: int, seconds: float) -> None:
        """`texts` of the last block, fewer than wanted where they came slowly, and what answering them took."""
        self.patience = max(_SHORT, seconds)
        if texts < self.texts or seconds > 2 * _LONG:
            self.texts = max(1, texts // 2)
        elif seconds < _LONG:
            self.texts = min(2 * texts, _LARGEST)


def _outcomes_of(block: list[Any], answer: Callable[[list[Any]], list[Any]]) -> list[Any]:
    """For each item its answer or its error. Which items an error is about is found by halves."""
    try:
        return answer(block)
    except Exception as error:  # noqa: BLE001: raised in its place
        if len(block) == 1:
            return [error]
    half = len(block) // 2
    return _outcomes_of(block[:half], answer) + _outcomes_of(block[half:], answer)


def _items(inputs: Iterable[Any]) -> Iterator[Any]:
    if isinstance(inputs, collections.abc.Sized) and hasattr(inputs, "__getitem__"):
        return (inputs[place] for place in range(len(inputs)))
    return iter(inputs)
