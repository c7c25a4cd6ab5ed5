"""Strings that walk every path of a tokenizer; the same ones on every run.

Each family is an endless generator over its own seeded `random.Random`, so that a family yields the same strings whatever
the others do. `code_points` is the exception: it ends when each scalar value has been shown.
"""

import random
import unicodedata


def blocks(text):
    """ "41-5A C0-FF" as pairs of first and last code points."""
    return [tuple(int(bound, 16) for bound in block.split("-")) for block in text.split()]


def characters(text):
    return [chr(int(code_point, 16)) for code_point in text.split()]


# First and last code point of blocks whose letters behave differently: case, accents, composition, vowel signs, width.
SCRIPTS = blocks("""
    41-7A C0-24F 250-2AF 370-3FF 400-52F 531-587 5D0-5EA 620-64A 671-6D3 905-963 985-9CD B85-BCD C05-C4D E01-E4E
    E81-EDD F40-FBC 1000-104F 10A0-10FF 1100-11FF 1200-137C 13A0-13FD 1780-17D3 1E00-1EFF 1F00-1FFF 2C00-2C5F
    3041-3096 30A1-30FE 3131-318E 3300-33FF 4E00-9FFF AC00-D7A3 F900-FAFF FB00-FB4F FB50-FDFF FE70-FEFC FF01-FFEE
    10400-1044F 1D400-1D7FF 1E900-1E943 20000-2A6DF 2F800-2FA1D
    """)
MARKS = blocks("""
    300-36F 483-487 591-5BD 610-61A 64B-65F 93C-94D E31-E3A F71-F84 1AB0-1AC0 1DC0-1DFF 20D0-20F0 302A-302F
    3099-309A FE00-FE2F 1D165-1D169 E0100-E01EF
    """)
BLANKS = characters("""
    9 A B C D 1C 1D 1E 1F 20 85 A0 1680 180E 2000 2001 2002 2003 2004 2005 2006 2007 2008 2009 200A 200B 200C 200D
    200E 200F 2028 2029 202F 205F 2060 3000 2581 FEFF
    """)
CONTROLS = characters("""
    0 1 2 3 4 5 6 7 8 9 A B C D E F 10 11 12 13 14 15 16 17 18 19 1A 1B 1C 1D 1E 1F 7F 80 81 82 83 84 85 86 87 88 89
    8A 8B 8C 8D 8E 8F 90 91 92 93 94 95 96 97 98 99 9A 9B 9C 9D 9E 9F AD 34F 61C 70F 115F 180B 200B 200C 200D 200E
    202A 202E 2060 2066 206F D7FF E000 F8FF FDD0 FE0F FEFF FFF9 FFFC FFFD FFFE FFFF 1BCA0 1D173 1FFFE E0001 E0020
    E007F F0000 10FFFD 10FFFF
    """)
EMOJI = """
    😀 👍 👩 👨 🧑 👧 ❤ 🏳 🌈 💻 🚀 🦙 🥱 🫠 \U0001fabf ☎ ✈ ♂ ♀ 🇫 🇷 🇺 🇸 # * 1 🏴 \U000e0067 \U000e0062 \U000e007f
""".split()
EMOJI_JOINERS = ["\u200d", "\ufe0f", "\ufe0e", "\u20e3", "🏻", "🏽", "🏿", ""]
SPECIAL_LITERALS = """
    [CLS] [SEP] [PAD] [UNK] [MASK] <s> </s> <pad> <unk> <mask> <|endoftext|> [sep] [SEP SEP] [[SEP]] <|endoftext <S>
    [MASK][MASK] <0x0A> ##ing ▁
""".split() + ["[ SEP ]"]
WORDS = """
    the film it 's n't I 'll we 've don ’t great unaffable 3.14 1,000,000 http://example.org/?q=1&r=2
    user@example.org C++ #tag -- ... ?! (a) x_y $5 50% ½ naïve Führer ÇOCUK İstanbul straße ǅ ﬁne ﷺ ㌔ ｽﾅｯﾌﾟ 각 각
    नमस्ते ภาษาไทย عَرَبِيّ 中文 日本語 नि 🇫🇷
""".split()
# Characters that differ in how they join a grapheme cluster: prepend, L, V, T, LV, extend, spacing mark, joiner, CR, LF.
CLUSTER_PARTS = characters("""
    D A 41 E9 301 327 600 6DD 70F 8E2 903 915 937 93C 93F 94D 995 9BE 9CD D4E D4D E33 EB3 1100 1161 11A8 115F AC00
    AC01 200C 200D 20E3 3099 304B FE0F FF76 FF9E 110BD 1F1E6 1F1FF 1F44D 1F3FB 2764 A9 E0062 FB01 BD
    """)


def scalar_values():
    """Every scalar value of the planes in use, and every 61st of the empty ones."""
    for plane in range(17):
        step = 1 if plane in (0, 1, 2, 3, 14) else 61
        for code_point in range(plane << 16, (plane + 1) << 16, step):
            if not 0xD800 <= code_point <= 0xDFFF:
                yield code_point


def code_points():
    """Every scalar value alone, and between letters."""
    for code_point in scalar_values():
        yield chr(code_point)
        yield f"a{chr(code_point)}b"


