"""The calls of pipelines that are compared with transformers: live in tests/oracle, and by their goldens here.

A call is a model, the arguments of `pipeline`, and an expression of `pipe`. What it gives is an outcome: a value, or the
name of the error's class. Where the two differ, docs/python.md has a row.
"""

import contextlib
import json
import shutil
import tempfile
import warnings
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
TINY = ROOT / "tests" / "golden" / "tiny"
FOLDERS = {
    "sst2": ROOT / "models" / "sst2-tiny",
    "three": TINY / "gelu-f32",
    "several": TINY / "relu-f16-multi-label",
    "stars": TINY / "gelu-bf16-regression",
    "one": TINY / "gelu-f64-one-label",
    "inference": TINY / "gelu-f32",  # with the labels of natural language inference
    "short": ROOT / "models" / "sst2-tiny",  # whose tokenizer says fewer tokens than the model has positions
}
# What is changed of a folder: file, members.
CHANGED = {
    "inference": ("config.json", {"id2label": {"0": "CONTRADICTION", "1": "neutral", "2": "Entailment"},
                                  "label2id": {"CONTRADICTION": 0, "neutral": 1, "Entailment": 2}}),
    "short": ("tokenizer_config.json", {"model_max_length": 8}),
}
MODEL = "MODEL"  # of an argument: the model's folder
SCORE_TOLERANCE = 1e-4  # of f32 against torch

