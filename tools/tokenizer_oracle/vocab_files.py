"""Folders without tokenizer.json, as older checkpoints have them; the truth is the fast class of transformers.

Each entry gives the files of a folder and the class that reads them. What the class makes of `tokenizer_config.json` is
part of what is asked.
"""

import json
import tempfile

import transformers

import charsmap
from model_components import numbered

WORDS = (
    "[PAD] [UNK] [CLS] [SEP] [MASK] the hello Hello world World hel ##lo wor ##ld na ##ive ##ïve naïve cafe café one "
    "line note book 中 文 ##文 中文 a b ##b c e ##e é i ##i s t ' . , ? 1 ##1 2 ##2 - ##ing want run ##n ##ning"
).split()
MERGES = (
    "h e, l l, he ll, hell o, Ġ he, Ġhe ll, Ġhell o, w o, Ġ w, Ġw o, r l, Ġ a, a b, Ġa b, Ċ Ċ, Ġ Ġ, 1 2, n g, i ng, "
    "' s, t h, th e, Ġ the"
).split(", ")
ROBERTA_SPECIALS = ["<s>", "<pad>", "</s>", "<unk>"]


def bert_folder(tokenizer_class, **config):
    """vocab.txt with its configuration; none at all when `config` is empty and the class is BERT's."""
    files = {"vocab.txt": "".join(word + "\n" for word in WORDS)}
    if config or tokenizer_class != "BertTokenizer":
        files["tokenizer_config.json"] = {"tokenizer_class": tokenizer_class, **config}
    return files


def byte_level_folder(tokenizer_class, specials, tail, **config):
    from components import BYTES

    tokens = numbered(*specials, *BYTES, *(merge.replace(" ", "") for merge in MERGES), *tail)
    return {
        "vocab.json": tokens,
        "merges.txt": "#version: 0.2\n" + "".join(merge + "\n" for merge in MERGES),
        "tokenizer_config.json": {"tokenizer_class": tokenizer_class, **config},
    }


def sentencepiece_folder(file, tokenizer_class, config, **options):
    with tempfile.TemporaryDirectory() as folder:
        rules = (
            {"normalization_rule_name": "identity"}
            if options.pop("identity", False)
            else {"normalization_rule_tsv": charsmap.rules_file(folder)}
        )
        model = charsmap.trained(hard_vocab_limit=False, **rules, **options)
    return {file: model, "tokenizer_config.json": {"tokenizer_class": tokenizer_class, **config}}


def fast(name):
    return getattr(transformers, name + "Fast")


def folders():
    """name -> (class, files)."""
    return {**word_piece_folders(), **byte_level_folders(), **deberta_folders(), **fairseq_folders(), **albert_folders()}


def word_piece_folders():
    made = {}
    for name, config in {
        "bert-bare": {},
        "bert-cased": {"do_lower_case": False},
        "bert-keep-accents": {"strip_accents": False},
        "bert-cased-strip": {"do_lower_case": False, "strip_accents": True},
        "bert-no-chinese": {"tokenize_chinese_chars": False},
        "bert-max-length": {"model_max_length": 6, "do_lower_case": True},
    }.items():
        made[name] = (fast("BertTokenizer"), bert_folder("BertTokenizer", **config))
    for name in ("DistilBertTokenizer", "ElectraTokenizer", "MobileBertTokenizer"):
        made[name.removesuffix("Tokenizer").lower()] = (fast(name), bert_folder(name, do_lower_case=True))
    mpnet = bert_folder("MPNetTokenizer", do_lower_case=True)
    mpnet["vocab.txt"] = "".join(
        word + "\n" for word in ["<s>", "<pad>", "</s>", "<unk>", "[UNK]", *WORDS[5:], "<mask>"]
    )
    made["mpnet"] = (fast("MPNetTokenizer"), mpnet)
    return made


def byte_level_folders():
    made = {}
    for name, tokenizer_class, specials, tail, prefixed in (
        ("roberta", "RobertaTokenizer", ROBERTA_SPECIALS, ["<mask>"], {"add_prefix_space": True, "trim_offsets": True}),
        ("gpt2", "GPT2Tokenizer", [], ["<|endoftext|>"], {"add_prefix_space": True}),
    ):
        for ending, config in {"": {}, "-prefix": prefixed}.items():
            files = byte_level_folder(tokenizer_class, specials, tail, **config)
            made[name + ending] = (fast(tokenizer_class), files)
    return made


def deberta_folders():
    bert_like = dict(
        **{"pad_id": 0, "bos_id": 1, "eos_id": 2, "unk_id": 3},
        **{"pad_piece": "[PAD]", "bos_piece": "[CLS]", "eos_piece": "[SEP]", "unk_piece": "[UNK]"},
    )
    made = {}
    for name, config, options in (
        ("deberta-v2", {}, {}),
        ("deberta-v2-lower", {"do_lower_case": True}, {}),
        ("deberta-v2-punct", {"split_by_punct": True}, {}),
        ("deberta-v2-identity", {}, {"identity": True}),
        ("deberta-v2-byte-fallback", {}, {"vocab_size": 520, "byte_fallback": True}),
    ):
        options = {"vocab_size": 260, **options, **bert_like}
        made[name] = (fast("DebertaV2Tokenizer"), sentencepiece_folder("spm.model", "DebertaV2Tokenizer", config, **options))
    return made


def fairseq_folders():
    fairseq = dict(unk_id=0, bos_id=1, eos_id=2)
    return {
        name: (
            fast(tokenizer_class),
            sentencepiece_folder("sentencepiece.bpe.model", tokenizer_class, {}, vocab_size=260, **fairseq),
        )
        for name, tokenizer_class in (("xlm-roberta", "XLMRobertaTokenizer"), ("camembert", "CamembertTokenizer"))
    }


def albert_folders():
    albert = dict(
        **{"pad_id": 0, "unk_id": 1, "bos_id": 2, "eos_id": 3},
        **{"pad_piece": "<pad>", "unk_piece": "<unk>", "bos_piece": "[CLS]", "eos_piece": "[SEP]"},
        control_symbols="[MASK]",
        vocab_size=260,
    )
    return {
        name: (fast("AlbertTokenizer"), sentencepiece_folder("spiece.model", "AlbertTokenizer", config, **albert))
        for name, config in {
            "albert": {},
            "albert-cased": {"do_lower_case": False},
            "albert-keep-accents": {"keep_accents": True},
            "albert-keep-space": {"remove_space": False},
        }.items()
    }


def write(folder, files):
    folder.mkdir(parents=True, exist_ok=True)
    for name, content in files.items():
        data = (
            content
            if isinstance(content, bytes)
            else (content if isinstance(content, str) else json.dumps(content, ensure_ascii=False, indent=1)).encode()
        )
        (folder / name).write_bytes(data)


def oracle(reader, folder):
    """The `tokenizers.Tokenizer` inside the fast class of transformers."""
    return reader.from_pretrained(str(folder)).backend_tokenizer
