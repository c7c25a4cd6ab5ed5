#!/usr/bin/env python3
"""Writes src/classify/tokenizer/unicode_tables.{h,cc}: what the reference tokenizer believes about every code point.

The reference is PyPI `tokenizers`; each property is observed by running its components, so that the tables carry its
Unicode versions (it has several) and not those of the host.

    .oracle/bin/python tools/make_unicode_tables.py
"""

import pathlib
import sys
import unicodedata

import tokenizers
from tokenizers import Regex, normalizers, pre_tokenizers

FOLDER = pathlib.Path(__file__).resolve().parent.parent / "src" / "classify" / "tokenizer"
CODE_POINTS = [c for c in range(0x110000) if not 0xD800 <= c <= 0xDFFF]
HANGUL = range(0xAC00, 0xD7A4)
BLOCK = 256

CATEGORIES = "Lu Ll Lt Lm Lo Mn Mc Me Nd Nl No Pc Pd Ps Pe Pi Pf Po Sm Sc Sk So Zs Zl Zp Cc Cf Co Cn Cs".split()
FLAGS = [
    ("space", "white space (Rust's `char::is_whitespace`)"),
    ("bert_control", "removed by BertNormalizer's clean_text"),
    ("bert_space", "made U+0020 by BertNormalizer's clean_text"),
    ("ideograph", "set apart by BertNormalizer's handle_chinese_chars"),
    ("bert_mark", "removed by BertNormalizer's strip_accents (category Mn, after NFD)"),
    ("mark", "removed by StripAccents (category M)"),
    ("punctuation", "isolated by BertPreTokenizer and Punctuation"),
    ("numeric", "isolated by Digits (Rust's `char::is_numeric`)"),
    ("word", r"\w of Rust's regex: the Whitespace pre-tokenizer, single_word of added tokens"),
    ("regex_space", r"\s of split patterns (Oniguruma)"),
    ("regex_digit", r"\d of split patterns"),
    ("has_lowercase", "`lowercase` differs from the code point"),
    ("has_canonical", "`canonical_decomposition` differs from the code point"),
    ("has_compatibility", "`compatibility_decomposition` differs from the code point"),
]


def mapped(normalizer):
    """Code point -> tuple of code points, for those that change."""
    result = {}
    for c in CODE_POINTS:
        out = normalizer.normalize_str(chr(c))
        if out != chr(c):
            result[c] = tuple(map(ord, out))
    return result


def between(normalizer, expected):
    """Code points that turn `a<c>b` into `expected`."""
    return {c for c in CODE_POINTS if normalizer.normalize_str("a" + chr(c) + "b") == expected}


def pieces(pre_tokenizer, text):
    return [piece for piece, _ in pre_tokenizer.pre_tokenize_str(text)]


def matched(pattern):
    """Code points that a one-character pattern matches."""
    split = pre_tokenizers.Split(Regex(pattern), "removed")
    everything = set(CODE_POINTS)
    for begin in range(0, len(CODE_POINTS), 4096):
        chunk = "".join(map(chr, CODE_POINTS[begin : begin + 4096]))
        for piece in pieces(split, chunk):
            everything.difference_update(map(ord, piece))
    return everything


def combining_classes(nfd, canonical):
    """The class of every code point, found by how NFD reorders it against one code point of each class."""
    def swaps(first, second):
        return first != second and nfd.normalize_str(first + second) == second + first

    lowest, highest = "\u0334", "\u0345"  # classes 1 and 240, the ends of the range
    movable = [
        c
        for c in CODE_POINTS
        if c not in canonical and c not in HANGUL and (swaps(chr(c), lowest) or swaps(highest, chr(c)))
    ]
    rank = {}
    for c in movable:
        if unicodedata.combining(chr(c)):
            rank.setdefault(unicodedata.combining(chr(c)), chr(c))
    classes = {}
    for c in movable:
        same = [k for k, r in rank.items() if not swaps(chr(c), r) and not swaps(r, chr(c))]
        assert len(same) == 1, (hex(c), same)
        classes[c] = same[0]
    return classes