CALLS = [
    *((model, {}, expression)
      for model in ("sst2", "three", "several", "stars", "one")
      for expression in ("pipe('a good film')", "pipe('a good film', top_k=None)", "pipe(['a good film', 'not good'])")),
    ("sst2", {}, "pipe('a good film', top_k=1)"),
    ("sst2", {}, "pipe(['good', 'bad', 'good'], top_k=None)"),
    ("sst2", {}, "pipe(['good', 'bad'], top_k=5, batch_size=2)"),
    ("sst2", {}, "pipe([])"),
    ("sst2", {}, "pipe('')"),
    ("sst2", {}, "pipe({'text': 'a good film'})"),
    ("sst2", {}, "pipe({'text': 'a good film', 'text_pair': 'not good'})"),
    ("sst2", {}, "pipe([{'text': 'a good film', 'text_pair': 'not good'}])"),
    ("sst2", {}, "pipe([['a good film', 'not good']])"),
    ("sst2", {}, "pipe([[['a good film', 'not good']]])"),
    ("sst2", {}, "pipe([['a', 'b'], ['c', 'd']])"),
    ("sst2", {}, "list(pipe(text for text in ['good', 'bad', 'good']))"),
    ("sst2", {}, "list(pipe((text for text in ['good', 'bad', 'good']), batch_size=2, top_k=None))"),
    ("sst2", {}, "pipe('a good film', function_to_apply='sigmoid')"),
    ("sst2", {}, "pipe('a good film', function_to_apply='SOFTMAX', top_k=None)"),
    ("sst2", {}, "pipe('a good film', function_to_apply='none', top_k=None)"),
    ("sst2", {}, "pipe('a good film', function_to_apply='default')"),
    ("sst2", {}, "pipe('a good film', return_all_scores=True)"),
    ("sst2", {}, "pipe('a good film', return_all_scores=False)"),
    ("sst2", {}, "pipe('one two three four five six', truncation=True, max_length=5)"),
    ("sst2", {}, "pipe('good ' * 700, truncation=True, max_length=512)"),
    ("sst2", {}, "pipe(['a', 'a much longer text'], padding=True, truncation='longest_first')"),
    ("sst2", {}, "pipe('a good film', truncation='nonsense')"),
    ("sst2", {}, "pipe(None)"),
    ("sst2", {}, "pipe('a good film', text_pair='not good')"),
    ("sst2", {}, "pipe(['a good film', 'dull'], text_pair='not good', top_k=None)"),
    ("sst2", {}, "pipe(['a', 'b'], text_pair=['c', 'd'])"),
    ("sst2", {}, "pipe('a good film', text_pair=None)"),
    ("sst2", {}, "pipe({'sentence': 'a good film'})"),
    ("sst2", {}, "pipe({'text': 'a good film', 'text_pair': ''})"),
    ("several", {}, "pipe('a good film', text_pair='')"),
    ("sst2", {}, "pipe('a good film', return_attention_mask=True)"),
    ("sst2", {}, "pipe('a good film', return_token_type_ids=False)"),
    ("sst2", {}, "pipe('one two three four five', truncation=True, max_length=__import__('numpy').int64(4))"),
    ("sst2", {"num_workers": -1}, "pipe(['a good film'])"),
    ("sst2", {}, "pipe('a good film', padding=None)"),
    ("sst2", {}, "pipe('a good film', truncation=True, max_length=-1)"),
    ("sst2", {}, "pipe('a good film', truncation=True, max_length=5.0)"),
    ("sst2", {}, "pipe('a good film', num_workers=-1)"),
    ("sst2", {}, "pipe(['a good film'], num_workers=-1)"),
    ("sst2", {"text_pair": "not good"}, "pipe('a good film')"),
    ("sst2", {"top_k": None}, "pipe('a good film')"),
    ("sst2", {"top_k": 1}, "pipe(['good', 'bad'])"),
    ("sst2", {"function_to_apply": "none"}, "pipe('a good film')"),
    ("sst2", {"return_all_scores": True}, "pipe('a good film')"),
    ("sst2", {"device": "cpu", "batch_size": 4}, "pipe(['good', 'bad'])"),
    *(("sst2", arguments, "pipe(['a good film', 'not good'])")
      for arguments in ({"device": -1}, {"device": 0}, {"dtype": "float32"}, {"torch_dtype": "float32"}, {"framework": "pt"},
                        {"framework": "jax"}, {"revision": "main"}, {"use_fast": True}, {"trust_remote_code": False},
                        {"tokenizer": MODEL}, {"tokenizer": MODEL + "/"}, {"token": False}, {"token": "hf_x"},
                        {"num_workers": 1}, {"nonsense": 1})),
    ("sst2", {}, "list(pipe((text for text in ['good', 'bad']), num_workers=1))"),
    ("three", {}, "pipe('a good film', top_k=2)"),
    *(("short", {}, f"pipe('one two three four five six seven eight nine ten'{keywords})")
      for keywords in ("", ", truncation=True", ", truncation=True, max_length=10", ", truncation=True, max_length=512")),
    ("several", {}, "pipe('a good film', function_to_apply='softmax', top_k=None)"),
    ("stars", {}, "pipe('a good film', function_to_apply='sigmoid')"),
    ("inference", {}, "pipe('the film was good', ['good', 'bad', 'slow'])"),
    ("inference", {}, "pipe('the film was good', candidate_labels='good, bad,slow')"),
    ("inference", {}, "pipe(['the film was good', 'a slow plot'], candidate_labels=['good', 'bad'])"),
    ("inference", {}, "pipe('a slow plot', ['slow', 'good'], multi_label=True)"),
    ("inference", {}, "pipe('a slow plot', ['slow', 'good'], multi_class=True)"),
    ("inference", {"device": -1}, "pipe('a slow plot', ['slow', 'good'])"),
    ("inference", {}, "pipe('a slow plot', ['slow'])"),
    ("inference", {}, "pipe('a slow plot', ['slow', 'bad'], hypothesis_template='the film was {}')"),
    ("inference", {}, "pipe('a slow plot', ['slow'], hypothesis_template='nothing')"),
    ("inference", {}, "pipe('a slow plot', [])"),
    ("inference", {}, "pipe('', ['slow'])"),
    ("inference", {}, "pipe('a slow plot')"),
]

