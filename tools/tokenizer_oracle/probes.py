"""Texts that every small tokenizer is asked about, and the options that truncation is asked with."""

TEXTS = [
    "",
    " ",
    "   ",
    "a",
    "hello",
    " hello",
    "hello ",
    "  hello   world  ",
    "Hello World",
    "one\nline",
    "note\nbook",
    "a\tb\rc\r\nd",
    "it's we'll I'M don't they've you'RE 'tis",
    "3.14 1,000,000 2nd x2 2x",
    "(a)[b]{c}<d>",
    "wait...what?!",
    "x_y-z--w",
    "$5 + 50% = ^~`|",
    "naïve café résumé",
    "nai\u0308ve cafe\u0301 re\u0301sume\u0301",
    "mở bài lạc trôi",
    "mo\u031b\u0309 a\u0323\u0302 a\u0302\u0323",
    "ÇOCUK ŞANLIURFA'DAN İYİ ıI",
    "Straße ẞ ΣΑΣ Σ ﬃ ﬁ Ǆǅ",
    "lǜshi Kantō",
    "안녕하세요",
    "\u110b\u1161\u11ab \uac00\u11a8",
    "कु क्षि नमस्ते",
    "สวัสดี เปิ้น ำ",
    "עִבְרִית عَرَبِيّ",
    "中文 Noguchi 野口里佳,日本語テキスト",
    "ｽﾅｯﾌﾟﾘﾝｸﾞ　ＳＣ－４０",
    "カ\u3099 カ\uff9e か\u309a",
    "㌔㍻①½Ⅷ²℃ﷺ",
    "「引用」、。・…‥",
    "hello😀",
    "😀 😃hello",
    "👩‍👩‍👧‍👦 👍🏽 🏳️‍🌈 🇫🇷🇺🇸 1\ufe0f\u20e3",
    "\u0000a\u0001b\u007fc\u0085d\u00ade\u200bf\u200dg\u200eh\ufeffi\ufffdj",
    "a\u00a0b\u1680c\u2003d\u2028e\u2029f\u202fg\u3000h\u2581i",
    "\u2581lead ▁two▁▁three ▁",
    "\U0001d54b\U0001d7d9 \U00010400\U00010428 \U0001e900 \U00020000\U0002f800",
    "\ue000\U000f0000\U0010ffff\uffff",
    "\u0301x",
    "x\u0301\u0301\u0327\u0323",
    "a\u034f\u0301b",
    "\u0f71\u0f72\u0f74 \u0340\u0341\u0343\u0344 \u212b\u2126\u00c5",
    "abcabc abab aabb",
    "The quick brown fox jumps over the lazy dog, and runs away.",
    "unwantedX running wanted",
    "\u1e9b\u0323 \ufb01\ufb03 \u2460 \u01c4",
    "\u0130\u0131\u017f\u212a",
    "A\r\nB\rC\n\nD \n E\n",
    "\t\n \t",
    "......",
    "aAaA bBbB",
    "e\u0301\u200d\u0308",
    "¿Qué? ¡Olé! «oui»",
    "x\u20dd y\u0488 z\u0903",
]

PAIRS = [
    ("hello world", "a b c d"),
    ("", ""),
    ("", "x"),
    ("hello", ""),
    ("naïve café", "野口 😀"),
    ("a b c d e f g h", "i j k"),
    ("abc", "abcdefgh ijkl"),
]


def plain():
    return [{"text": text} for text in TEXTS]


def pairs():
    return [{"text": text, "pair": pair} for text, pair in PAIRS] + [
        {"text": "hello world", "special_tokens": False},
        {"text": "hello", "pair": "you", "special_tokens": False},
    ]


def special(literals):
    """Every literal alone, glued to what may stand beside it, doubled, and next to each other."""
    cases = []
    for literal in literals:
        for around in (
            "{}",
            " {} ",
            "a{}b",
            "a {} b",
            "  {}  {}  ",
            "{}{}",
            "é{}é",
            "_{}1",
            "a\n{}\tb",
            "中{}中",
            ".{}.",
            "x{}",
            "{}x",
            "\u00a0{}\u2003",
        ):
            cases.append({"text": around.replace("{}", literal)})
        cases += [
            {"text": literal.upper()},
            {"text": literal[:-1]},
            {"text": literal[1:]},
            {"text": literal, "pair": f"b {literal}"},
        ]
    cases += [{"text": "".join(literals)}, {"text": " ".join(literals)}, {"text": "a" + "b ".join(literals)}]
    return cases


def truncation():
    """Both directions and each strategy, at limits around the special tokens."""
    long, short = "a b c d e f g h i j k l", "m n o"
    cases = []
    for limit in (1, 2, 3, 4, 5, 6, 8, 9, 12, 15, 18, 40):
        for direction in ("right", "left"):
            common = {"max_length": limit, "truncation": direction}
            cases += [
                {"text": long, **common},
                {"text": long, "special_tokens": False, **common},
                {"text": "", **common},
            ]
            for pair in ((long, short), (short, long), (long, long), ("", long), (long, "")):
                # With no room beside the special tokens the oracle cuts both texts whatever the strategy says; we refuse.
                only = ("only_first", "only_second") if limit > 3 else ()
                for strategy in ("longest_first", *only):
                    cases.append({"text": pair[0], "pair": pair[1], "strategy": strategy, **common})
    return cases


def windows():
    """A long text as overlapping parts; of a pair, the one that the strategy names."""
    long = "a b c d e f g h i j k l m n o p"
    pairs = [{"pair": "x y", "strategy": "only_first"}, {"pair": "", "strategy": "only_first"}]
    texts = [{"text": text} for text in (long, "hello world", "")]
    texts += [{"text": long, **pair} for pair in pairs]
    texts += [{"text": "x y", "pair": long, "strategy": "only_second"}]
    return [
        {**given, "max_length": limit, "stride": stride, "truncation": direction}
        for given in texts
        for limit in (3, 4, 6, 7, 10, 40)
        for stride in (0, 1, 2, 4)
        for direction in ("right", "left")
        if stride < limit - (5 if "pair" in given else 2)
    ]
