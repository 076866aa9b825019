from hypothesis import strategies as st

LARGE = 200_000
LONG_LABEL = "x" * 63

GOOD = (
    "ann@example.com",
    "Ann.O'Hara+x@Example.COM",
    "a/b@example.com",
    "sales=ann@example.com",
    "_ann-@example.co.uk",
    "a@xn--mnchen-3ya.example",
    f"{'a' * 64}@example.com",
    f"a@{LONG_LABEL}.example",
    f"a@{'x.' * 124}com",
)
BAD = {
    "": "no_at",
    "nobody": "no_at",
    "bob@ann@example.com": "several_at",
    "@example.com": "no_name",
    "ann@": "no_domain",
    "ann ash@example.com": "spaces",
    "ann@example.com\xa0": "spaces",
    "ann@example.com\n": "spaces",
    "ann\u200b@example.com": "invisible",
    "ann@exam\xadple.com": "invisible",
    "\ufeffann@example.com": "invisible",
    "\u202eann@example.com": "invisible",
    "ann\0@example.com": "invisible",
    "ann@exam\x7fple.com": "invisible",
    "ann@münchen.example": "foreign_domain",
    "ann@example.\u212aom": "foreign_domain",  # a sign that is k in small letters
    "jürgen@example.com": "foreign_name",
    f"{'a' * 65}@example.com": "long_name",
    f"a@{'x.' * 125}com": "long",
    "a..b@example.com": "bad_name",
    ".a@example.com": "bad_name",
    "a.@example.com": "bad_name",
    "(c)@example.com": "bad_name",
    ":@example.com": "bad_name",
    '"@example.com': "bad_name",
    '"a"@example.com': "bad_name",
    "a,b@example.com": "bad_name",
    "a\\b@example.com": "bad_name",
    "ann@example": "bad_domain",
    "ann@example.c": "bad_domain",
    "ann@example.1com": "bad_domain",
    "ann@-example.com": "bad_domain",
    "ann@example-.com": "bad_domain",
    "ann@example.com-": "bad_domain",
    "ann@example..com": "bad_domain",
    "ann@.example.com": "bad_domain",
    "ann@exam_ple.com": "bad_domain",
    "ann@[127.0.0.1]": "bad_domain",
    f"a@x{LONG_LABEL}.example": "bad_domain",
}

# Texts that are almost addresses, and some that are.
PIECES = st.sampled_from(
    [
        *("ann", "Bob", "x" * 63, "1", "é", "\u200b", "\xad", "\xa0", "\u212a", "İ"),
        *("@", "@", "@example.com", "example", ".com", ".", "..", "-", "_", "+", "'"),
        *(" ", "\t", "\n", ",", ";", "<", ">", '"', "(", ")", "\\", "|", "=", "/", "%"),
    ]
)
ALMOST = st.lists(PIECES, max_size=9).map("".join)
