"""The native part of tastevin."""

from collections.abc import Iterator, Sequence
import os
import pathlib
from typing import Any, Literal

import numpy


class CheckpointError(RuntimeError): ...

class OverloadedError(RuntimeError): ...

class UnavailableError(RuntimeError): ...

class RejectedError(RuntimeError): ...

class ScoredLabel:
    """A label and its score."""

    def __init__(self, label: str, score: float) -> None: ...

    @property
    def label(self) -> str: ...

    @property
    def score(self) -> float: ...

    @property
    def id(self) -> int:
        """of the label: its place among the model's, or among those asked about"""

    def __iter__(self) -> Iterator[Any]:
        """`label, score = scored`"""

    def __getstate__(self) -> tuple[str, float, int]: ...

    def __setstate__(self, arg: tuple[str, float, int], /) -> None: ...

    def __repr__(self) -> str: ...

class WindowPrediction:
    """What a model says of a part of a long text."""

    @property
    def begin(self) -> int:
        """first code point of the text"""

    @property
    def end(self) -> int:
        """code point after the last"""

    @property
    def label(self) -> str: ...

    @property
    def score(self) -> float: ...

    def __getstate__(self) -> tuple[int, int, str, float]: ...

    def __setstate__(self, arg: tuple[int, int, str, float], /) -> None: ...

    def __repr__(self) -> str: ...

class Prediction:
    """The answer to one text."""

    @property
    def label(self) -> str:
        """the label with the highest score, whatever the threshold"""

    @property
    def score(self) -> float:
        """its score, from 0 to 1 but for a regression"""

    @property
    def scores(self) -> list[ScoredLabel]:
        """at most `top_k` labels at or above the threshold, best first"""

    @property
    def multi_label(self) -> bool:
        """whether several labels may hold at once"""

    @property
    def labels(self) -> list[str]:
        """of a model that gives several labels: those that hold, best first"""

    @property
    def logits(self) -> numpy.ndarray | None:
        """float32 [labels], in label-id order; None unless asked for"""

    @property
    def tokens(self) -> int:
        """tokens that the model saw, special ones counted"""

    @property
    def truncated(self) -> bool:
        """whether the text was cut to fit"""

    @property
    def windows(self) -> list[WindowPrediction]:
        """of a text that was read in more than one, in order"""

    def __getstate__(self) -> tuple[str, float, list[ScoredLabel], bool, list[str], list[float], int, bool, list[WindowPrediction]]: ...

    def __setstate__(self, arg: tuple[str, float, Sequence[ScoredLabel], bool, Sequence[str], Sequence[float], int, bool, Sequence[WindowPrediction]], /) -> None: ...

    def __repr__(self) -> str: ...

class Tokens:
    """One text (or pair) as tokens; all lists are equally long."""

    @property
    def ids(self) -> list[int]: ...

    @property
    def tokens(self) -> list[str]:
        """as the vocabulary spells them"""

    @property
    def offsets(self) -> list[tuple[int, int]]:
        """code points [begin, end) of each token's source"""

    @property
    def type_ids(self) -> list[int]:
        """0 first text, 1 second"""

    @property
    def special(self) -> list[int]:
        """1 where the template put the token"""

    @property
    def truncated(self) -> bool: ...

    def __len__(self) -> int: ...

    def __getstate__(self) -> tuple[list[int], list[str], list[tuple[int, int]], list[int], list[int], bool]: ...

    def __setstate__(self, arg: tuple[Sequence[int], Sequence[str], Sequence[tuple[int, int]], Sequence[int], Sequence[int], bool], /) -> None: ...

    def __repr__(self) -> str: ...

class Effect:
    """A word or sentence, and what it does to an answer."""

    @property
    def begin(self) -> int:
        """first code point of the text"""

    @property
    def end(self) -> int:
        """code point after the last"""

    @property
    def text(self) -> str: ...

    @property
    def effect(self) -> float:
        """
        the label's logit with this minus without it: above 0, it speaks for the label
        """

    def __getstate__(self) -> tuple[int, int, str, float]: ...

    def __setstate__(self, arg: tuple[int, int, str, float], /) -> None: ...

    def __repr__(self) -> str: ...

class Explanation:
    """Which words an answer rests on. A notebook shows them coloured."""

    @property
    def text(self) -> str: ...

    @property
    def label(self) -> str: ...

    @property
    def score(self) -> float:
        """of the label, for the whole text"""

    @property
    def logit(self) -> float:
        """the same"""

    @property
    def effects(self) -> list[Effect]:
        """in the order of the text"""

    @property
    def truncated(self) -> bool:
        """what the model did not see has no effect"""

    def __getstate__(self) -> tuple[str, str, float, float, list[Effect], bool]: ...

    def __setstate__(self, arg: tuple[str, str, float, float, Sequence[Effect], bool], /) -> None: ...

    def __repr__(self) -> str: ...

