"""Random files beside a tokenizer (tokenizer_config.json, special_tokens_map.json, added_tokens.json), read by
AutoTokenizer and by us: which tokens are added, with which flags and ids. Run by `make oracle-test`.
"""

import json
import os
import random
import shutil
import struct
import tempfile
import unittest
from pathlib import Path

os.environ.setdefault("HF_HUB_OFFLINE", "1")

import transformers

import tokenizer_differential

ROOT = Path(__file__).resolve().parents[2]
DRIVER = Path(os.environ.get("TASTEVIN_BINARY", ROOT / "build" / "release" / "tastevin")).parent / "tests" / "tokenize_stream"
FOLDERS = ROOT / "tests" / "golden" / "tokenizer" / "folders"
CONFIGURATIONS = 400
FLAGS = ("lstrip", "rstrip", "single_word", "normalized")
BERT = {"unk_token": "[UNK]", "sep_token": "[SEP]", "pad_token": "[PAD]", "cls_token": "[CLS]", "mask_token": "[MASK]"}
ROBERTA = {"bos_token": "<s>", "eos_token": "</s>", "unk_token": "<unk>", "sep_token": "</s>", "pad_token": "<pad>",
           "cls_token": "<s>", "mask_token": "<mask>"}
ALBERT = BERT | {"unk_token": "<unk>", "pad_token": "<pad>", "bos_token": "[CLS]", "eos_token": "[SEP]"}
NAMED = {"bert-bare": ("BertTokenizer", BERT), "electra": ("ElectraTokenizer", BERT),
         "mpnet": ("MPNetTokenizer", ROBERTA | {"unk_token": "[UNK]"}), "roberta": ("RobertaTokenizer", ROBERTA),
         "gpt2": ("GPT2Tokenizer", {}), "xlm-roberta": ("XLMRobertaTokenizer", ROBERTA),
         "camembert": ("CamembertTokenizer", ROBERTA), "deberta-v2": ("DebertaV2Tokenizer", BERT),
         "albert": ("AlbertTokenizer", ALBERT)}
NEW = ("[NEW]", "@user", "HELLO")
TEXTS = ["hello world", "Hello [MASK] world", "hello  [MASK]  , world", "a<mask>b <mask> c", "x @user hello",
         "[UNK] [SEP] [CLS][PAD]", "<s>hello</s> <unk><pad>", "Héllo WORLD", "hello[NEW]world", "HELLO hello @USER",
         "hello [NEW] world", "the [new] a", "a [NEW]", "[MASK] [NEW] a", "a  @user  b", "@userhello hello@user"]


class Random(random.Random):
    def often(self, share):
        return self.random() < share

    def flags(self):
        return {flag: self.often(0.3) for flag in FLAGS}


def added(content, **more):
    return {"content": content, "special": True} | dict.fromkeys(FLAGS, False) | more


def stored(token):
    return {"content": str(token), "special": token.special} | {flag: getattr(token, flag) for flag in FLAGS}


def write(folder, name, content):
    (folder / name).write_text(json.dumps(content), encoding="utf-8")


def named_tokens(dice, specials, config):
    """What tokenizer_config.json says itself."""
    if dice.often(0.7):
        config |= specials
    if specials and dice.often(0.3):
        config["mask_token"] = added(specials["mask_token"], **dice.flags()) | {"__type": "AddedToken"}
    if dice.often(0.25):
        config["additional_special_tokens"] = [dice.choice(NEW)]
    if dice.often(0.1):
        config["extra_special_tokens"] = {"user_token": "@user"}
    if dice.often(0.1):
        config["split_special_tokens"] = True


def decoder_of(dice, tokenizer):
    decoder = {str(place): stored(token) for place, token in tokenizer.added_tokens_decoder.items()}
    if decoder and dice.often(0.4):
        decoder[dice.choice(list(decoder))].update(dice.flags())
    if dice.often(0.5):
        decoder[str(len(tokenizer))] = added("[NEW]", **dice.flags(), special=dice.often(0.5))
    return decoder


def map_of(dice, specials):
    tokens = dict(specials)
    if specials and dice.often(0.4):
        tokens["mask_token"] = added(specials["mask_token"], **dice.flags())
    if dice.often(0.4):
        tokens["additional_special_tokens"] = [dice.choice([*NEW, added("@user", lstrip=True)])]
    return tokens


def configure(folder, seed):
    """A folder of a class, with random files beside the vocabulary."""
    dice = Random(seed)
    name = dice.choice(list(NAMED))
    class_name, specials = NAMED[name]
    shutil.copytree(FOLDERS / name, folder)
    config = {"tokenizer_class": class_name}
    write(folder, "tokenizer_config.json", config)
    tokenizer = transformers.AutoTokenizer.from_pretrained(folder)
    if dice.often(0.6):
        tokenizer.backend_tokenizer.save(str(folder / "tokenizer.json"))
        if dice.often(0.3):
            file = json.loads((folder / "tokenizer.json").read_text(encoding="utf-8"))
            write(folder, "tokenizer.json", file | {"added_tokens": []})
    named_tokens(dice, specials, config)
    if dice.often(0.35):
        config["added_tokens_decoder"] = decoder_of(dice, tokenizer)
    if dice.often(0.3):
        write(folder, "special_tokens_map.json", map_of(dice, specials))
    if dice.often(0.25):
        write(folder, "added_tokens.json", {"[NEW]": len(tokenizer)})
    write(folder, "tokenizer_config.json", config)


def ours(folder):
    given = [(text, None) for text in TEXTS]
    for piece in tokenizer_differential.found(DRIVER, folder, given, tokenizer_differential.DEFAULTS):
        count = struct.unpack_from("<I", piece)[0]
        yield list(struct.unpack_from(f"<{count}i", piece, 4))


class Settings(unittest.TestCase):
    def test_random_files_give_the_ids_of_auto_tokenizer(self):
        transformers.logging.set_verbosity_error()
        asked = 0
        for seed in range(CONFIGURATIONS):
            with self.subTest(seed=seed), tempfile.TemporaryDirectory() as scratch:
                folder = Path(scratch) / "tokenizer"
                configure(folder, seed)
                try:
                    reference = transformers.AutoTokenizer.from_pretrained(folder)
                    expected = [reference(text)["input_ids"] for text in TEXTS]
                except (TypeError, ValueError, KeyError, AttributeError):
                    continue  # of files that it cannot read, any reading is as good
                asked += 1
                for text, right, found in zip(TEXTS, expected, ours(folder), strict=True):
                    self.assertEqual(right, found, (text, reference.convert_ids_to_tokens(right)))
        self.assertGreater(asked, CONFIGURATIONS * 0.8)


if __name__ == "__main__":
    unittest.main()
