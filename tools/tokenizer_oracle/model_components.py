"""Tokenizers built small for what a model may be told: unknown tokens, fall-backs, prefixes, ties; and old file forms."""

from tokenizers import Tokenizer, models, normalizers, pre_tokenizers, processors

from components import edited

LETTERS = list("abcdefghijklmnopqrstuvwxyz0123456789'.,!é中▁ ")
BYTE_PIECES = [f"<0x{byte:02X}>" for byte in range(256)]


def merges_of(text):
    """Pairs, written as "left right" with commas between."""
    return [tuple(pair.split()) for pair in text.split(",")]


MERGES = merges_of(
    "t h, th e, h e, l l, he ll, hell o, o r, w or, l d, i n, in g, a b, b c, ab c, ab ab, a a, aa a, n n, r u, ru n, e d, w a"
)


def numbered(*tokens):
    return {token: i for i, token in enumerate(dict.fromkeys(tokens))}


def bpe(tokens, merges, **options):
    tokenizer = Tokenizer(models.BPE(numbered(*tokens), merges, **options))
    tokenizer.pre_tokenizer = pre_tokenizers.WhitespaceSplit()
    return tokenizer


def bpe_components():
    return {**unknown_components(), **affix_components(), "bpe-ties": bpe(
        ["<unk>", "a", "b", "c", "ab", "bc", "aa", "abc", "aaa", "aab"],
        merges_of("a a, a b, b c, aa b, aa a, ab c, a bc"),
        unk_token="<unk>",
    )}


def unknown_components():
    merged = [left + right for left, right in MERGES]
    known = ["<unk>", *LETTERS, *merged]
    with_bytes = ["<unk>", *BYTE_PIECES, *LETTERS, *merged]
    some_bytes = ["<unk>", *BYTE_PIECES[:0xC4], *LETTERS, *merged]
    whole = ["<unk>", *LETTERS, *merged, "world", "abcd", "running"]
    return {
        "bpe-no-unknown": bpe(known, MERGES),
        "bpe-unknown": bpe(known, MERGES, unk_token="<unk>"),
        "bpe-fuse-unknown": bpe(known, MERGES, unk_token="<unk>", fuse_unk=True),
        "bpe-byte-fallback": bpe(with_bytes, MERGES, unk_token="<unk>", byte_fallback=True),
        "bpe-byte-fallback-fused": bpe(with_bytes, MERGES, unk_token="<unk>", byte_fallback=True, fuse_unk=True),
        "bpe-byte-fallback-holes": bpe(some_bytes, MERGES, unk_token="<unk>", byte_fallback=True, fuse_unk=True),
        "bpe-byte-fallback-no-unknown": bpe(some_bytes, MERGES, byte_fallback=True),
        "bpe-ignore-merges": bpe(whole, MERGES, unk_token="<unk>", ignore_merges=True),
        "bpe-keep-merges": bpe(whole, MERGES, unk_token="<unk>", ignore_merges=False),
    }


def affix_components():
    prefixed = ["##" + letter for letter in LETTERS]
    ended = [letter + "</w>" for letter in LETTERS]
    with_prefix = ["<unk>", *LETTERS, *prefixed, *"th the ##he he hell ##ll hello ##or wor ##ld".split()]
    with_suffix = ["<unk>", *LETTERS, *ended, *"th the</w> he hel lo</w> hello</w> or ld</w> wor world</w>".split()]
    with_both = ["<unk>", *LETTERS, *prefixed, *ended, *("##" + x for x in ended), *"he ##ll hell hello</w>".split()]
    prefix_merges = merges_of("t ##h, th ##e, h ##e, ##h ##e, ##l ##l, he ##ll, hell ##o, ##o ##r, w ##or, ##l ##d")
    suffix_merges = merges_of("t h, th e</w>, h e, he l, l o</w>, hel lo</w>, o r, w or, l d</w>, wor ld</w>")
    both_merges = merges_of("h ##e, ##l ##l, he ##ll, hell ##o</w>")
    prefix = {"continuing_subword_prefix": "##"}
    suffix = {"end_of_word_suffix": "</w>"}
    return {
        "bpe-prefix": bpe(with_prefix, prefix_merges, unk_token="<unk>", **prefix),
        "bpe-suffix": bpe(with_suffix, suffix_merges, unk_token="<unk>", **suffix),
        "bpe-prefix-suffix": bpe(with_both, both_merges, unk_token="<unk>", **prefix, **suffix),
    }


