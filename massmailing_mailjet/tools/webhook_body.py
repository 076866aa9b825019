"""Takes the body of a webhook call apart: JSON as it is sent by others, which may be
cut, broken, or no JSON at all.

Everything takes time and memory in proportion to the body: what is broken is stepped
over and never read twice.
"""

import base64
import json
import math
import re
from typing import Any, NamedTuple

# PostgreSQL's text takes neither; both occur in what mail programs say of themselves.
# The second half is what Python makes of bytes that are no UTF-8.
UNSTORABLE = re.compile("[\x00\ud800-\udfff]")
# Longer numbers stay texts: turning them into numbers takes long, or fails.
LONGEST_NUMBER = 300
# What is larger or deeper is kept as text: a database takes no JSON of any depth.
LARGEST_OBJECT = 100_000
MOST_BRACKETS = 100
# Objects of one body; Mailjet groups those of a second.
MOST_PIECES = 100_000
# Broken places that are stepped over until the rest is given up, as Python's parser
# counts the lines before each; and for how many of them it counts to read the whole
# body in vain, or what is nested too deeply.
MOST_FAULTS = 100
VAIN_FAULTS = 50
DEEP_FAULTS = 30

NULS = ("\x00", r"\u0000")
BYTES = "base64"

BEGINNING = re.compile(r"\s*\[?\s*[{\]]")
LEAD = re.compile(r"[ \t\r\n\ufeff]*\[?")
GAP = re.compile(r"[ \t\r\n,]*")
# An object that is not the value of a name.
OBJECT = re.compile(r'(?<![:\s])\s*(?=\{\s*")')


class Piece(NamedTuple):
    """A part of a body.

    :param str raw: the part as it came
    :param reason: why it was not read: ``malformed``, ``too_large``; or None
    :param bool is_exact: whether a database can store the value, and it says all that
        came
    """

    value: Any
    raw: str
    reason: str | None = None
    is_exact: bool = False


class _RepeatedNamesError(ValueError):
    pass


def _integer(text):
    return text if len(text) > LONGEST_NUMBER else int(text)


def _float(text):
    """Return a number, or its text where it is larger than any number."""
    number = float(text) if len(text) <= LONGEST_NUMBER else math.inf
    return number if math.isfinite(number) else text


def _object(pairs):
    """Return an object as a dict, which cannot contain one name twice.

    :raise _RepeatedNamesError: when it does
    """
    found = dict(pairs)
    if len(found) != len(pairs):
        raise _RepeatedNamesError
    return found


OPTIONS = {
    "parse_float": _float,
    "parse_constant": str,
    "strict": False,
}
EXACT = json.JSONDecoder(object_pairs_hook=_object, **OPTIONS)
LENIENT = json.JSONDecoder(parse_int=_integer, **OPTIONS)


def read_pieces(body):
    """Return the pieces of a body: the items of an array, or one object. What stands
    between them and cannot be read is a piece as well, and so is a body without
    anything readable.

    :param bytes body: as it was posted
    :return: list of :class:`Piece`
    """
    text = _decode(body)
    pieces = list(_split(text))
    is_lost = bool(pieces) and all(piece.reason == "malformed" for piece in pieces)
    return [Piece(None, text, "malformed")] if is_lost or not body else pieces


def to_piece(value):
    """Return the piece of a decoded object."""
    return _make_piece(value, json.dumps(value))


def is_storable(text):
    """Return whether PostgreSQL can store a text."""
    return text.isprintable() or not UNSTORABLE.search(text)


def keep(raw):
    """Return JSON that contains a text of any kind: the text, or its bytes where
    PostgreSQL cannot store it."""
    if not is_storable(raw):
        return json.dumps({BYTES: base64.b64encode(to_bytes(raw)).decode()})
    return json.dumps(raw, ensure_ascii=False)


def show(payload):
    """Return what :func:`keep` has kept, to be read by a person; None for the rest."""
    if isinstance(payload, str):
        return payload
    if isinstance(payload, dict) and payload.keys() == {BYTES}:
        text = base64.b64decode(payload[BYTES]).decode("utf-8", "backslashreplace")
        return text.replace("\x00", r"\x00")
    return None


def to_bytes(text):
    """Return the bytes that a text of a body was."""
    return text.encode("utf-8", "surrogateescape")


def _decode(body):
    """Return the body as text, from which :func:`to_bytes` makes the bytes again."""
    encoding = json.detect_encoding(body)
    if not encoding.startswith("utf-8"):
        try:
            text = body.decode(encoding)
        except UnicodeDecodeError:
            text = ""
        if BEGINNING.match(text):
            return text
    return body.decode("utf-8", "surrogateescape")


def _split(text):
    """Yield the pieces of a text one after another."""
    place, lost = LEAD.match(text).end(), None
    count = faults = 0
    while True:
        place = _find_next(text, place, lost)
        if lost is None and text.startswith("]", place):
            place += 1
            if GAP.match(text, place).end() == len(text):
                return
            lost = place
            continue
        if place >= len(text) or count == MOST_PIECES or faults > MOST_FAULTS:
            break
        piece, cost = _read_item(text, place)
        faults += cost
        if piece and (lost is None or _is_event(piece.value)):
            if lost is not None:
                yield Piece(None, text[lost:place], "malformed")
            yield piece
            count, lost, place = count + 1, None, place + len(piece.raw)
        else:
            lost = place if lost is None else lost
            place += len(piece.raw) if piece else 1
    rest = text[place if lost is None else lost :]
    if rest:
        yield Piece(None, rest, "too_large" if count == MOST_PIECES else "malformed")


def _find_next(text, place, lost):
    """Return where the next item may begin: behind what could not be read, an object
    alone."""
    if lost is None:
        return GAP.match(text, place).end()
    found = OBJECT.search(text, place)
    return found.end() if found else len(text)


def _is_event(value):
    return isinstance(value, dict) and "event" in value


def _read_item(text, start):
    """Return the piece that begins at a place, or None; and for how many faults it
    counts."""
    for decoder in (EXACT, LENIENT):
        try:
            value, end = decoder.raw_decode(text, start)
            return _make_piece(value, text[start:end], decoder is EXACT), 0
        except json.JSONDecodeError as error:
            return None, 1 + VAIN_FAULTS * (error.pos - start) / len(text)
        except RecursionError:
            return None, DEEP_FAULTS
        except ValueError:
            # A name twice, or more digits than Python reads at once.
            continue
    return None, 1


def _make_piece(value, raw, is_exact=True):
    return Piece(value, raw, is_exact=is_exact and _is_plain(raw))


def _is_plain(raw):
    """Return whether the JSON of an object can be stored as such: it is neither huge
    nor deep, and has no sign that PostgreSQL does not know."""
    return (
        len(raw) <= LARGEST_OBJECT
        and raw.count("{") + raw.count("[") <= MOST_BRACKETS
        and not any(nul in raw for nul in NULS)
        and is_storable(raw)
    )
