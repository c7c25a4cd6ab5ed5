"""A precompiled charsmap small enough to check in, compiled by sentencepiece itself from a few rules."""

import functools
import io
import pathlib
import tempfile

import sentencepiece
from sentencepiece import sentencepiece_model_pb2

# Source and target code points: singles, longest match against prefixes, composition, deletion, growth.
RULES = {
    "\u0001": "",
    "\u200b": "",
    "\ufeff": "",
    "\u00ad": "",
    "\t": " ",
    "\n": " ",
    "\r": " ",
    "\u00a0": " ",
    "\u2003": " ",
    "\u3000": " ",
    "ﬁ": "fi",
    "ﬃ": "ffi",
    "½": "1⁄2",
    "①": "1",
    "…": "...",
    "～": "~",
    "ﷺ": "صلى الله عليه وسلم",
    "㌔": "キロ",
    "Ａ": "A",
    "Ｓ": "S",
    "Ｃ": "C",
    "４": "4",
    "０": "0",
    "－": "-",
    "ｽ": "ス",
    "ﾅ": "ナ",
    "ｯ": "ッ",
    "ﾌ": "フ",
    "ﾌ\uff9f": "プ",
    "ﾘ": "リ",
    "ﾝ": "ン",
    "ｸ": "ク",
    "ｸ\uff9e": "グ",
    "カ\u3099": "ガ",
    "か\u309a": "か.",
    "e\u0301": "é",
    "a\u0302": "â",
    "a\u0302\u0323": "ậ",
    "a\u0323\u0302": "ậ",
    "\u110b\u1161": "아",
    "\u110b\u1161\u11ab": "안",
    "x\u0301": "[x]",
    "ab": "AB",
    "abc": "C",
    "ΣΑ": "σα",
    "\r\n": "|",
}


def trained(**options):
    """A sentencepiece model trained on a fixed text, as its protobuf."""
    model = io.BytesIO()
    sentencepiece.SentencePieceTrainer.train(
        sentence_iterator=iter(corpus()), model_writer=model, num_threads=1, minloglevel=2, **options
    )
    proto = sentencepiece_model_pb2.ModelProto.FromString(model.getvalue())
    proto.normalizer_spec.ClearField("normalization_rule_tsv")  # the path of a temporary file
    return proto.SerializeToString()


def rules_file(folder):
    path = pathlib.Path(folder) / "rules.tsv"

    def hexes(text):
        return " ".join(f"{ord(c):X}" for c in text)

    path.write_text(
        "".join(f"{hexes(source)}\t{hexes(target)}\n" for source, target in RULES.items()), encoding="ascii"
    )
    return str(path)


@functools.cache
def small():
    with tempfile.TemporaryDirectory() as folder:
        proto = sentencepiece_model_pb2.ModelProto.FromString(
            trained(vocab_size=200, hard_vocab_limit=False, normalization_rule_tsv=rules_file(folder))
        )
    return proto.normalizer_spec.precompiled_charsmap


def corpus():
    return [
        "the film is a great film and the actors are good",
        "a long and boring story that nobody needs",
        "le film était très naïf et l'été fut long",
        "unaffable running wanted want runn ing walked walking",
        "ab abc abab aabb cab back 1 2 3 10 100 2023 3.14",
        "hello world, wait... what?! (a) [b] -- $5 + 50%",
        "der Film war größer als das Straßenfest über Köln",
        "it's we'll I'm don't they've you're 'tis",
        "Привет мир нещо на български",
        "日本語 中文 カタカナ ひらがな 한국어 안녕",
    ] * 4