def compositions(canonical):
    nfc = normalizers.NFC()
    pairs = {}
    for c, parts in canonical.items():
        if c in HANGUL or len(parts) < 2 or nfc.normalize_str(chr(c)) != chr(c):
            continue
        first = nfc.normalize_str("".join(map(chr, parts[:-1])))
        assert len(first) == 1 and nfc.normalize_str(first + chr(parts[-1])) == chr(c), hex(c)
        pairs[ord(first), parts[-1]] = c
    return pairs


def scripts():
    """A number for each class of code points that UnicodeScripts keeps together; 0 goes with every class."""
    split = pre_tokenizers.UnicodeScripts()

    def together(a, b):
        return len(pieces(split, a + b)) == 1

    latin, greek = "a", "\u03b1"
    number, members = {}, []
    run = None
    for c in CODE_POINTS:
        text = chr(c)
        if together(latin, text) and together(greek, text):
            number[c] = 0
            continue
        if run is None or not together(members[run], text):
            run = next((i for i, m in enumerate(members) if together(m, text)), None)
            if run is None:
                members.append(text)
                run = len(members) - 1
        number[c] = run + 1
    return number


def regex_categories():
    category = {}
    for index, name in enumerate(CATEGORIES):
        if name == "Cs":
            continue
        for c in matched(r"\p{%s}" % name):
            assert c not in category, hex(c)
            category[c] = index
    return category


def observe():
    bert = {"clean_text": False, "handle_chinese_chars": False, "strip_accents": False, "lowercase": False}
    clean = normalizers.BertNormalizer(**{**bert, "clean_text": True})
    apart = normalizers.BertNormalizer(**{**bert, "handle_chinese_chars": True})
    strip = normalizers.BertNormalizer(**{**bert, "strip_accents": True})
    bert_split, words = pre_tokenizers.BertPreTokenizer(), pre_tokenizers.Whitespace()
    white, digits = pre_tokenizers.WhitespaceSplit(), pre_tokenizers.Digits(individual_digits=True)

    nfd = normalizers.NFD()
    canonical = {c: d for c, d in mapped(nfd).items()}
    compatibility = {c: d for c, d in mapped(normalizers.NFKD()).items()}
    lowercase = mapped(normalizers.Lowercase())
    sets = {
        "space": {c for c in CODE_POINTS if not pieces(white, chr(c))},
        "bert_control": between(clean, "ab"),
        "bert_space": between(clean, "a b"),
        "ideograph": {c for c in CODE_POINTS if len(apart.normalize_str(chr(c))) == 3},
        "bert_mark": between(strip, "ab"),
        "mark": between(normalizers.StripAccents(), "ab"),
        "punctuation": {c for c in CODE_POINTS if len(pieces(bert_split, "a" + chr(c) + "b")) == 3},
        "numeric": {c for c in CODE_POINTS if len(pieces(digits, "a" + chr(c) + "b")) == 3},
        "word": {c for c in CODE_POINTS if len(pieces(words, "a" + chr(c) + "b")) == 1},
        "regex_space": matched(r"\s"),
        "regex_digit": matched(r"\d"),
        "has_lowercase": set(lowercase),
        "has_canonical": set(canonical),
        "has_compatibility": set(compatibility),
    }
    isolated = pre_tokenizers.Punctuation()
    for c in CODE_POINTS:
        assert (len(pieces(isolated, "a" + chr(c) + "b")) == 3) == (c in sets["punctuation"]), hex(c)
    return sets, canonical, compatibility, lowercase, combining_classes(nfd, canonical), scripts(), regex_categories()


def numbers(values, width=118):
    lines, line = [], ""
    for value in values:
        text = f"{value},"
        if len(line) + len(text) > width:
            lines.append("  " + line)
            line = ""
        line += text
    return "\n".join(lines + ["  " + line])


def array(type_name, name, values):
    values = list(values)
    return f"const std::array<{type_name}, {len(values)}> {name}{{{{\n{numbers(values)}\n}}}};\n"


