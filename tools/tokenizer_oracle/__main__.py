"""Writes tests/golden/tokenizer: what Hugging Face `tokenizers` answers.

    .oracle/bin/python tools/tokenizer_oracle [real] [components] [folders]

real/NAME.jsonl, NAME.sweep        the shared vocabularies of ../shared/tokenizers
components/NAME/                   tokenizer.json of one small tokenizer, cases.jsonl, and for some a sweep
folders/NAME/                      vocabulary files without tokenizer.json, cases.jsonl; answers by transformers
versions.json                      who answered
"""

import argparse
import itertools
import json
import os
import pathlib
import random
import shutil

os.environ["TOKENIZERS_PARALLELISM"] = "true"

import sentencepiece
import tokenizers
import transformers

import cases
import components
import model_components
import probes
import strings
import texts
import vocab_files

GOLDEN = pathlib.Path(__file__).resolve().parents[2] / "tests" / "golden" / "tokenizer"
REAL = ("bert-uncased", "gpt2", "deberta-v3")
SWEPT = """
    normalizer-lowercase normalizer-nfc normalizer-nfd normalizer-nfkc normalizer-nfkd normalizer-stripaccents
    normalizer-nmt normalizer-bert normalizer-bert-cased normalizer-strip normalizer-replace-class
    normalizer-precompiled normalizer-albert pre-bert pre-whitespace pre-whitespace-split pre-digits
    pre-unicode-scripts pre-byte-level pre-punctuation-isolated pre-metaspace-first pre-split-cl100k pre-split-o200k
    pre-split-posix pre-split-han pre-split-word pre-split-word-class pre-split-space pre-split-digit
    pre-split-properties pre-split-bracket pre-split-case
""".split()
OPTIONS = [
    {},
    {"special_tokens": False},
    {"max_length": 8},
    {"max_length": 8, "truncation": "left"},
    {"max_length": 5, "truncation": "left", "special_tokens": False},
]


def real_cases(tokenizer):
    """Generated strings of each family, lines of the data files, pairs, and a few options."""
    tokens = list(tokenizer.get_vocab())
    tokens.sort()
    rng = random.Random(20)
    generated = list(cases.generated(50, [strings.vocabulary_mixes(tokens)]))
    singles = [{"text": text} for text in (*probes.TEXTS, *generated)]
    pairs = [{"text": rng.choice(generated), "pair": rng.choice(generated), **rng.choice(OPTIONS)} for _ in range(60)]
    limited = [{"text": text, **rng.choice(OPTIONS[1:])} for text in rng.sample(generated, 80)]
    lines = [
        {"line": [name, rng.randrange(len(texts.lines(name)))]}
        for name in texts.FILES
        for _ in range(60 if "multi" in name else 15)
    ]
    return singles + pairs + limited + lines


def write_real(name):
    folder = GOLDEN / "real"
    folder.mkdir(parents=True, exist_ok=True)
    tokenizer = tokenizers.Tokenizer.from_file(str(texts.SHARED / "tokenizers" / name / "tokenizer.json"))
    cases.write_cases(folder / f"{name}.jsonl", tokenizer, real_cases(tokenizer))
    cases.write_sweep(folder / f"{name}.sweep", tokenizer)


def component_cases(name):
    if name.startswith("post-"):
        return probes.plain()[:20] + probes.pairs()
    if name == "added-mixed":
        return probes.special(["[MASK]", "[SEP]", "<|a|>", "Word", "yesterday", "abc", "[MASK]er"])
    if name.startswith("added-"):
        return probes.special(components.LITERALS)
    if name.startswith("truncation"):
        return probes.truncation() + probes.windows()
    return probes.plain() + [{"text": "hello", "pair": "world"}]


def write_component(name, tokenizer, text=None):
    folder = GOLDEN / "components" / name
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "tokenizer.json").write_text((text or tokenizer.to_str()) + "\n", encoding="utf-8")
    cases.write_cases(folder / "cases.jsonl", tokenizer, component_cases(name))
    if name in SWEPT:
        cases.write_sweep(folder / "sweep", tokenizer)


def write_components():
    shutil.rmtree(GOLDEN / "components", ignore_errors=True)
    for make in (
        components.normalizer_components,
        components.pre_tokenizer_components,
        components.post_processor_components,
        components.added_token_components,
        model_components.bpe_components,
        model_components.wordpiece_components,
        model_components.word_level_components,
        model_components.unigram_components,
        model_components.truncation_components,
    ):
        for name, tokenizer in make().items():
            write_component(name, tokenizer)
    for name, (tokenizer, text) in model_components.old_forms().items():
        write_component(name, tokenizer, text)


def write_folders():
    shutil.rmtree(GOLDEN / "folders", ignore_errors=True)
    for name, (reader, files) in vocab_files.folders().items():
        folder = GOLDEN / "folders" / name
        vocab_files.write(folder, files)
        tokenizer = vocab_files.oracle(reader, folder)
        specials = [token.content for token in tokenizer.get_added_tokens_decoder().values()]
        mixes = [
            {"text": text} for text in itertools.islice(strings.vocabulary_mixes(sorted(tokenizer.get_vocab())), 20)
        ]
        cases.write_cases(
            folder / "cases.jsonl",
            tokenizer,
            probes.plain()
            + probes.pairs()
            + mixes
            + probes.special(specials[-1:])
            + [{"text": f"a {token} b{token}"} for token in specials],
        )


def write_versions():
    versions = {module.__name__: module.__version__ for module in (tokenizers, transformers, sentencepiece)}
    (GOLDEN / "versions.json").write_text(
        json.dumps({"command": ".oracle/bin/python tools/tokenizer_oracle", **versions}, indent=2) + "\n"
    )


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument(
        "parts", nargs="*", choices=["real", "components", "folders", []], help="what to write; all of it unless named"
    )
    parts = parser.parse_args().parts or ["real", "components", "folders"]
    if "real" in parts:
        for name in REAL:
            write_real(name)
    if "components" in parts:
        write_components()
    if "folders" in parts:
        write_folders()
    write_versions()


if __name__ == "__main__":
    main()