def wordpiece_components():
    words = (
        "[UNK] [CLS] [SEP] want ##want ##ed wa un runn ##ing hello ##o hell h ##e ##l the a ##a ##b ##c é ##é 中 x"
    ).split()

    def wordpiece(tokens, **options):
        tokenizer = Tokenizer(models.WordPiece(numbered(*tokens), unk_token="[UNK]", **options))
        tokenizer.pre_tokenizer = pre_tokenizers.WhitespaceSplit()
        return tokenizer

    other_prefix = edited(
        wordpiece([word.replace("##", "@@") for word in words]),
        lambda d: d["model"].update(continuing_subword_prefix="@@"),
    )[0]
    no_prefix = edited(
        wordpiece([word.removeprefix("##") for word in words]),
        lambda d: d["model"].update(continuing_subword_prefix=""),
    )[0]
    return {
        "wordpiece": wordpiece(words),
        "wordpiece-short-words": wordpiece(words, max_input_chars_per_word=5),
        "wordpiece-other-prefix": other_prefix,
        "wordpiece-no-prefix": no_prefix,
    }


def word_level_components():
    vocabulary = numbered("<unk>", "hello", "world", "a", "b", "the", "naïve", "😀", "it's")
    tokenizer = Tokenizer(models.WordLevel(vocabulary, unk_token="<unk>"))
    tokenizer.pre_tokenizer = pre_tokenizers.WhitespaceSplit()
    return {"word-level": tokenizer}


PIECES = [
    ("▁", -2.5),
    ("▁the", -3.0),
    ("▁a", -3.1),
    ("a", -4.0),
    ("b", -4.2),
    ("c", -4.4),
    ("ab", -6.0),
    ("abc", -9.5),
    ("bc", -7.0),
    ("▁hello", -7.5),
    ("hel", -6.5),
    ("lo", -5.0),
    ("h", -5.1),
    ("e", -4.1),
    ("l", -4.3),
    ("o", -4.5),
    ("▁wor", -7.1),
    ("ld", -6.2),
    ("w", -5.5),
    ("r", -4.9),
    ("d", -4.8),
    (".", -3.9),
    ("..", -7.8),
    ("........", -20.0),
    ("1", -6.0),
    ("é", -6.1),
    ("中", -7.7),
    ("文", -7.9),
    ("naï", -9.0),
    ("n", -4.6),
    ("i", -4.7),
    ("ing", -5.3),
    ("aa", -8.0),
    ("aaaa", -16.0),
    ("x", -9.0),
    ("xx", -18.0),
    ("s", -4.0),
    ("t", -4.0),
]


METASPACE = pre_tokenizers.Metaspace()


def unigram(pieces, unknown, byte_fallback=False, pre=METASPACE):
    tokenizer = Tokenizer(models.Unigram(pieces, unknown, byte_fallback))
    tokenizer.pre_tokenizer = pre
    return tokenizer


def unigram_components():
    unknown = [("<unk>", 0.0)]
    byte_pieces = [(piece, -15.0) for piece in BYTE_PIECES]
    return {
        "unigram": unigram([*unknown, *PIECES], 0),
        "unigram-whole": unigram([*unknown, *PIECES], 0, pre=pre_tokenizers.Metaspace(split=False)),
        "unigram-unknown-late": unigram([*PIECES, *unknown], len(PIECES)),
        "unigram-byte-fallback": unigram([*unknown, *byte_pieces, *PIECES], 0, True),
        "unigram-byte-fallback-holes": unigram([*unknown, *byte_pieces[:0xC4], *PIECES], 0, True),
        "unigram-ties": unigram(
            [
                *unknown,
                *((piece, -1.0 * len(piece)) for piece in ("a", "b", "ab", "ba", "aba", "bab", "abab", "▁", "▁a", ".")),
            ],
            0,
        ),
        "unigram-long-unknown": unigram([*unknown, ("a", -1.0)], 0, pre=pre_tokenizers.WhitespaceSplit()),
    }