def two_stage(sets, classes, script, category):
    """Records (flags, category, class, script), the record of each place in a block, and the block of each 256."""
    records, blocks, first, second = {}, {}, [], []
    for begin in range(0, 0x110000, BLOCK):
        block = []
        for c in range(begin, begin + BLOCK):
            flags = sum(1 << i for i, (name, _) in enumerate(FLAGS) if c in sets[name])
            record = (flags, category.get(c, CATEGORIES.index("Cs")), classes.get(c, 0), script.get(c, 0))
            block.append(records.setdefault(record, len(records)))
        block = tuple(block)
        if block not in blocks:
            blocks[block] = len(blocks)
            second.extend(block)
        first.append(blocks[block])
    return list(records), first, second


def mapping(type_name, name, table):
    """Sorted keys, and for each the place and length of its text in a pool."""
    pool, entries = [], []
    for c in sorted(table):
        if c in HANGUL:
            continue
        entries.append(f"{{{c},{len(pool)},{len(table[c])}}}")
        pool.extend(table[c])
    assert len(pool) < 65536
    return array(type_name, f"k{name}", entries) + "\n" + array("char32_t", f"k{name}Pool", pool)


HEADER = """#pragma once

// What the reference tokenizer believes about every code point. {origin}
// Read it through unicode.h.

#include <array>
#include <cstdint>

namespace tastevin::tokenizer::unicode_tables {{

enum Flag : std::uint32_t {{
{flags}
}};

/// General category as split patterns see it.
enum class Category : std::uint8_t {{ {categories} }};

struct Record {{
  std::uint32_t flags;
  std::uint8_t category;
  std::uint8_t combining_class;
  std::uint8_t script;  // a number for each class that UnicodeScripts keeps together; 0 goes with every class
}};

struct Mapping {{
  char32_t code_point;
  std::uint16_t offset;  // into the pool
  std::uint8_t length;
}};

struct Composition {{
  std::uint64_t pair;  // first << 21 | second
  char32_t composite;
}};

inline constexpr std::size_t kBlock = {block};

{externs}

}}  // namespace tastevin::tokenizer::unicode_tables
"""


def main():
    origin = (
        f"Generated by tools/make_unicode_tables.py\n// from tokenizers {tokenizers.__version__}"
        f" (seed for combining classes: Python {sys.version.split()[0]}, Unicode {unicodedata.unidata_version}). Do not edit."
    )
    sets, canonical, compatibility, lowercase, classes, script, category = observe()
    records, first, second = two_stage(sets, classes, script, category)
    pairs = compositions(canonical)
    arrays = [
        array("Record", "kRecords", [f"{{{f}U,{g},{k},{s}}}" for f, g, k, s in records]),
        array("std::uint8_t" if max(first) < 256 else "std::uint16_t", "kBlocks", first),
        array("std::uint16_t", "kPlaces", second),
        mapping("Mapping", "Lowercase", lowercase),
        mapping("Mapping", "Canonical", canonical),
        mapping("Mapping", "Compatibility", compatibility),
        array("Composition", "kCompositions", [f"{{{(a << 21 | b)}ULL,{c}}}" for (a, b), c in sorted(pairs.items())]),
    ]
    body = "\n".join(arrays)
    externs = "\n".join(
        "extern " + line.split("{{")[0] + ";" for line in body.splitlines() if line.startswith("const std::array")
    )
    flags = "\n".join(f"  {name} = 1U << {i}U,  // {why}" for i, (name, why) in enumerate(FLAGS))
    header = HEADER.format(origin=origin, flags=flags, categories=", ".join(CATEGORIES), block=BLOCK, externs=externs)
    source = (
        f'// {origin}\n\n#include "classify/tokenizer/unicode_tables.h"\n\n'
        f"namespace tastevin::tokenizer::unicode_tables {{\n\n// clang-format off\n{body}// clang-format on\n\n"
        "}  // namespace tastevin::tokenizer::unicode_tables\n"
    )
    (FOLDER / "unicode_tables.h").write_text(header)
    (FOLDER / "unicode_tables.cc").write_text(source)
    print(f"{len(records)} records, {len(set(first))} blocks, {len(source)} bytes")


if __name__ == "__main__":
    main()
