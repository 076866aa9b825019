import json
import time
from datetime import datetime

from hypothesis import example, given, settings
from hypothesis import strategies as st

from odoo.tests import BaseCase, tagged

from ..tools import webhook_events
from ..tools.mailjet_vocabulary import MACHINE_AGENTS
from ..tools.webhook_body import BYTES, MOST_PIECES, read_pieces, show
from ..tools.webhook_events import MACHINES, is_machine, read_body

NOW = datetime(2026, 3, 2, 8, 0)
FUZZ = {"deadline": None, "database": None, "derandomize": True}
ANN = b'{"event": "open", "email": "ann@example.com", "time": 1772438400}'
BOB = ANN.replace(b"ann", b"bob")
BIG = 1_000_000

scalars = (
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text(max_size=20)
    | st.sampled_from(["open", "bounce", "unsub", "a@example.com", "mj.nl=8", "1e9"])
)
values = st.recursive(
    scalars,
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.text(max_size=5), inner, max_size=3)
    ),
    max_leaves=8,
)
NAMES = (
    "event time email MessageID customcampaign url hard_bounce error comment source ip "
    "agent geo mj_list_id Payload"
).split()
objects = st.dictionaries(st.sampled_from(NAMES) | st.text(max_size=5), values)


def read(body):
    return read_body(body, NOW, 1)


def emails(body):
    return [event.email for event in read(body) if not event.reason]


