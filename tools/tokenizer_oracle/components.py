"""Tokenizers built small: each switches on one component, over a model that shows what the component did.

`byte_model` gives one id a byte of the normalized text. `piece_model` does too, with other ids inside a piece than at its
start, so that the ids also show where a pre-tokenizer cut.
"""

import json

from tokenizers import AddedToken, Regex, Tokenizer, models, normalizers, pre_tokenizers, processors

import charsmap

BYTES = sorted(pre_tokenizers.ByteLevel.alphabet())
BYTE_LEVEL = pre_tokenizers.ByteLevel(add_prefix_space=False, use_regex=False)
GPT2 = r"'s|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+"
CL100K = r"(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}{1,3}| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+"
O200K = (
    r"[^\r\n\p{L}\p{N}]?[\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}]*[\p{Ll}\p{Lm}\p{Lo}\p{M}]+(?i:'s|'t|'re|'ve|'m|'ll|'d)?|"
    r"[^\r\n\p{L}\p{N}]?[\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}]+[\p{Ll}\p{Lm}\p{Lo}\p{M}]*(?i:'s|'t|'re|'ve|'m|'ll|'d)?|"
    r"\p{N}{1,3}| ?[^\s\p{L}\p{N}]+[\r\n/]*|\s*[\r\n]+|\s+(?!\S)|\s+"
)
# What patterns may ask of the engine: word characters by both of its rules, boundaries, properties, case folding.
PATTERNS = {
    "word": r"\w+|\W",
    "word-class": r"[\w']+|[^\w\s]+",
    "word-property": r"\p{Word}{2}|\P{Word}",
    "boundary": r"\b",
    "space": r"\s+|\h|\S{4}",
    "digit": r"\d{2}|[\d]|\D{3}",
    "properties": r"\p{Lu}\p{Ll}*|\p{Punct}|\p{Sc}|\p{Nd}+|\p{Greek}+|\p{Cyrillic}+|\p{Mn}|\p{C}",
    "bracket": r"[[:upper:]]|[[:punct:]]+|[[:cntrl:]]|[[:blank:]]|[[:alnum:]&&[^a-m]]|[^[:print:]]",
    "case": r"(?i)straße|[k-l]|σ|(?-i:a)|é+",
    "clip": r"<\|startoftext\|>|<\|endoftext\|>|'s|'t|'re|'ve|'m|'ll|'d|[\p{L}]+|[\p{N}]|[^\s\p{L}\p{N}]+",
    "deepseek": r"\s?[!-/:-~！-／：-～‘-‟　-。]+|\s?[A-Za-zµÀ-ÖØ-öø-ƺƼ-ƿΆΈ-ΊΌΎ-ΡΣ-ҁ]+|[一-龥ࠀ-一가-\x{D7FF}]+|\p{N}|\s+$",
    "possessive": r"\s++(?!\S)|(?>a|ab)c|\p{L}+?(?=\P{L}|$)|\A.|(.)\1",
}
BEHAVIORS = ("removed", "isolated", "merged_with_previous", "merged_with_next", "contiguous")


def byte_model(normalizer=None):
    tokenizer = Tokenizer(models.BPE({letter: i for i, letter in enumerate(BYTES)}, []))
    if normalizer is not None:
        tokenizer.normalizer = normalizer
    tokenizer.pre_tokenizer = BYTE_LEVEL
    return tokenizer


def piece_model(*steps):
    vocabulary = {token: i for i, token in enumerate(["[UNK]", *BYTES, *("##" + letter for letter in BYTES)])}
    tokenizer = Tokenizer(models.WordPiece(vocabulary, unk_token="[UNK]", max_input_chars_per_word=100000))
    tokenizer.pre_tokenizer = pre_tokenizers.Sequence([*steps, BYTE_LEVEL])
    return tokenizer


def edited(tokenizer, edit):
    """The tokenizer after `edit` changed its JSON, and that JSON: forms that the library reads but no longer writes."""
    document = json.loads(tokenizer.to_str())
    edit(document)
    text = json.dumps(document, ensure_ascii=False)
    return Tokenizer.from_str(text), text


