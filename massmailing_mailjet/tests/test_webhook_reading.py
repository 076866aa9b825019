import json

from odoo.tests import tagged

from ..tools.webhook_events import read_body
from .feedback_common import SENT_AT, FeedbackCase
from .webhook_common import ODD_BODIES


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