class ModelInfo:
    """What is known of a model without running it."""

    @property
    def folder(self) -> pathlib.Path: ...

    @property
    def form(self) -> str:
        """"checkpoint", "model folder", "OpenVINO IR" or "ONNX\""""

    @property
    def family(self) -> str:
        """`model_type` of the config, such as "distilbert\""""

    @property
    def weights(self) -> str:
        """types of the stored weights, such as "f16" or "f32, i64\""""

    @property
    def task(self) -> str:
        """"single_label", "multi_label" or "regression\""""

    @property
    def labels(self) -> list[str]:
        """in label-id order"""

    @property
    def layers(self) -> int: ...

    @property
    def hidden_size(self) -> int: ...

    @property
    def heads(self) -> int: ...

    @property
    def vocabulary(self) -> int:
        """tokens of the tokenizer"""

    @property
    def max_length(self) -> int:
        """
        tokens a text may have unless a call says otherwise, special ones counted
        """

    @property
    def positions(self) -> int:
        """
        tokens that it may have at all: more where the tokenizer's files say less; 0: no limit
        """

    @property
    def mask_token(self) -> str:
        """
        "[MASK]" or "<mask>", as the tokenizer has it; empty where it has neither
        """

    @property
    def parameters(self) -> int: ...

    @property
    def weight_bytes(self) -> int:
        """on disk"""

    @property
    def ignored(self) -> list[str]:
        """
        tensors of a checkpoint that no label needs: buffers, what only pretraining has
        """

    def __repr__(self) -> str: ...

class Device:
    """A device that OpenVINO finds on this machine."""

    @property
    def name(self) -> str:
        """as `device=` takes it: "CPU", "GPU.0\""""

    @property
    def full_name(self) -> str:
        """as its maker calls it"""

    def __repr__(self) -> str: ...

