import base64
import json
import logging

from odoo.service import model
from odoo.tests import HttpCase, tagged
from odoo.tools import mute_logger

from ..models.feedback import mailjet_event
from ..tools.webhook_events import read_body
from .common import MailjetCase
from .feedback_common import SENT_AT, FeedbackCase

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


@tagged("post_install", "-at_install")
class TestReading(FeedbackCase):
    """What is read of what Mailjet posts, and kept."""

    def test_odd_bodies_are_kept_as_they_are(self):
        Event = self.env["mailjet.event"]
        for name, (body, expected) in ODD_BODIES.items():
            with self.subTest(name):
                before = Event.search([])
                self._post(body)
                events = Event.search([], order="id") - before
                self.assertEqual(
                    [(event.state, event.reason) for event in events], expected
                )

    def test_what_came_can_be_read_and_found_by_what_became_of_it(self):
        self._tell(self._event("open"), self._event("open", "x@example.com"))
        self._receive(self._event("click"))
        Event = self.env["mailjet.event"].with_user(self.manager)
        for state, email in (("done", "ann"), ("unmatched", "x"), ("pending", "ann")):
            with self.subTest(state):
                event = Event.search([("state", "=", state)])
                self.assertEqual(event.state, state)
                self.assertIn(f"ed · {email}@example.com", event.display_name)
                self.assertIn(f'"email": "{email}@example.com"', event.payload_text)
        self.assertEqual(len(Event.search([("state", "!=", "pending")])), 2)

    def test_one_object_is_as_good_as_a_group(self):
        self._post(json.dumps(self._event("open")).encode())
        self._apply()
        self.assertEqual(self.mailing.opened_count, 1)

    def test_a_group_that_is_sent_again_is_kept_once(self):
        group = [self._event("open"), self._event("open", minutes=2)]
        for _time in range(3):
            self._receive(*group)
        self.assertEqual(self.env["mailjet.event"].search_count([]), 2)

    def test_what_tells_events_apart(self):
        event = self._event("click")
        others = [
            {"event": "open"},
            {"time": event["time"] + 1},
            {"MessageID": 95_420_017_985_181_304},
            {"email": "bob@example.com"},
            {"url": "https://example.com/c"},
            {"mj_list_id": 8},
        ]
        self._receive(event, *({**event, **other} for other in others))
        self._receive({**event, "ip": "192.0.2.1", "agent": "Other"})
        self.assertEqual(self.env["mailjet.event"].search_count([]), len(others) + 1)

    def test_accounts_are_kept_apart(self):
        body = json.dumps(self._event("open")).encode()
        hashes = {read_body(body, SENT_AT, scope)[0].dedupe_hash for scope in (1, 2)}
        self.assertEqual(len(hashes), 2)

    def test_a_time_that_cannot_be_is_the_time_of_receipt(self):
        for time in (0, -5, 10**30, "soon", None, 4_102_444_800):
            with self.subTest(time):
                body = json.dumps({**self._event("open"), "time": time}).encode()
                self.assertEqual(read_body(body, SENT_AT, 1)[0].event_date, SENT_AT)


