import base64
import logging

from odoo.service import model
from odoo.tests import HttpCase, tagged
from odoo.tools import mute_logger

from ..models.feedback import mailjet_event
from .common import MailjetCase
from .webhook_common import ODD_BODIES


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
