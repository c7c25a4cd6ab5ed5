"""Answers to texts that come one by one: a generator, an iterator, a dataset of torch."""

from __future__ import annotations

import collections.abc
import itertools
import queue
import sys
import threading
from typing import Any, Callable, Iterable, Iterator

_READ_AHEAD = 1024  # texts that are read before they are asked for, at most
_END = object()


def is_stream(inputs: Any) -> bool:
    """Whether `inputs` is answered by an iterator and not by a list."""
    if isinstance(inputs, collections.abc.Iterator):
        return True
    torch_data = sys.modules.get("torch.utils.data")
    return torch_data is not None and isinstance(inputs, torch_data.Dataset)


class Answers(collections.abc.Iterator):
    """The answers, in order, each as soon as it is there. Without `batch_size` another thread reads ahead, so that texts
    which come quickly run many at once and one that is waited for is answered alone. With it, that many texts are read
    on the caller's own thread, then answered."""

    def __init__(self, inputs: Iterable[Any], answer: Callable[[list[Any]], list[Any]], batch_size: int | None) -> None:
        self._size = len(inputs) if isinstance(inputs, collections.abc.Sized) else None
        blocks = _read_ahead(_items(inputs)) if batch_size is None else _blocks(_items(inputs), batch_size)
        self._answers = itertools.chain.from_iterable(map(answer, blocks))

    def __next__(self) -> Any:
        return next(self._answers)

    def __len__(self) -> int:
        if self._size is None:
            raise TypeError("the inputs have no length")
        return self._size


def _items(inputs: Iterable[Any]) -> Iterator[Any]:
    if isinstance(inputs, collections.abc.Sized) and hasattr(inputs, "__getitem__"):
        return (inputs[place] for place in range(len(inputs)))
    return iter(inputs)


def _blocks(items: Iterator[Any], size: int) -> Iterator[list[Any]]:
    while block := list(itertools.islice(items, size)):
        yield block


def _read_ahead(items: Iterator[Any]) -> Iterator[list[Any]]:
    """Blocks of whatever has come meanwhile. An error of `items` is raised after all that came before it."""
    ready: queue.Queue[Any] = queue.Queue(_READ_AHEAD)
    gone = threading.Event()
    reader = threading.Thread(target=_read, args=(items, ready, gone), name="tastevin-read-ahead", daemon=True)
    reader.start()
    try:
        while True:
            block, end = _waiting(ready)
            if block:
                yield block
            if isinstance(end, BaseException):
                raise end
            if end is _END:
                return
    finally:
        gone.set()
        _drain(ready)


def _read(items: Iterator[Any], ready: queue.Queue[Any], gone: threading.Event) -> None:
    end: Any = _END
    try:
        for item in items:
            ready.put((item,))
            if gone.is_set():
                return
    except BaseException as error:  # noqa: BLE001: raised on the caller's thread
        end = error
    ready.put(end)


def _waiting(ready: queue.Queue[Any]) -> tuple[list[Any], Any]:
    """At least one item, or the end."""
    block: list[Any] = []
    entry = ready.get()
    while isinstance(entry, tuple):
        block.append(entry[0])
        try:
            entry = ready.get_nowait()
        except queue.Empty:
            return block, None
    return block, entry


def _drain(ready: queue.Queue[Any]) -> None:
    """Makes room, so that a reader that waits for it sees that nobody reads any more."""
    try:
        while True:
            ready.get_nowait()
    except queue.Empty:
        pass