def normalizer_components():
    n = normalizers
    made = {
        f"normalizer-{name.lower()}": getattr(n, name)()
        for name in ("Lowercase", "NFC", "NFD", "NFKC", "NFKD", "StripAccents", "Nmt", "ByteLevel")
    }
    made |= {
        "normalizer-bert": n.BertNormalizer(),
        "normalizer-bert-cased": n.BertNormalizer(lowercase=False),
        "normalizer-bert-keep-accents": n.BertNormalizer(strip_accents=False),
        "normalizer-bert-cased-strip": n.BertNormalizer(lowercase=False, strip_accents=True),
        "normalizer-bert-raw": n.BertNormalizer(
            clean_text=False, handle_chinese_chars=False, strip_accents=False, lowercase=False
        ),
        "normalizer-bert-no-chinese": n.BertNormalizer(handle_chinese_chars=False),
        "normalizer-strip": n.Strip(),
        "normalizer-strip-left": n.Strip(right=False),
        "normalizer-strip-right": n.Strip(left=False),
        "normalizer-prepend": n.Prepend("▁é"),
        "normalizer-replace-string": n.Replace("ab", "é—"),
        "normalizer-replace-nothing": n.Replace(" ", ""),
        "normalizer-replace-regex": n.Replace(Regex(r"\s+|[0-9]{2,}"), "·"),
        "normalizer-replace-blanks": n.Replace(Regex(" {2,}"), " "),
        "normalizer-replace-class": n.Replace(Regex(r"[\p{P}\p{S}]"), ""),
        "normalizer-precompiled": n.Precompiled(charsmap.small()),
        "normalizer-sequence": n.Sequence(
            [n.NFD(), n.StripAccents(), n.Lowercase(), n.Replace("a", "aa"), n.Strip(), n.Prepend("_")]
        ),
        "normalizer-sequence-empty": n.Sequence([]),
        "normalizer-albert": n.Sequence(
            [
                n.Replace("``", '"'),
                n.Replace("''", '"'),
                n.NFKD(),
                n.StripAccents(),
                n.Lowercase(),
                n.Precompiled(charsmap.small()),
                n.Replace(Regex(" {2,}"), " "),
            ]
        ),
    }
    return {name: byte_model(normalizer) for name, normalizer in made.items()}


def pre_tokenizer_components():
    p = pre_tokenizers
    made = {
        "pre-bert": p.BertPreTokenizer(),
        "pre-whitespace": p.Whitespace(),
        "pre-whitespace-split": p.WhitespaceSplit(),
        "pre-digits": p.Digits(),
        "pre-digits-individual": p.Digits(individual_digits=True),
        "pre-unicode-scripts": p.UnicodeScripts(),
        "pre-byte-level": p.ByteLevel(add_prefix_space=False),
        "pre-byte-level-prefix": p.ByteLevel(add_prefix_space=True),
        "pre-byte-level-plain": p.ByteLevel(add_prefix_space=True, use_regex=False),
        "pre-delimiter": p.CharDelimiterSplit("-"),
        "pre-split-cl100k": p.Split(Regex(CL100K), "isolated"),
        "pre-split-o200k": p.Split(Regex(O200K), "isolated"),
        "pre-split-gpt2-removed-inverted": p.Split(Regex(GPT2), "removed", invert=True),
        "pre-split-string": p.Split(" ", "merged_with_previous"),
        "pre-split-dot": p.Split(".", "isolated"),
        "pre-split-look": p.Split(Regex(r"(?<=\p{Ll})(?=\p{Lu})|(?<!\w)-"), "isolated"),
        "pre-split-han": p.Split(Regex(r"[\p{Han}\p{Hiragana}\p{Katakana}]+|[[:punct:]]|\w{3}"), "isolated"),
        "pre-split-posix": p.Split(Regex(r"[[:alpha:]]+|[[:digit:]]|[[:space:]]|[^\W\d_]"), "merged_with_next"),
        "pre-sequence": p.Sequence([p.WhitespaceSplit(), p.Punctuation(), p.Digits(True)]),
        "pre-sequence-metaspace": p.Sequence([p.WhitespaceSplit(), p.Metaspace()]),
        "pre-sequence-scripts": p.Sequence([p.UnicodeScripts(), p.Metaspace(prepend_scheme="first")]),
    }
    made |= {f"pre-split-{name}": p.Split(Regex(pattern), "isolated") for name, pattern in PATTERNS.items()}
    made |= {f"pre-punctuation-{name}": p.Punctuation(name) for name in BEHAVIORS}
    made |= {f"pre-split-{name}": p.Split(Regex(r"\s+|[ab]"), name) for name in BEHAVIORS}
    made |= {f"pre-split-{name}-inverted": p.Split(Regex(r"\s+|[ab]"), name, invert=True) for name in BEHAVIORS}
    made |= {
        f"pre-metaspace-{scheme}{'' if split else '-whole'}": p.Metaspace(prepend_scheme=scheme, split=split)
        for scheme in ("always", "first", "never")
        for split in (True, False)
    }
    made["pre-metaspace-other"] = p.Metaspace(replacement="_", prepend_scheme="always")
    return {name: piece_model(step) for name, step in made.items()}