@tagged("post_install", "-at_install")
class TestWebhook(MailjetCase, HttpCase):
    """Who may report, and what is answered."""

    def setUp(self):
        super().setUp()
        self.secrets = self.account.sudo()
        self.secrets._renew_webhook_secrets()
        self.env.flush_all()

    def _post(self, body=b"[]", token=None, user="mailjet", password=None, **headers):
        """Return the answer to a call, by default to a good one."""
        token = self.secrets.webhook_token if token is None else token
        if password is None:
            password = self.secrets.webhook_password
        if user is not None:
            credentials = base64.b64encode(f"{user}:{password}".encode()).decode()
            headers["Authorization"] = f"Basic {credentials}"
        headers.setdefault("Content-Type", "application/json")
        return self.url_open(
            f"/mailjet/webhook/{token}", data=body, headers=headers, timeout=60
        )

    def _count(self):
        self.env.invalidate_all()
        return self.env["mailjet.event"].search_count([])

    def test_what_is_posted_is_kept_and_answered_200(self):
        body = b'[{"event": "open", "email": "ann@example.com"}, {"event": "sent"}]'
        answer = self._post(body)
        self.assertEqual((answer.status_code, answer.content), (200, b""))
        self.assertNotIn("session_id", answer.cookies)
        self.assertEqual(self._count(), 2)

    def test_who_has_not_every_secret_is_refused(self):
        other = self.account.copy({"name": "Other"}).sudo()
        other._renew_webhook_secrets()
        self.env.flush_all()
        token, password = self.secrets.webhook_token, self.secrets.webhook_password
        body = b'[{"event": "open", "email": "ann@example.com"}]'
        calls = [
            {"user": None},
            {"password": ""},
            {"password": "wrong"},
            {"password": password[:-1]},
            {"user": "admin"},
            {"user": ""},
            {"token": f"{self.account.id}-"},
            {"token": f"{self.account.id}-wrong"},
            {"token": str(self.account.id)},
            {"token": "-"},
            {"token": "999999999-x"},
            {"token": "9" * 500},
            {"token": "²-x"},
            {"token": "%00"},
            {"token": f"{self.account.id}-%ED%A0%80"},
            {"token": token[:-1]},
            {"token": other.webhook_token},
            {"token": token, "password": other.webhook_password},
            {"user": None, "Authorization": "Basic !!!"},
            {"user": None, "Authorization": "Bearer x"},
        ]
        for call in calls:
            with self.subTest(call):
                self.assertEqual(self._post(body, **call).status_code, 401)
        self.assertEqual(self._count(), 0)

    def test_an_account_without_secrets_takes_nothing(self):
        self.secrets.write({"webhook_token": False, "webhook_password": False})
        self.env.flush_all()
        for token in (str(self.account.id), f"{self.account.id}-False", "False"):
            with self.subTest(token):
                answer = self._post(token=token, password="")
                self.assertEqual(answer.status_code, 401)

    def test_bad_bodies_are_answered_200_and_kept_apart(self):
        for body in (b"{", b"\xff\xfe", b'{"event": "unknown"}'):
            with self.subTest(body):
                self.assertEqual(self._post(body).status_code, 200)
        self.assertEqual(
            self.env["mailjet.event"].search([]).mapped("state"), ["unmatched"] * 3
        )

    def test_too_large_a_body_is_not_read(self):
        self.patch(mailjet_event.MailjetEvent, "MAX_BODY", 1_000)
        answer = self._post(b'["' + b"x" * 2_000 + b'"]')
        self.assertEqual(answer.status_code, 200)
        event = self.env["mailjet.event"].search([])
        self.assertEqual((event.state, event.reason), ("unmatched", "too_large"))

    def _post_in_chunks(self, parts, **headers):
        return self._post(iter(parts), **headers)

    def test_a_body_without_a_length(self):
        event = b'[{"event": "open", "email": "ann@example.com"}'
        answer = self._post_in_chunks([event, b", {}", b"]"])
        self.assertEqual(answer.status_code, 200)
        self.assertEqual(self._count(), 2)

    def test_a_body_without_a_length_meets_the_same_limit(self):
        self.patch(mailjet_event.MailjetEvent, "MAX_BODY", 1_000)
        for sizes, reasons in (([999, 1], ["malformed"]), ([1_000, 1], ["too_large"])):
            with self.subTest(sizes):
                self.env["mailjet.event"].search([]).unlink()
                answer = self._post_in_chunks([b"x" * size for size in sizes])
                self.assertEqual(answer.status_code, 200)
                self.env.invalidate_all()
                events = self.env["mailjet.event"].search([])
                self.assertEqual(events.mapped("reason"), reasons)

    def test_what_is_called_a_form_is_read_as_well(self):
        body = b'[{"event": "open", "email": "ann@example.com"}]'
        for content_type in (
            "application/x-www-form-urlencoded",
            "multipart/form-data; boundary=x",
            "text/plain; charset=utf-16",
            "x",
        ):
            with self.subTest(content_type):
                self.env["mailjet.event"].search([]).unlink()
                answer = self._post(body, **{"Content-Type": content_type})
                self.assertEqual(answer.status_code, 200)
                self.env.invalidate_all()
                self.assertEqual(
                    self.env["mailjet.event"].search([]).mapped("state"), ["pending"]
                )

    def test_odd_bodies_are_answered_without_a_word_in_the_log(self):
        for name, (body, _expected) in ODD_BODIES.items():
            with self.subTest(name), self.assertNoLogs(level=logging.WARNING):
                self.assertEqual(self._post(body or b" ").status_code, 200)

    def test_a_call_that_odoo_repeats_keeps_what_was_posted(self):
        # What two calls with the same events come to, at the first attempt. A sequence
        # goes on though its transaction is undone.
        self.env.cr.execute("""
            CREATE SEQUENCE mailjet_test_attempt;
            CREATE FUNCTION mailjet_test_meet() RETURNS trigger LANGUAGE plpgsql AS $$
                BEGIN
                    IF nextval('mailjet_test_attempt') = 1 THEN
                        RAISE EXCEPTION 'met' USING ERRCODE = 'serialization_failure';
                    END IF;
                    RETURN NEW;
                END $$;
            CREATE TRIGGER mailjet_test_meet BEFORE INSERT ON mailjet_event
                FOR EACH ROW EXECUTE FUNCTION mailjet_test_meet()
        """)
        self.patch(model.random, "uniform", lambda *_limits: 0)
        with mute_logger("odoo.service.model", "odoo.sql_db"):
            answer = self._post(b'[{"event": "open", "email": "ann@example.com"}]')
        self.assertEqual(answer.status_code, 200)
        self.env.cr.execute("SELECT last_value FROM mailjet_test_attempt")
        self.assertEqual(self.env.cr.fetchone(), (2,))
        self.assertEqual(self.env["mailjet.event"].search([]).email, "ann@example.com")

    def test_only_posts_are_taken(self):
        answer = self.url_open(f"/mailjet/webhook/{self.secrets.webhook_token}")
        self.assertEqual(answer.status_code, 405)

    def test_no_log_holds_the_password(self):
        with self.assertLogs(level=logging.DEBUG) as logs:
            self._post(b'[{"event": "open", "email": "ann@example.com"}]')
        self.assertNotIn(self.secrets.webhook_password, "\n".join(logs.output))

    def test_only_administrators_see_the_address(self):
        names = {"webhook_url", "webhook_token", "webhook_password", "webhook_replaced"}
        seen = self.account.with_user(self.manager).fields_get()
        self.assertFalse(names & seen.keys())