def truncation_components():
    tokenizer = Tokenizer(
        models.WordLevel(numbered("[UNK]", "[CLS]", "[SEP]", *"abcdefghijklmnopqrstuvwxyz"), unk_token="[UNK]")
    )
    tokenizer.pre_tokenizer = pre_tokenizers.BertPreTokenizer()
    tokenizer.post_processor = processors.BertProcessing(("[SEP]", 2), ("[CLS]", 1))
    bare = Tokenizer.from_str(tokenizer.to_str())
    bare.post_processor = processors.Sequence([])
    own_limits = Tokenizer.from_str(tokenizer.to_str())
    own_limits.enable_truncation(4)
    own_limits.enable_padding(length=12)
    return {"truncation": tokenizer, "truncation-bare": bare, "truncation-own-limits": own_limits}


def old_forms():
    """JSON that older versions wrote and that files on the Hub still have: name -> (tokenizer, its text)."""
    return {**old_metaspaces(), **old_byte_levels(), **old_word_pieces()}


def without(part, *keys):
    return lambda document: [document[part].pop(key) for key in keys]


def old_metaspaces():
    metaspace = unigram([("<unk>", 0.0), *PIECES], 0)

    def pre(**members):
        return lambda document: document.update(pre_tokenizer={"type": "Metaspace", "replacement": "▁", **members})

    return {
        "old-metaspace-prefix": edited(metaspace, pre(add_prefix_space=True)),
        "old-metaspace-scheme-only": edited(metaspace, pre(prepend_scheme="always")),
        "old-metaspace-both": edited(metaspace, pre(add_prefix_space=True, prepend_scheme="first")),
        "old-metaspace-str-rep": edited(metaspace, pre(str_rep="▁", add_prefix_space=True)),
        "old-unigram-no-byte-fallback": edited(metaspace, without("model", "byte_fallback")),
    }


def old_byte_levels():
    byte_level = bpe(["a", "b", "Ġ", "ab", "Ġab", "c"], [("a", "b"), ("Ġ", "ab")])
    byte_level.pre_tokenizer = pre_tokenizers.ByteLevel()
    byte_level.post_processor = processors.ByteLevel()
    lately_added = ("type", "dropout", "unk_token", "fuse_unk", "byte_fallback", "ignore_merges")
    return {
        "old-bpe-merge-strings": edited(byte_level, lambda d: d["model"].update(merges=["a b", "Ġ ab"])),
        "old-bpe-bare": edited(
            byte_level, without("model", *lately_added, "continuing_subword_prefix", "end_of_word_suffix")
        ),
        "old-byte-level-no-regex-key": edited(byte_level, without("pre_tokenizer", "use_regex")),
    }


def old_word_pieces():
    lower = wordpiece_components()["wordpiece"]
    lower.normalizer = normalizers.BertNormalizer()
    split = {"type": "Split", "pattern": {"String": "l"}, "behavior": "MergedWithPrevious", "invert": False}
    flags = {"single_word": False, "lstrip": False, "rstrip": False, "normalized": False, "special": True}
    return {
        "old-bert-strip-absent": edited(lower, lambda d: d["normalizer"].pop("strip_accents")),
        "old-wordpiece-untyped": edited(lower, without("model", "type")),
        "old-split-string": edited(lower, lambda d: d.update(pre_tokenizer=split)),
        "old-punctuation-bare": edited(lower, lambda d: d.update(pre_tokenizer={"type": "Punctuation"})),
        "old-added-sparse": edited(lower, lambda d: d.update(added_tokens=[{"id": 40, "content": "[NEW]", **flags}])),
    }