# The rows of docs/python.md: what transformers gives, and what is given here: an error, or any value.
VALUE = "value"
DIFFERENT = [
    ("sst2", {}, "pipe('good ' * 700)", "RuntimeError", "ValueError"),
    ("sst2", {}, "pipe('good ' * 700, truncation=True)", "RuntimeError", VALUE),  # whose tokenizer names no limit
    ("sst2", {}, "pipe('a', truncation=True, max_length=1)", VALUE, "ValueError"),
    ("sst2", {}, "pipe('\\ud800')", "TypeError", "ValueError"),
    ("sst2", {}, "pipe(('a', 'b'))", VALUE, "ValueError"),
    ("sst2", {}, "pipe([('a', 'b')])", VALUE, "ValueError"),
    ("sst2", {}, "pipe({'text': 'a', 'truncation': True})", VALUE, "TypeError"),
    ("sst2", {}, "pipe('a', add_special_tokens=False)", VALUE, "NotImplementedError"),
    ("sst2", {}, "pipe.tokenizer", VALUE, "AttributeError"),
    ("sst2", {}, "pipe.preprocess('a')", VALUE, "AttributeError"),
    ("sst2", {"device": "cuda"}, "pipe('a')", "RuntimeError", "ValueError"),
    ("sst2", {"dtype": "float12"}, "pipe('a')", "AttributeError", "ValueError"),
    ("sst2", {"framework": "tf"}, "pipe('a')", "ValueError", "NotImplementedError"),
    ("sst2", {"config": MODEL}, "pipe('a')", VALUE, "NotImplementedError"),
    ("sst2", {"processor": MODEL}, "pipe('a')", VALUE, "NotImplementedError"),
    ("sst2", {"model_kwargs": {"output_attentions": True}}, "pipe('a')", VALUE, "NotImplementedError"),
    ("sst2", {"tokenizer": str(FOLDERS["three"])}, "pipe('a')", VALUE, "NotImplementedError"),
    ("inference", {}, "pipe(5, ['slow'])", "TypeError", "ValueError"),
    ("inference", {}, "pipe({'a': 1}, ['slow'])", "KeyError", "ValueError"),
]


def filled(arguments, folder):
    """The arguments with the model's folder where they name it."""
    return {name: value.replace(MODEL, str(folder)) if isinstance(value, str) else value for name, value in arguments.items()}


def of_transformers(arguments, folder):
    """The same for transformers: in f32 on the CPU, as here, unless they say otherwise."""
    given = filled(arguments, folder)
    return {"device": "cpu"} | ({} if given.keys() & {"dtype", "torch_dtype"} else {"dtype": "float32"}) | given


def task_of(model):
    return "zero-shot-classification" if model == "inference" else "text-classification"


@contextlib.contextmanager
def folders():
    """{model: folder}; of those that are changed it is a copy."""
    with tempfile.TemporaryDirectory() as scratch:
        copies = {}
        for model, (name, members) in CHANGED.items():
            copies[model] = Path(shutil.copytree(FOLDERS[model], Path(scratch) / model))
            settings = json.loads((copies[model] / name).read_text()) | members
            (copies[model] / name).write_text(json.dumps(settings))
        yield FOLDERS | copies


def outcome_of(pipe_of, expression):
    """`pipe_of` makes the pipeline; an error of its own counts too."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            return {"value": eval(expression, {"pipe": pipe_of()})}  # noqa: S307: an expression of the list above
        except Exception as error:  # noqa: BLE001: the class is what is compared
            return {"error": type(error).__name__}


def kind_of(outcome):
    """As DIFFERENT has it."""
    return outcome.get("error", VALUE)


def difference(found, expected, where="answer"):
    """What is not equal, in words; None where all is, scores within the tolerance."""
    if isinstance(expected, float):
        close = isinstance(found, float) and abs(found - expected) <= SCORE_TOLERANCE
        return None if close else f"{where}: expected {expected}, found {found}"
    if type(found) is not type(expected):
        return f"{where}: expected {expected!r}, found {found!r}"
    if isinstance(expected, dict):
        if found.keys() != expected.keys():
            return f"{where}: expected {expected!r}, found {found!r}"
        parts = ((f"{where}.{key}", found[key], expected[key]) for key in expected)
    elif isinstance(expected, list):
        if len(found) != len(expected):
            return f"{where}: expected {expected!r}, found {found!r}"
        parts = ((f"{where}[{place}]", *both) for place, both in enumerate(zip(found, expected)))
    else:
        return None if found == expected else f"{where}: expected {expected!r}, found {found!r}"
    return next((said for name, one, other in parts if (said := difference(one, other, name))), None)