@tagged("post_install", "-at_install")
class TestBody(BaseCase):
    """Bodies of any kind are taken apart, and nothing of them is lost."""

    def assertStorable(self, events):
        """Check that PostgreSQL can store every column."""
        for event in events:
            self.assertNotRegex(event.payload, "[\x00\ud800-\udfff]")
            self.assertNotRegex(event.payload.replace(r"\\", ""), r"\\u0000")
            json.loads(event.payload, parse_constant=self.fail)
            for value in event:
                if isinstance(value, str) and value is not event.payload:
                    self.assertNotRegex(value, "[\x00\ud800-\udfff]")
                    self.assertLessEqual(len(value), webhook_events.LONGEST)

    @settings(max_examples=150, **FUZZ)
    @given(st.lists(objects, max_size=4))
    def test_any_objects(self, items):
        events = read(json.dumps(items).encode())
        self.assertStorable(events)
        self.assertLessEqual(len(events), len(items))

    @settings(max_examples=150, **FUZZ)
    @given(st.binary(max_size=60))
    @example(b"")
    @example(b"\xff\xfe{")
    @example(b"\x00\x00")
    def test_any_bytes(self, body):
        self.assertStorable(read(body))

    @settings(max_examples=150, **FUZZ)
    @given(
        st.lists(st.sampled_from([ANN, BOB]) | st.binary(max_size=12), max_size=5),
        st.sampled_from([b",", b" ", b"", b"]", b"[", b'{"', b'"']),
    )
    @example([b"\x1d", ANN], b",")
    def test_no_byte_is_lost(self, parts, glue):
        body = b"[" + glue.join(parts) + b"]"
        raws = [
            piece.raw.encode("utf-8", "surrogateescape") for piece in read_pieces(body)
        ]
        place = 0
        for raw in raws:
            found = body.find(raw, place)
            self.assertGreaterEqual(found, 0)
            self.assertLessEqual(set(body[place:found]), set(b", \t\n\r[]"))
            place = found + len(raw)

    @settings(max_examples=100, **FUZZ)
    @given(st.integers(0, len(ANN) * 3))
    def test_a_cut_group(self, length):
        body = b"[%b,%b,%b]" % (ANN, BOB, ANN.replace(b"ann", b"cat"))
        body = body[:length]
        whole = [
            f"{name}@example.com"
            for name in ("ann", "bob", "cat")
            if f'{name}@example.com", "time": 1772438400}}' in body.decode()
        ]
        self.assertEqual(emails(body), whole)

    def test_what_is_broken_does_not_hide_the_rest(self):
        deep = b"[" * 100_000 + b"]" * 100_000
        for broken in (
            b"x",
            b'{"event": "ope',
            b'{"event": "open", "email": "x@example.com" "time": 1}',
            b'{"a": 01}',
            b'{"a": "\\x"}',
            b"{]",
            b"]",
            deep,
            b'{"a": ' + deep + b"}",
            b"\x00",
            b"\xff",
        ):
            with self.subTest(broken[:30]):
                body = b"[%b, %b, %b]" % (ANN, broken, BOB)
                self.assertEqual(emails(body), ["ann@example.com", "bob@example.com"])
                lost = [event for event in read(body) if event.reason]
                self.assertEqual({event.reason for event in lost}, {"malformed"})
                text = "".join(show(json.loads(event.payload)) for event in lost)
                shown = broken.decode("utf-8", "backslashreplace")
                self.assertIn(shown.replace("\x00", r"\x00").strip("]")[:9], text)

    def test_what_a_database_does_not_take_is_kept_as_it_came(self):
        start = b'{"event": "open", "email": "ann@example.com", "x": '
        for value, shown in (
            (rb'"a\u0000b"', r'"a\u0000b"'),
            (b'"a\x00b"', r'"a\x00b"'),
            (rb'"\ud83d"', r'"\ud83d"'),
            (b'"Caf\xe9"', r'"Caf\xe9"'),
            (b"[" * 200 + b"]" * 200, "[[["),
            (b'1, "x": 2', '1, "x": 2'),
            (b"9" * 5_000, "9" * 5_000),
            (b'"' + b"y" * 200_000 + b'"', "y" * 200_000),
        ):
            with self.subTest(value[:20]):
                (event,) = read(b"[" + start + value + b"}]")
                self.assertEqual((event.reason, event.email), (None, "ann@example.com"))
                payload = json.loads(event.payload)
                self.assertIn(shown, show(payload))
                self.assertStorable([event])

    def test_numbers_that_are_none(self):
        body = (
            b'[{"event": "open", "email": "ann@example.com", "a": 1e400, "b": NaN,'
            b' "c": -Infinity, "time": 1e400, "MessageID": 1e999}]'
        )
        (event,) = read(body)
        self.assertEqual((event.email, event.event_date), ("ann@example.com", NOW))
        payload = json.loads(event.payload)
        self.assertEqual((payload["a"], payload["b"]), ("1e400", "NaN"))

    def test_other_encodings(self):
        text = f"[{ANN.decode()}]"
        for encoding in ("utf-8-sig", "utf-16", "utf-16-be", "utf-32", "utf-32-le"):
            with self.subTest(encoding):
                self.assertEqual(emails(text.encode(encoding)), ["ann@example.com"])

    def test_the_bytes_of_what_is_set_aside(self):
        body = b"\xff\x00<html>"
        (event,) = read(body)
        self.assertEqual(event.reason, "malformed")
        payload = json.loads(event.payload)
        self.assertEqual(payload.keys(), {BYTES})
        self.assertEqual(show(payload), r"\xff\x00<html>")

    def test_an_address_that_cannot_be_one(self):
        for email in ("@" * 5_000, "x" * 250 + "@example.com", "ann", ["a@b"], None):
            body = json.dumps([{"event": "unsub", "email": email}]).encode()
            (event,) = read(body)
            self.assertEqual((event.reason, event.email), ("no_email", None))

    def test_time_and_memory_follow_the_size(self):
        bodies = {
            "names": b'{"' * (BIG // 2),
            "quotes": b'"' * BIG,
            "escapes": b'["' + b'\\"{' * (BIG // 3),
            "nesting": b'{"a":' * (BIG // 5),
            "events within events": b'[{"event":' * (BIG // 10),
            "events within lists": b'{"event":[1,' * (BIG // 12),
            "long texts before nesting": b'[{"a":"'
            + b"x" * BIG
            + b'","b":'
            + b"[" * BIG,
            "commas": b"," * BIG,
            "blanks": b"[" + b" " * BIG,
            "digits": b"[1" + b"1" * BIG,
            "broken places": b"[" + b'x,{"event":1},' * (BIG // 14),
            "objects": b"[" + b"{}," * (BIG // 3),
            "no UTF-8": b"\xff" * BIG,
        }
        for name, body in bodies.items():
            with self.subTest(name):
                start = time.process_time()
                self.assertLessEqual(len(read(body)), MOST_PIECES + 2)
                self.assertLess(time.process_time() - start, 10)

    def test_more_objects_than_a_group_can_have(self):
        (*events, last) = read_pieces(b"[" + b"{}," * (MOST_PIECES + 3) + b"{}]")
        self.assertEqual(len(events), MOST_PIECES)
        self.assertEqual((last.reason, last.raw), ("too_large", "{},{},{},{}]"))


@tagged("post_install", "-at_install")
class TestAgents(BaseCase):
    """What programs say of themselves."""

    def test_every_program_is_looked_at_once(self):
        is_machine.cache_clear()
        agents = [f"Mozilla/5.0 (X11) Gecko/{number}" for number in range(20)]
        items = [
            {"event": "open", "email": f"{n}@example.com", "agent": agents[n % 20]}
            for n in range(2_000)
        ]
        self.assertEqual(len(read(json.dumps(items).encode())), 2_000)
        self.assertEqual(is_machine.cache_info().misses, 20)

    def test_any_length_takes_its_time(self):
        for pattern, _why in MACHINE_AGENTS:
            for text in (pattern, pattern[:3], "a", " ", "Cisco ", "Mozilla/5.0"):
                agent = text * (200_000 // len(text))
                start = time.process_time()
                MACHINES.search(agent)
                self.assertLess(time.process_time() - start, 2)
