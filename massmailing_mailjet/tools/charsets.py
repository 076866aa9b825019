"""The text of a file, whatever charset it was saved in, read as browsers read it.

Labels and charsets are those of https://encoding.spec.whatwg.org/, in which a byte that
means nothing is one wrong letter, never the end. `webencodings` knows the labels; where
Python's codecs read less than a browser, the differences are bridged below.
"""

import codecs
import re
from functools import cache, partial

import chardet
import webencodings

from .html_tokenizer import DECLARATION, START, tokenize

# What browsers look through is shorter, but the heads of newsletters are long.
HEAD = 65_536
CHARSET = re.compile(r"""charset\s*=\s*["']?\s*(?P<label>[^\s"';,]+)""", re.I)
CSS_CHARSET = re.compile(rb'@charset "(?P<label>[^"]{1,100})";')
ENCODING = re.compile(r"""\bencoding\s*=\s*["'](?P<label>[^"']+)""", re.IGNORECASE)
# UTF-32 is no charset of the web, but its mark is that of UTF-16 and two zeros.
BYTE_ORDER_MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
# A declaration that can be read as ASCII is not written in UTF-16.
READ_AS = {"utf-16le": "utf-8", "utf-16be": "utf-8", "x-user-defined": "windows-1252"}
UNREAD = "replacement"  # charsets that browsers no longer read, to be safe
WRONG = "\N{REPLACEMENT CHARACTER}"  # what is shown for bytes without a meaning
MAX_BRIDGED = 10_000  # of these, beyond which it is no text of that charset

MULTIBYTE = {"gbk", "gb18030", "big5", "euc-kr", "shift_jis", "euc-jp", "iso-2022-jp"}
ESCAPES = (b"\x1b$", b"\x1b(J")  # of ISO-2022-JP, whose other bytes are all ASCII

# Characters that a text has few of, and only by mistake.
BINARY = bytes(set(range(32)) - set(b"\t\n\f\r\x1a\x1b"))
FEW_BINARY = 8

# Enough for the detector, which reads slowly; and how sure it must be.
SAMPLE = 16_384
SURE = 0.1
DETECTED = {"CP932": "shift_jis", "CP949": "euc-kr", "UHC": "euc-kr"}  # no labels


def decode_html(content):
    """Return the text of an HTML file, its own declaration changed to UTF-8: that is
    how it is kept and sent from now on.

    A byte order mark wins; then what the file declares, unless its bytes are UTF-8 and
    its declaration left over from elsewhere; then what a detector makes of it.

    :param bytes content: the file
    :raise ValueError: when it is no text
    """
    head = content[:HEAD].decode("latin-1")
    label = next((head[slice(*span)] for span in _find_labels(head)), "")
    return _declare_utf8(_decode(content, label))


def decode_css(content):
    """Return the text of a style sheet.

    :raise ValueError: when it is no text
    """
    label = CSS_CHARSET.match(content)
    return _decode(content, label["label"].decode("latin-1") if label else "")


def decode_text(content):
    """Return the text of a file that declares nothing, such as a CSV.

    :raise ValueError: when it is no text
    """
    return _decode(content, "")


def _decode(content, label):
    for mark, codec in BYTE_ORDER_MARKS:
        if content.startswith(mark):
            text = content[len(mark) :].decode(codec, "replace")
            return text.replace("\0", WRONG)
    if _is_binary(content):
        raise ValueError("binary")
    text = _decode_with(content, _choose(content, _lookup(label)))
    return text.replace("\0", WRONG)


def _is_binary(content):
    count = len(content) - len(content.translate(None, BINARY))
    share = 50 if count > FEW_BINARY else 8
    return count * share > len(content)


def _lookup(label):
    """Return the name of the charset that a label declares, or None."""
    encoding = webencodings.lookup(label)
    name = encoding and READ_AS.get(encoding.name, encoding.name)
    return None if name == UNREAD else name


def _choose(content, declared):
    """Return the name of the charset to read bytes without a mark with."""
    if declared in (None, "iso-2022-jp") and any(sign in content for sign in ESCAPES):
        return "iso-2022-jp"
    good, bad = _count(content.decode("utf-8", "replace"))
    if declared in (None, "utf-8"):
        return "utf-8" if good >= bad else _detect(content)
    if declared not in MULTIBYTE:  # every byte is a letter in them, which says nothing
        return "utf-8" if good and good >= 4 * bad else declared
    good_there, bad_there = _count(_decode_with(content, declared))
    if good and not bad and bad_there:
        return "utf-8"
    return declared if good_there >= bad_there else _detect(content)


def _count(text):
    """Return how many letters beyond ASCII are right in a text, and how many wrong."""
    wrong = text.count(WRONG)
    return len(text) - len(text.encode("ascii", "ignore")) - wrong, wrong


def _detect(content):
    """Return the name of the likeliest charset: what Windows writes in Western Europe
    unless a detector is sure enough of another that reads every byte."""
    lines = (line for line in content.split(b"\n") if not line.isascii())
    sample = b"\n".join(lines)[:SAMPLE]
    found = chardet.detect(sample)
    name = _lookup(DETECTED.get(found["encoding"]) or found["encoding"] or "")
    is_sure = (found["confidence"] or 0) >= SURE and name not in (None, "utf-8")
    # Its end may be half a letter.
    if is_sure and WRONG not in _decode_with(sample, name)[:-4]:
        return name
    return "windows-1252"


