import json

EMPTY = {"event": "spam", "email": "", "MessageID": 0, "mj_campaign_id": 0}
# Odd bodies, and the state and the reason of the events that are kept of each.
ODD_BODIES = {
    "no JSON": (b"<html>", [("unmatched", "malformed")]),
    "nothing": (b"", [("unmatched", "malformed")]),
    "cut": (b'[{"event": "open", "ema', [("unmatched", "malformed")]),
    "nested too deeply": (b"[" * 100_000, [("unmatched", "malformed")]),
    "a huge number": (
        b'[{"event": "open", "email": "ann@example.com", "a": ' + b"9" * 5_000 + b"}]",
        [("pending", False)],
    ),
    "no number that a database knows": (
        b'[{"event": "open", "email": "ann@example.com", "a": 1e400, "b": -Infinity}]',
        [("pending", False)],
    ),
    "an event as deep as one can be": (
        b'[{"event": "open", "email": "ann@example.com", "a": '
        + b"[" * 900
        + b"]" * 900
        + b"}]",
        [("pending", False)],
    ),
    "names twice": (
        b'[{"event": "open", "email": "ann@example.com", "email": "bob@example.com"}]',
        [("pending", False)],
    ),
    "a group that is cut": (
        b'[{"event": "open", "email": "ann@example.com"}, {"event": "open", "em',
        [("pending", False), ("unmatched", "malformed")],
    ),
    "bytes that are no text": (b"\x00\xff\xfe", [("unmatched", "malformed")]),
    "an address that is too long for one": (
        b'[{"event": "unsub", "email": "a@' + b"x" * 9_000 + b'.com"}]',
        [("unmatched", "no_email")],
    ),
    "no object": (b'["open", 3, null]', [("unmatched", "malformed")] * 3),
    "an empty group": (b"[]", []),
    "all empty": (json.dumps(EMPTY).encode(), [("unmatched", "no_email")]),
    "an empty block": (
        json.dumps({**EMPTY, "event": "blocked", "time": 0, "error": ""}).encode(),
        [("unmatched", "no_email")],
    ),
    "a test of Mailjet's own pages": (
        b'[{"event": "unsub", "time": "", "email": "", "mj_list_id": ""}]',
        [("unmatched", "no_email")],
    ),
    "a mail program that unsubscribes": (
        b'[{"event": "unsub", "email": "ann@example.com", "mj_list_id": 0,'
        b' "agent": "List-Unsubscribe"}]',
        [("pending", False)],
    ),
    "ids as texts, and no country": (
        b'[{"event": "open", "email": "ann@example.com", "geo": null,'
        b' "mj_campaign_id": "1210245103", "MessageID": "95420017985181303"}]',
        [("pending", False)],
    ),
    "an event of a kind that asks for nothing": (
        b'[{"event": "sent", "email": "ann@example.com", "Message_GUID": null}]',
        [("pending", False)],
    ),
    "unknown type": (
        b'[{"event": "typofix", "email": "ann@example.com"}]',
        [("unmatched", "unknown_type")],
    ),
    "other names": (b'[{"Name": "x"}]', [("unmatched", "unknown_type")]),
    "no number": (
        b'[{"event": "open", "email": "ann@example.com", "time": NaN}]',
        [("pending", False)],
    ),
    "an agent in Latin 1": (
        b'[{"event": "open", "email": "ann@example.com", "agent": "Caf\xe9"}]',
        [("pending", False)],
    ),
    "signs that no database stores": (
        rb'[{"event": "open", "email": "ann@example.com", "agent": "a\u0000\ud83d"}]',
        [("pending", False)],
    ),
    "a list id that is empty": (
        b'[{"event": "unsub", "email": "ann@example.com", "mj_list_id": ""}]',
        [("pending", False)],
    ),
    "objects as values": (
        b'[{"event": {}, "email": ["a@b"], "time": {}, "MessageID": []}]',
        [("unmatched", "unknown_type")],
    ),
}