class Classifier:
    """Texts in, labels out; the native part of tastevin.Classifier."""

    def __init__(self, model: str | os.PathLike[str], *, device: str = '', precision: Literal['f32', 'bf16', 'f16'] = 'f32', mode: Literal['latency', 'throughput'] = 'throughput', threads: int = 0, no_calibration: bool = False, warm_up: bool = False, no_mmap: bool = False, cache_dir: str = '') -> None:
        """
        Loads a model: a checkpoint folder, a model folder, an .onnx file or a Hub id.

        FileNotFoundError when there is none, CheckpointError for a damaged one, NotImplementedError for a kind that is not
        run. Safe to call from many threads; not in a process forked after OpenVINO started (UnavailableError).

        Options:
            device: OpenVINO device: CPU, GPU, NPU, AUTO, ... (default: CPU when it is the only one, else AUTO)
            precision: type the model computes in
            mode: latency: all CPUs on one text; throughput: as many texts a second as possible
            threads: CPU threads to compute with; 0 is all that this process may use
            no_calibration: leave out the temperature and the thresholds that calibrate and threshold stored with the model
            warm_up: run requests of the common sizes while loading, so that no text waits for the first
            no_mmap: copy the weights into memory instead of mapping their files, which may then change while the model is loaded
            cache_dir: where models with int8 activations are kept compiled; none: nowhere (default: tastevin/compiled in the user's cache folder)
        """

    def classify(self, texts: Any, *, top_k: int = 1, threshold: float | None = None, function_to_apply: Literal['automatic', 'softmax', 'sigmoid', 'none'] = 'automatic', max_length: int = 0, truncation: Literal['right', 'left', 'error', 'automatic'] = 'automatic', pair_truncation: Literal['longest_first', 'only_first', 'only_second'] = 'longest_first', long: Literal['truncate', 'window'] = 'truncate', window: int = 0, stride: int = 0, aggregate: Literal['mean', 'max', 'first'] = 'mean', logits: bool = False, column: str | None = None) -> Any:
        """
        Labels and scores.

        `texts` is a str (one Prediction is returned) or several texts (a list of them, in order): a list or any iterable of
        str, of pairs (text, text_pair), of dicts with "text" and "text_pair"; a NumPy array; a column of pandas, polars or
        Arrow; or a table of theirs, whose `column` is read. Where none is named, its columns "text" and "text_pair" are
        pairs. ValueError names the text that is none.

        Options:
            top_k: labels to return per text, best first; 0 returns all
            threshold: leave out labels that score below this (0 to 1); a multi-label answer holds at 0.5 unless given
            function_to_apply: how logits become scores; automatic follows the model's problem type
            max_length: tokens a text may have, special tokens counted; 0 is the model's own limit
            truncation: what to do with a longer text: cut its end, cut its start, refuse it, or as the tokenizer's files say
            pair_truncation: which text of a pair is cut when both together are too long
            long: what becomes of a text over the limit: cut, or read whole in overlapping windows
            window: tokens of a window, special tokens counted; 0 is the limit
            stride: tokens that a window shares with the one before, half of it at most; 0 is a quarter
            aggregate: how the logits of windows become the text's
            logits: also return the raw logits, in label-id order
        """

    def logits(self, texts: Any, *, top_k: int = 1, threshold: float | None = None, function_to_apply: Literal['automatic', 'softmax', 'sigmoid', 'none'] = 'automatic', max_length: int = 0, truncation: Literal['right', 'left', 'error', 'automatic'] = 'automatic', pair_truncation: Literal['longest_first', 'only_first', 'only_second'] = 'longest_first', long: Literal['truncate', 'window'] = 'truncate', window: int = 0, stride: int = 0, aggregate: Literal['mean', 'max', 'first'] = 'mean', logits: bool = False, column: str | None = None) -> numpy.ndarray:
        """
        The raw logits of each text.

        float32 [texts, labels], in label-id order, without a copy. `texts` as in `classify`; one text gives one row.

        Options:
            top_k: labels to return per text, best first; 0 returns all
            threshold: leave out labels that score below this (0 to 1); a multi-label answer holds at 0.5 unless given
            function_to_apply: how logits become scores; automatic follows the model's problem type
            max_length: tokens a text may have, special tokens counted; 0 is the model's own limit
            truncation: what to do with a longer text: cut its end, cut its start, refuse it, or as the tokenizer's files say
            pair_truncation: which text of a pair is cut when both together are too long
            long: what becomes of a text over the limit: cut, or read whole in overlapping windows
            window: tokens of a window, special tokens counted; 0 is the limit
            stride: tokens that a window shares with the one before, half of it at most; 0 is a quarter
            aggregate: how the logits of windows become the text's
            logits: also return the raw logits, in label-id order
        """

    def scores(self, texts: Any, *, top_k: int = 1, threshold: float | None = None, function_to_apply: Literal['automatic', 'softmax', 'sigmoid', 'none'] = 'automatic', max_length: int = 0, truncation: Literal['right', 'left', 'error', 'automatic'] = 'automatic', pair_truncation: Literal['longest_first', 'only_first', 'only_second'] = 'longest_first', long: Literal['truncate', 'window'] = 'truncate', window: int = 0, stride: int = 0, aggregate: Literal['mean', 'max', 'first'] = 'mean', logits: bool = False, column: str | None = None) -> numpy.ndarray:
        """
        The score of each label for each text.

        float32 [texts, labels], in label-id order, without a copy. `texts` as in `classify`; one text gives one row.

        Options:
            top_k: labels to return per text, best first; 0 returns all
            threshold: leave out labels that score below this (0 to 1); a multi-label answer holds at 0.5 unless given
            function_to_apply: how logits become scores; automatic follows the model's problem type
            max_length: tokens a text may have, special tokens counted; 0 is the model's own limit
            truncation: what to do with a longer text: cut its end, cut its start, refuse it, or as the tokenizer's files say
            pair_truncation: which text of a pair is cut when both together are too long
            long: what becomes of a text over the limit: cut, or read whole in overlapping windows
            window: tokens of a window, special tokens counted; 0 is the limit
            stride: tokens that a window shares with the one before, half of it at most; 0 is a quarter
            aggregate: how the logits of windows become the text's
            logits: also return the raw logits, in label-id order
        """

    def tokenize(self, texts: Any, *, max_length: int = 0, truncation: Literal['right', 'left', 'error', 'automatic'] = 'automatic', no_special: bool = False) -> Any:
        """
        The tokens of each text, as the model's tokenizer makes them: Tokens, or a list of them.

        Options:
            max_length: tokens a text may have, special tokens counted; 0 is no limit
            truncation: what to do with a longer text: cut its end, cut its start, refuse it, or as the tokenizer's files say
            no_special: leave out the special tokens that the model's template adds
        """

    def explain(self, texts: Any, *, by: Literal['word', 'sentence'] = 'word', occlusion: Literal['leave_out', 'mask'] = 'leave_out', mask_token: str = '', label: str | int = '', max_length: int = 0, truncation: Literal['right', 'left', 'error', 'automatic'] = 'automatic', pair_truncation: Literal['longest_first', 'only_first', 'only_second'] = 'longest_first', long: Literal['truncate', 'window'] = 'truncate', window: int = 0, stride: int = 0, aggregate: Literal['mean', 'max', 'first'] = 'mean') -> Any:
        """
        Which words each answer rests on: Explanation, or a list of them. A text of n words costs as much as n + 1 texts.

        Options:
            by: what is taken out at a time
            occlusion: how: left out, or replaced by the mask token
            mask_token: token that a mask is (default: [MASK] or <mask>, as the model has it)
            label: the label to explain, by name or id (default: each text's own)
            max_length: tokens a text may have, special tokens counted; 0 is the model's own limit
            truncation: what to do with a longer text: cut its end, cut its start, refuse it, or as the tokenizer's files say
            pair_truncation: which text of a pair is cut when both together are too long
            long: what becomes of a text over the limit: cut, or read whole in overlapping windows
            window: tokens of a window, special tokens counted; 0 is the limit
            stride: tokens that a window shares with the one before, half of it at most; 0 is a quarter
            aggregate: how the logits of windows become the text's
        """

    def evaluate(self, texts: Any, labels: Any, *, bootstrap: int = 1000, worst: int = 10, max_length: int = 0, truncation: Literal['right', 'left', 'error', 'automatic'] = 'automatic', pair_truncation: Literal['longest_first', 'only_first', 'only_second'] = 'longest_first', long: Literal['truncate', 'window'] = 'truncate', window: int = 0, stride: int = 0, aggregate: Literal['mean', 'max', 'first'] = 'mean') -> dict[str, Any]:
        """
        How good the answers are, with scikit-learn's figures of the same names: the report of
        `tastevin evaluate --json`. `labels` are names or ids, numbers for a regression, lists of
        labels for a model that gives several.

        Options:
            bootstrap: samples of the texts from which 95 % intervals are taken; 0 gives none
            worst: wrong answers to list, the surest first
            max_length: tokens a text may have, special tokens counted; 0 is the model's own limit
            truncation: what to do with a longer text: cut its end, cut its start, refuse it, or as the tokenizer's files say
            pair_truncation: which text of a pair is cut when both together are too long
            long: what becomes of a text over the limit: cut, or read whole in overlapping windows
            window: tokens of a window, special tokens counted; 0 is the limit
            stride: tokens that a window shares with the one before, half of it at most; 0 is a quarter
            aggregate: how the logits of windows become the text's
        """

    def close(self) -> None:
        """Gives the memory back; later calls are refused with UnavailableError."""

    @property
    def closed(self) -> bool: ...

    @property
    def model(self) -> Any:
        """as it was given"""

    @property
    def info(self) -> ModelInfo: ...

    @property
    def labels(self) -> list[str]:
        """in label-id order"""

    @property
    def device(self) -> str:
        """where it runs: "CPU\""""

    @property
    def precision(self) -> str:
        """as the compiled model says: "f32", "bf16" or "f16\""""

    @property
    def threads(self) -> int:
        """CPU threads it computes with"""

    @property
    def streams(self) -> int:
        """requests side by side"""

def zero_shot(classifier: Classifier, texts: Any, labels: Any, *, template: str = 'This example is {}.', multi_label: bool = False) -> Any:
    """
    Labels that no model was trained for, judged by a model of natural language inference: the Prediction of each text has every
    label with its score, best first. NotImplementedError for a model whose labels name no entailment.

    Options:
        template: what is judged of each label, which takes the place of {}
        multi_label: judge each label on its own; several may hold, and scores do not sum up to 1
    """

def convert(checkpoint: str | os.PathLike[str], out: str | os.PathLike[str], *, weights: Literal['keep', 'f32', 'f16'] = 'keep') -> ModelInfo:
    """
    Converts a checkpoint (a folder or a Hub id) into the model folder `out`, which appears whole or not at all.

    Options:
        weights: type of the stored weights; keep stores each as the checkpoint does
    """

def inspect(model: str | os.PathLike[str]) -> ModelInfo:
    """What is known of a model without running it."""

def pull(id: str) -> pathlib.Path:
    """
    Brings a model of the Hugging Face Hub (`ID` or `ID@REVISION`) into the standard cache; its folder.
    """

def devices() -> list[Device]:
    """Every device that OpenVINO finds, in its order."""