def template():
    return processors.TemplateProcessing(
        single="<b> $A:0 <e>",
        pair="<b>:3 $B:2 <m>:1 $A:0 <e>:1",
        special_tokens=[{"id": "<b>", "ids": [500, 501], "tokens": ["<b1>", "<b2>"]}, ("<e>", 502), ("<m>", 503)],
    )


def post_processor_components():
    c = processors
    made = {
        "post-template": template(),
        "post-template-twice": c.TemplateProcessing(single="$A", pair="$A:0 $B:1 [S]:1", special_tokens=[("[S]", 500)]),
        "post-bert": c.BertProcessing(("[SEP]", 500), ("[CLS]", 501)),
        "post-roberta": c.RobertaProcessing(("</s>", 500), ("<s>", 501)),
        "post-roberta-untrimmed": c.RobertaProcessing(("</s>", 500), ("<s>", 501), trim_offsets=False),
        "post-roberta-no-prefix": c.RobertaProcessing(("</s>", 500), ("<s>", 501), add_prefix_space=False),
        "post-byte-level": c.ByteLevel(trim_offsets=True),
        "post-byte-level-untrimmed": c.ByteLevel(trim_offsets=False),
        "post-byte-level-no-prefix": c.ByteLevel(trim_offsets=True, add_prefix_space=False),
        "post-sequence": c.Sequence([c.ByteLevel(trim_offsets=True), template()]),
    }
    tokenizers = {}
    for name, processor in made.items():
        byte_level = pre_tokenizers.ByteLevel(add_prefix_space="prefix" not in name)
        tokenizer = Tokenizer(
            models.BPE({letter: i for i, letter in enumerate(BYTES)} | {"Ġa": 256, "ĠĠ": 257}, [("Ġ", "a"), ("Ġ", "Ġ")])
        )
        tokenizer.pre_tokenizer = byte_level
        tokenizer.post_processor = processor
        tokenizers[name] = tokenizer
    return tokenizers


FLAGS = ("single_word", "lstrip", "rstrip", "normalized", "special")
LITERALS = ["<one>", "<one>+", "Été", "fox", "a b"]


def added_token_components():
    """The flags a token may have, in every combination that matters, after a normalizer that changes what is matched."""
    tokenizers = {}
    for bits in (*range(16), 16, 31):
        flags = {flag: bool(bits >> i & 1) for i, flag in enumerate(FLAGS)}
        tokenizer = piece_model(pre_tokenizers.Metaspace(prepend_scheme="first"))
        tokenizer.normalizer = normalizers.Sequence(
            [normalizers.NFD(), normalizers.StripAccents(), normalizers.Lowercase()]
        )
        tokens = [
            AddedToken(literal, **{k: v for k, v in flags.items() if k != "special"}, special=flags["special"])
            for literal in LITERALS
        ]
        (tokenizer.add_special_tokens if flags["special"] else tokenizer.add_tokens)(tokens)
        names = "-".join(flag.replace("_", "-") for flag, on in flags.items() if on)
        tokenizers[f"added-{names or 'plain'}"] = tokenizer
    mixed = piece_model(pre_tokenizers.BertPreTokenizer())
    mixed.normalizer = normalizers.BertNormalizer()
    mixed.add_special_tokens(
        [
            AddedToken("[MASK]", lstrip=True),
            AddedToken("[SEP]"),
            AddedToken("<|a|>", rstrip=True, lstrip=True),
            AddedToken("Word", single_word=True, normalized=True),
        ]
    )
    mixed.add_tokens(
        [
            AddedToken("[MASK]er", normalized=False),
            AddedToken("yesterday", normalized=True),
            AddedToken("ab"),
            AddedToken("abc"),
            AddedToken("bcd", normalized=False),
        ]
    )
    return tokenizers | {"added-mixed": mixed}
