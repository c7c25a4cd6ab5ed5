"""Golden cases: a text with its options, and what the oracle answers; one JSON object a line.

    {"text": "hello", "pair": "...", "max_length": 4, "truncation": "left", "strategy": "only_first", "special_tokens": false,
     "ids": [..], "offsets": [begin, end, begin, end, ..], "types": "0001", "special": "1001"}

`"line": ["sst2/dev.tsv", 12]` stands for `text` where the text is line 12 (from 0) of a shared file. A case with `stride`
has `windows`, a list of such answers, instead of one answer. Options that a case does not name have their default.
"""

import json
import struct
import zlib

import strings
import texts

OPTIONS = ("pair", "max_length", "truncation", "strategy", "stride", "special_tokens")


def answer(encoding):
    return {
        "ids": encoding.ids,
        "offsets": [bound for offset in encoding.offsets for bound in offset],
        "types": "".join(map(str, encoding.type_ids)),
        "special": "".join(map(str, encoding.special_tokens_mask)),
    }


def ask(tokenizer, text, options):
    """The oracle's encoding of `text`; the tokenizer's own truncation and padding do not bind the caller."""
    tokenizer.no_padding()
    if "max_length" in options:
        direction = options.get("truncation", "right")
        strategy = options.get("strategy", "longest_first")
        tokenizer.enable_truncation(
            options["max_length"], stride=options.get("stride", 0), strategy=strategy, direction=direction
        )
    else:
        tokenizer.no_truncation()
    return tokenizer.encode(text, options.get("pair"), add_special_tokens=options.get("special_tokens", True))


def text_of(case):
    if "line" in case:
        name, number = case["line"]
        return texts.lines(name)[number]
    return case["text"]


def answered(tokenizer, case):
    """`case` with the oracle's answer, or nothing where it has none: it refuses a budget that the strategy cannot meet, and
    cuts nothing at all when the limit is below the number of special tokens."""
    options = {key: case[key] for key in OPTIONS if key in case}
    try:
        encoding = ask(tokenizer, text_of(case), options)
    except Exception as refused:  # the binding raises plain Exception
        if "Truncation error" not in str(refused):
            raise
        return None
    if len(encoding.ids) > case.get("max_length", len(encoding.ids)):
        return None
    if "stride" in case:
        return case | {"windows": [answer(part) for part in (encoding, *encoding.overflowing)]}
    return case | answer(encoding)


def write_cases(path, tokenizer, cases):
    seen = (answered(tokenizer, case) for case in cases)
    lines = [json.dumps(case, separators=(",", ":")) for case in seen if case is not None]
    path.write_text("".join(line + "\n" for line in lines), encoding="ascii")


def packed(encoding):
    """An answer as bytes: what `tokenize_stream` writes and what a sweep sums."""
    count = len(encoding.ids)
    offsets = [bound for offset in encoding.offsets for bound in offset]
    return struct.pack(
        f"<I{count}i{count}B{count}B{2 * count}I",
        count,
        *encoding.ids,
        *encoding.type_ids,
        *encoding.special_tokens_mask,
        *offsets,
    )


def sweep_text(code_point):
    """Shows a code point alone in a word, and between letters."""
    return f"{chr(code_point)} a{chr(code_point)}b"


SWEPT = [*range(0x0, 0xD800), *range(0xE000, 0x34000), *range(0xE0000, 0xE1000)]


def write_sweep(path, tokenizer):
    """One CRC-32 a block of 256 code points, over the packed answers to `sweep_text` of each."""
    tokenizer.no_padding()
    tokenizer.no_truncation()
    with open(path, "w", encoding="ascii") as out:
        for start in range(0, len(SWEPT), 256):
            block = [sweep_text(code_point) for code_point in SWEPT[start : start + 256]]
            total = 0
            for encoding in tokenizer.encode_batch(block):
                total = zlib.crc32(packed(encoding), total)
            out.write(f"{total:08x}\n")


def generated(count_each, more=()):
    """A few strings of every family."""
    for family in (*strings.FAMILIES.values(), *more):
        stream = family() if callable(family) else family
        for _ in range(count_each):
            yield next(stream)