# === WHERE PYTHON'S CODECS READ LESS THAN BROWSERS === #


def _decode_with(content, name):
    """Return the text of bytes in a charset of the standard, by its name there."""
    if name == "utf-8":
        return content.decode(name, "replace")
    if name not in MULTIBYTE:
        return codecs.charmap_decode(content, "strict", _get_letters(name))[0]
    codec, errors, signs = BRIDGES.get(name) or (_get_codec(name), "pairs", {})
    text = content.decode(codec, "replace")
    if 0 < text.count(WRONG) <= MAX_BRIDGED:
        text = content.decode(codec, f"mailjet-{errors}")
    return text.translate(signs) if signs else text


def _get_codec(name):
    return webencodings.lookup(name).codec_info.name


@cache
def _get_letters(name):
    """Return the 256 letters of a charset of single bytes. Where it leaves one of the
    first bytes beyond ASCII open, browsers take that for a control character."""
    codec = _get_codec(name)
    letters = [bytes([byte]).decode(codec, "replace") for byte in range(256)]
    controls = map(chr, range(0x80, 0xA0))
    letters[0x80:0xA0] = [
        control if letter == WRONG else letter
        for letter, control in zip(letters[0x80:0xA0], controls, strict=True)
    ]
    return "".join(letters).translate(UKRAINIAN_LETTERS if name == "koi8-u" else {})


# The signs that JIS and Windows map to two letters each: browsers take Windows'.
JAPANESE_SIGNS = str.maketrans("〜‖−¢£¬", "～∥－￠￡￢")
# Python has these of GB 18030 where nothing was assigned until 2005.
CHINESE_SIGNS = str.maketrans(
    "\ue5e5\ue78d\ue78e\ue78f\ue790\ue791\ue792\ue793\ue794\ue795\ue796\ue7c7"
    "\ue81e\ue826\ue82b\ue82c\ue832\ue843\ue854\ue864",
    "\u3000︐︒︑︓︔︕︖︗︘︙ḿ龴龵龶龷龸龹龺龻",
)
UKRAINIAN_LETTERS = str.maketrans("╝╬", "ўЎ")

# Python's codec, what its errors are read with, and what is changed in the end. Left
# as they are: some 70 rare characters of Hong Kong in Big5.
BRIDGES = {
    "gbk": ("gb18030", "chinese", CHINESE_SIGNS),
    "gb18030": ("gb18030", "chinese", CHINESE_SIGNS),
    "shift_jis": ("cp932", "pairs", dict.fromkeys(range(0xF8F0, 0xF8F4), WRONG)),
    "euc-jp": ("euc_jp", "euc-jp", JAPANESE_SIGNS),
    "iso-2022-jp": ("iso2022_jp_ext", "iso-2022-jp", JAPANESE_SIGNS),
}


def _read_pair(error):
    """A pair that means nothing is one wrong letter; ASCII in it remains."""
    pair = error.object[error.start : error.start + 2]
    length = 2 if len(pair) == 2 and pair[1] > 0x7F and 0x80 < pair[0] < 0xFF else 1
    return WRONG, error.start + length


def _read_chinese(error):
    if error.object[error.start] == 0x80:
        return "€", error.start + 1
    return _read_pair(error)


def _read_japanese(error, offset):
    """Read a pair of JIS as Windows does, which knows more letters.

    :param int offset: what is added to the two bytes of JIS
    """
    pair = bytes(error.object[error.start : error.start + 2])
    row, cell = (byte - offset - 0x21 for byte in pair.ljust(2, b"\0"))
    if not (0 <= row < 94 and 0 <= cell < 94):
        return _read_pair(error)
    lead, half = divmod(row, 2)
    trail = cell + (94 if half else 0)
    windows = bytes((lead + (0x81 if lead < 31 else 0xC1), trail + 0x40))
    if trail >= 63:
        windows = bytes((windows[0], windows[1] + 1))
    return windows.decode("cp932", "replace")[0], error.start + 2


codecs.register_error("mailjet-pairs", _read_pair)
codecs.register_error("mailjet-chinese", _read_chinese)
codecs.register_error("mailjet-euc-jp", partial(_read_japanese, offset=0x80))
codecs.register_error("mailjet-iso-2022-jp", partial(_read_japanese, offset=0))


# === WHAT A FILE DECLARES === #


def _find_labels(head):
    """Yield the places of the labels that a head declares, as (start, end)."""
    for token in tokenize(head):
        if token.kind == DECLARATION and not token.start:
            label = ENCODING.search(token.source)
            if label:
                yield label.span("label")
        elif token.kind == START and token.name == "meta" and not token.in_outlook:
            yield from _find_label(token)


def _find_label(meta):
    charset, content, kind = map(meta.get, ("charset", "content", "http-equiv"))
    if charset and charset.value:
        yield charset.value_start, charset.value_start + len(charset.value)
    elif content and kind and kind.decoded.strip().lower() == "content-type":
        label = CHARSET.search(content.value or "")
        if label:
            start, end = label.span("label")
            yield content.value_start + start, content.value_start + end


def _declare_utf8(text):
    """Return the text with the charsets that its head declares replaced."""
    parts, done = [], 0
    for start, end in _find_labels(text[:HEAD]):
        if text[start:end].lower() not in ("utf-8", "utf8"):
            parts += text[done:start], "utf-8"
            done = end
    return "".join((*parts, text[done:]))