def code_points_in_context():
    """Every scalar value where normalisation and splitting look at the neighbours."""
    for code_point in scalar_values():
        yield f"É {chr(code_point)}\u0301{chr(code_point)}, 1"


def scripts(seed=1):
    rng = random.Random(seed)
    while True:
        words = [_word(rng, rng.choice(SCRIPTS), rng.randint(1, 8)) for _ in range(rng.randint(1, 6))]
        yield rng.choice(["", " ", " ", " ", ", ", "-", "\u3000"]).join(words)


def marks(seed=2):
    rng = random.Random(seed)
    while True:
        parts = []
        for _ in range(rng.randint(1, 5)):
            parts.append(_letter(rng, rng.choice(SCRIPTS)))
            parts += [_letter(rng, rng.choice(MARKS)) for _ in range(rng.choice((0, 1, 1, 2, 3, 6)))]
        yield "".join(parts)


def clusters(seed=3):
    rng = random.Random(seed)
    while True:
        yield "".join(rng.choice(CLUSTER_PARTS) for _ in range(rng.randint(1, 10)))


def emoji(seed=4):
    rng = random.Random(seed)
    while True:
        parts = []
        for _ in range(rng.randint(1, 6)):
            parts += [rng.choice(EMOJI), rng.choice(EMOJI_JOINERS)]
            if rng.random() < 0.2:
                parts.append(rng.choice([" ", "a", "hello", "."]))
        yield "".join(parts)


def controls(seed=5):
    rng = random.Random(seed)
    while True:
        yield "".join(
            rng.choice(CONTROLS) if rng.random() < 0.4 else rng.choice("ab1 .é中") for _ in range(rng.randint(1, 16))
        )


def blanks(seed=6):
    rng = random.Random(seed)
    while True:
        parts = []
        for _ in range(rng.randint(1, 6)):
            parts += rng.choices(BLANKS, k=rng.randint(0, 4)) + [rng.choice(WORDS + ["a", "", "1"])]
        yield "".join(parts) + "".join(rng.choices(BLANKS, k=rng.randint(0, 3)))


def special_literals(seed=7):
    rng = random.Random(seed)
    while True:
        parts = []
        for _ in range(rng.randint(1, 6)):
            parts.append(rng.choice(SPECIAL_LITERALS))
            parts.append(rng.choice(["", "", " ", "  ", "a", "é", ".", "~", "\n", "word ", "中"]))
        yield "".join(parts)


def long_words(seed=8):
    rng = random.Random(seed)
    while True:
        length = rng.choice((rng.randint(95, 105), rng.randint(20, 300)))
        alphabet = rng.choice(
            ["a", "ab", "abcdefghijklmnopqrstuvwxyz", "é", "e\u0301", "1", ".", "中a", "न\u093f", "😀", "=-"]
        )
        word = "".join(rng.choice(alphabet) for _ in range(length))
        yield rng.choice(["", "x "]) + word + rng.choice(["", " y", ".", "ing"])


def sentences(seed=9):
    rng = random.Random(seed)
    while True:
        text = "".join(
            rng.choice(WORDS) + rng.choice([" ", " ", " ", "", "  ", "\n"]) for _ in range(rng.randint(1, 12))
        )
        yield rng.choice((str, str, str.upper, str.title))(text)


def noise(seed=10):
    rng = random.Random(seed)
    while True:
        yield "".join(_scalar(rng) for _ in range(rng.randint(1, 24)))


def vocabulary_mixes(tokens, seed=11):
    """Pieces of the vocabulary in any order: what merges and lattices have to decide between."""
    rng = random.Random(seed)
    while True:
        yield "".join(rng.choice(tokens) + rng.choice(["", "", " "]) for _ in range(rng.randint(1, 8)))


def mutations(texts, seed=12):
    """Real text with a few characters changed, cut, repeated or glued."""
    rng = random.Random(seed)
    while True:
        text = rng.choice(texts)
        for _ in range(rng.randint(1, 3)):
            at = rng.randint(0, len(text))
            text = (
                text[:at]
                + rng.choice(
                    [chr(rng.randint(33, 126)), _scalar(rng), " ", rng.choice(CONTROLS), rng.choice(WORDS), ""]
                )
                + text[at + rng.randint(0, 2) :]
            )
        yield rng.choice(
            (str, str, str.upper, lambda t: unicodedata.normalize("NFD", t), lambda t: t[: rng.randint(0, 40)])
        )(text)


FAMILIES = {
    f.__name__: f
    for f in (scripts, marks, clusters, emoji, controls, blanks, special_literals, long_words, sentences, noise)
}


def _letter(rng, block):
    return chr(rng.randint(*block))


def _word(rng, block, length):
    return "".join(_letter(rng, block) for _ in range(length))


def _scalar(rng):
    code_point = rng.choice(
        (rng.randint(0, 0x7F), rng.randint(0, 0x7FF), rng.randint(0, 0xFFFF), rng.randint(0, 0x10FFFF))
    )
    return chr(code_point if not 0xD800 <= code_point <= 0xDFFF else code_point - 0x800)
