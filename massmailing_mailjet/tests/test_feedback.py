import json
from datetime import datetime, timedelta

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from odoo.tests import tagged
from odoo.tools import mute_logger

from ..const import RECIPIENT_STATUSES
from ..models.recipients.counts import COUNT_DOMAINS, RESULT_COUNTS
from .common import MailjetCase

DRAFT = 8_200_000_123
SENT_AT = datetime(2026, 3, 2, 8, 0)
TRACE = (
    "status delivered_date opened_date last_opened_date open_count machine_open_count "
    "clicked_date last_clicked_date click_count bounced_date bounce_type bounce_reason "
    "blocked_date complained_date unsubscribed_date"
).split()
APPLE = "Mozilla/5.0"

# An event of each kind, without its time.
KINDS = {
    "sent": {"event": "sent"},
    "open": {"event": "open", "agent": "Thunderbird"},
    "machine": {"event": "open", "agent": APPLE},
    "click": {"event": "click", "url": "https://example.com/a"},
    "other click": {"event": "click", "url": "https://example.com/b"},
    "scan": {"event": "click", "url": "https://example.com/a", "agent": "Mimecast"},
    "hard": {"event": "bounce", "hard_bounce": True, "error": "user unknown"},
    "soft": {"event": "bounce", "hard_bounce": False, "error": "quota exceeded"},
    "blocked": {"event": "blocked", "error": "preblocked"},
    "spam": {"event": "spam", "source": "JMRPP"},
    "unsub": {"event": "unsub", "mj_list_id": 7},
}

# The status that a row has after an event, by the status that it had before.
AFTER = {
    "sent": {"blocked": "sent", "outgoing": "sent", "failed": "sent"},
    "open": dict.fromkeys(
        ["outgoing", "sent", "bounced", "blocked", "failed"], "opened"
    ),
    "machine": {},
    "click": dict.fromkeys(
        ["outgoing", "sent", "opened", "bounced", "blocked", "failed"], "clicked"
    ),
    "scan": {},
    "hard": dict.fromkeys(["outgoing", "sent", "blocked", "failed"], "bounced"),
    "soft": dict.fromkeys(["outgoing", "blocked", "failed"], "bounced"),
    "blocked": {"outgoing": "blocked", "failed": "blocked"},
    "spam": dict.fromkeys(
        "outgoing sent opened clicked bounced blocked unsubscribed failed".split(),
        "complained",
    ),
    "unsub": dict.fromkeys(
        "outgoing sent opened clicked bounced blocked failed".split(), "unsubscribed"
    ),
}
# How a row comes to a status before that.
BEFORE = {
    "sent": ["sent"],
    "opened": ["open"],
    "clicked": ["click"],
    "bounced": ["hard"],
    "blocked": ["blocked"],
    "complained": ["spam"],
    "unsubscribed": ["unsub"],
}

events = st.lists(
    st.tuples(
        st.sampled_from(sorted(KINDS)),
        st.sampled_from(["ann", "bob"]),
        st.integers(0, 5),
    ),
    min_size=1,
    max_size=10,
)


class FeedbackCase(MailjetCase):
    """A mailing that was sent to three contacts."""

    def setUp(self):
        super().setUp()
        self.mailing = self._make_mailing(self.people).sudo()
        self.mailing.write(
            {
                "mailjet_draft_id": str(DRAFT),
                "mailjet_campaign_id": "7657476099",
                "state": "done",
                "send_requested_date": SENT_AT,
                "sent_date": SENT_AT,
            }
        )
        self._recipients().write({"status": "sent"})
        self.mailing._update_counts()

    def _recipients(self):
        return (
            self.env["mailjet.recipient"]
            .sudo()
            .search([("mailing_id", "=", self.mailing.id)])
        )

    def _event(self, kind, email="ann@example.com", minutes=1, **values):
        """Return an event as Mailjet posts it."""
        time = SENT_AT + timedelta(minutes=minutes)
        return {
            "time": int((time - datetime(1970, 1, 1)).total_seconds()),
            "MessageID": 95_420_017_985_181_303,
            "Message_GUID": "606434fb-5cf2-4ee8-adaf-fd8dcf60890a",
            "email": email,
            "mj_campaign_id": 7_657_476_099,
            "mj_contact_id": 5_754_145_803,
            "customcampaign": f"mj.nl={DRAFT}",
            "CustomID": "",
            "Payload": "",
            **KINDS[kind],
            **values,
        }

    def _receive(self, *events):
        """Let Mailjet post one group of events."""
        self._post(json.dumps(events).encode())

    def _post(self, body):
        self.env["mailjet.event"].sudo()._receive(self.account.sudo(), body)

    def _apply(self):
        self.env["mailjet.feedback"].sudo()._apply(self.account)
        self.env.invalidate_all()

    def _tell(self, *events):
        """Let Mailjet post events and have them applied."""
        self._receive(*events)
        self._apply()

    def _read_trace(self):
        """Return all that is known of the mailing, without what only tells the order
        in which it came."""
        rows = self._recipients().sorted("email").read([*TRACE], load=None)
        clicks = self.env["mailjet.click"].search(
            [("mailing_id", "=", self.mailing.id)]
        )
        return (
            [{name: row[name] for name in TRACE} for row in rows],
            sorted(
                (
                    click.recipient_id.email,
                    click.link_id.url,
                    click.clicked_date,
                    click.click_count,
                )
                for click in clicks
            ),
            sorted(
                (link.url, link.click_count, link.recipient_count)
                for link in self.mailing.link_ids
            ),
            {name: self.mailing[name] for name in RESULT_COUNTS},
        )

    def assertFiguresAreRight(self):
        """Check the mailing's figures against a count of its rows."""
        for name in RESULT_COUNTS:
            rows = self.env["mailjet.recipient"].search(
                [("mailing_id", "=", self.mailing.id), *COUNT_DOMAINS[name]]
            )
            self.assertEqual(self.mailing[name], len(rows), name)


@tagged("post_install", "-at_install")
class TestFeedback(FeedbackCase):
    """What becomes of recipients when events come in."""

    def test_every_event_on_every_status(self):
        ann = self._recipients().filtered(lambda row: row.partner_id == self.ann)
        starts = [name for name, _label in RECIPIENT_STATUSES if name != "pending"]
        for kind, after in AFTER.items():
            for start in starts:
                with self.subTest(event=kind, start=start):
                    savepoint = self.env.cr.savepoint(flush=True)
                    if start in BEFORE:
                        self._tell(
                            *(self._event(step, minutes=2) for step in BEFORE[start])
                        )
                    else:
                        ann.status = start
                        self.mailing._update_counts()
                    self.assertEqual(ann.status, start)
                    self._tell(self._event(kind, minutes=3))
                    self.assertEqual(ann.status, after.get(start, start))
                    self.assertFiguresAreRight()
                    savepoint.close(rollback=True)
                    self.env.invalidate_all()

    def test_every_event_fills_its_own_date(self):
        dates = {
            "sent": "delivered_date",
            "open": "opened_date",
            "click": "clicked_date",
            "hard": "bounced_date",
            "blocked": "blocked_date",
            "spam": "complained_date",
            "unsub": "unsubscribed_date",
        }
        for number, kind in enumerate(reversed(dates), start=1):
            self._tell(self._event(kind, minutes=number))
        ann = self._recipients().filtered(lambda row: row.partner_id == self.ann)
        for number, kind in enumerate(reversed(dates), start=1):
            with self.subTest(kind):
                expected = SENT_AT + timedelta(minutes=number)
                if kind in ("sent", "open"):
                    continue  # proved earlier by what came before
                self.assertEqual(ann[dates[kind]], expected)
        self.assertEqual(ann.delivered_date, SENT_AT + timedelta(minutes=1))
        self.assertEqual(ann.opened_date, SENT_AT + timedelta(minutes=5))
        self.assertEqual(ann.last_opened_date, SENT_AT + timedelta(minutes=6))

    def test_a_row_that_was_not_mailed_learns_nothing(self):
        ann = self._recipients().filtered(lambda row: row.partner_id == self.ann)
        ann.status = "pending"
        self._tell(self._event("open"))
        self.assertEqual(ann.status, "pending")
        self.assertFalse(ann.opened_date)
        event = self.env["mailjet.event"].search([])
        self.assertEqual(
            (event.state, event.reason), ("unmatched", "unknown_recipient")
        )

    @settings(
        max_examples=60,
        deadline=None,
        derandomize=True,
        database=None,
        suppress_health_check=list(HealthCheck),
    )
    @given(events, st.randoms(use_true_random=False))
    def test_any_order_and_repetition_comes_to_the_same(self, told, random):
        objects = [
            self._event(kind, f"{name}@example.com", minutes)
            for kind, name, minutes in told
        ]
        shuffled = objects + random.choices(objects, k=len(objects))
        random.shuffle(shuffled)
        once = self._play([objects])
        cuts = sorted(random.randint(0, len(shuffled)) for _cut in range(3))
        groups = [
            shuffled[start:end]
            for start, end in zip([0, *cuts], [*cuts, None], strict=True)
        ]
        self.assertEqual(self._play(groups), once)

    def _play(self, groups):
        """Return what is known after these groups, and forget it."""
        with self._undone():
            for group in groups:
                self._tell(*group)
                self.assertFiguresAreRight()
            return self._read_trace()

    def test_links_are_counted_by_clicks_and_by_people(self):
        self._tell(
            self._event("click", minutes=1),
            self._event("click", minutes=2),
            self._event("click", "bob@example.com", minutes=3),
            self._event("other click", minutes=4),
        )
        self._tell(self._event("click", minutes=5), self._event("scan", minutes=6))
        self.assertEqual(
            [
                (link.url, link.click_count, link.recipient_count)
                for link in self.mailing.link_ids
            ],
            [("https://example.com/a", 4, 2), ("https://example.com/b", 1, 1)],
        )
        ann = self._recipients().filtered(lambda row: row.partner_id == self.ann)
        self.assertEqual(ann.click_count, 4)
        self.assertEqual(ann.click_ids.mapped("click_count"), [3, 1])
        self.assertEqual(self.mailing.clicked_count, 2)

    def test_links_with_values_are_counted_as_they_were_written(self):
        self.mailing.body_code = (
            '<a href="https://example.com/a?n=$contacts-name|you$&amp;m=1">a</a>'
            '<a href="https://example.com/100%25_a/$contacts-email$">b</a>'
            '<a href="https://example.com/a">c</a>'
            '<a href="$contacts-website$">d</a>'
        )
        self._tell(
            *(
                self._event("click", f"{name}@example.com", url=url)
                for name in ("ann", "bob")
                for url in (
                    f"https://example.com/a?n=%41{name}&m=1",
                    f"https://example.com/100%25_a/{name}@example.com",
                    "https://example.com/a",
                    f"https://{name}.example.org/home",
                )
            )
        )
        self.assertEqual(
            {
                (link.url, link.click_count, link.recipient_count)
                for link in self.mailing.link_ids
            },
            {
                ("https://example.com/a?n=$contacts-name$&m=1", 2, 2),
                ("https://example.com/100%25_a/$contacts-email$", 2, 2),
                ("https://example.com/a", 2, 2),
                ("$contacts-website$", 2, 2),
            },
        )

    def test_of_an_unknown_link_of_such_a_mailing_the_website_is_kept(self):
        self.mailing.body_code = (
            '<a href="https://example.com/?n=$contacts-name$">a</a>'
        )
        self._tell(
            self._event("click", url="https://user@example.org/ann@example.com?a=b"),
            self._event("click", url="mailto:ann@example.com"),
            self._event("click", url="https://example.net/ann"),
        )
        self.assertEqual(
            sorted(self.mailing.link_ids.mapped("url")), ["https://example.net", "…"]
        )

    def test_machines_are_counted_apart(self):
        self._tell(
            self._event("machine"),
            self._event("scan", "bob@example.com"),
            self._event("open", "bob@example.com"),
        )
        self.assertEqual(self.mailing.machine_opened_count, 1)
        self.assertEqual(self.mailing.opened_count, 1)
        self.assertEqual(self.mailing.clicked_count, 0)
        self.assertFalse(self.mailing.link_ids)

    def test_why_it_did_not_arrive_is_told_in_words(self):
        known = ("user unknown", "The address does not exist.")
        cases = [
            ({}, known),
            ({"error": "moon in the wrong house"}, ["moon in the wrong house"] * 2),
            ({"error": "new word", "comment": "550 5.1.1 no"}, ["550 5.1.1 no"] * 2),
            ({"hard_bounce": "true"}, known),
        ]
        for values, (code, words) in cases:
            with self.subTest(values):
                savepoint = self.env.cr.savepoint(flush=True)
                self._tell(self._event("hard", "bob@example.com", **values))
                bob = self._recipients().filtered(lambda r: r.partner_id == self.bob)
                self.assertEqual((bob.bounce_type, bob.bounce_reason), ("hard", code))
                self.assertEqual(bob.bounce_reason_text, words)
                savepoint.close(rollback=True)
                self.env.invalidate_all()

    def test_everyone_reads_why_in_their_own_language(self):
        self.env["res.lang"]._activate_lang("fr_FR")
        self.env["ir.module.module"]._load_module_terms(
            ["massmailing_mailjet"], ["fr_FR"]
        )
        self.account.company_id.partner_id.lang = "fr_FR"
        self._receive(self._event("hard", "bob@example.com"))
        with self.enter_registry_test_mode():
            self.env.ref("massmailing_mailjet.ir_cron_feedback").method_direct_trigger()
        self.env.invalidate_all()
        bob = self._recipients().filtered(lambda row: row.partner_id == self.bob)
        self.assertEqual(bob.bounce_reason, "user unknown")
        words = {
            lang: bob.with_context(lang=lang).bounce_reason_text
            for lang in ("en_US", "fr_FR")
        }
        self.assertEqual(words["en_US"], "The address does not exist.")
        self.assertIn("adresse", words["fr_FR"])
        for lang, text in words.items():
            export = self.env["mailjet.export"].with_context(lang=lang)
            content = b"".join(export._iterate_csv(self.mailing)).decode()
            self.assertIn(text, content)
            self.assertNotIn("user unknown", content)
        self.assertEqual(
            self.env["mailjet.recipient"]._read_group(
                [("id", "in", bob.ids)], ["bounce_reason"], ["__count"]
            ),
            [("user unknown", 1)],
        )

    def test_what_is_greylisted_is_only_late(self):
        self._tell(
            self._event("soft", error="greylisted"),
            self._event("hard", "bob@example.com", error="greylisted"),
        )
        rows = {row.partner_id: row for row in self._recipients()}
        self.assertEqual(rows[self.ann].status, "sent")
        self.assertFalse(rows[self.ann].bounced_date or rows[self.ann].bounce_reason)
        event = self.env["mailjet.event"].search([("email", "=", "ann@example.com")])
        self.assertEqual((event.bounce_type, event.state), ("deferred", "done"))
        self.assertEqual(rows[self.bob].bounce_type, "soft")
        self.assertFalse(self.bob.massmailing_unsubscribed)
        self.assertFiguresAreRight()

    def test_an_event_that_cannot_be_applied_holds_nothing_up(self):
        self.env.cr.execute(
            """
            ALTER TABLE mailjet_link ADD CONSTRAINT no_poison
                  CHECK (url <> 'https://example.com/poison')
            """
        )
        self._receive(
            self._event("open"),
            self._event("click", url="https://example.com/poison"),
            *(self._event("open", "bob@example.com", minutes=n) for n in range(20)),
        )
        other = self.account.copy({"name": "Other"})
        self.env["mailjet.event"]._receive(
            other, json.dumps([self._event("open")]).encode()
        )
        with (
            self.enter_registry_test_mode(),
            self.assertLogs("odoo.addons.massmailing_mailjet", "WARNING") as logs,
            mute_logger("odoo.sql_db"),
        ):
            self.env.ref("massmailing_mailjet.ir_cron_feedback").method_direct_trigger()
        self.env.invalidate_all()
        self.assertEqual(len(logs.output), 1)
        self.assertNotIn("Traceback", logs.output[0])
        self.assertEqual(self.mailing.opened_count, 2)
        failed = self.env["mailjet.event"].search([("reason", "=", "failed")])
        self.assertEqual(failed.url, "https://example.com/poison")
        self.assertFalse(self.env["mailjet.event"].search([("state", "=", "pending")]))

    def test_events_of_others_are_set_aside(self):
        self._tell(
            self._event("open", customcampaign="mj.nl=1"),
            self._event("open", customcampaign="spring", minutes=2),
            self._event("open", "stranger@example.com", minutes=3),
        )
        events = self.env["mailjet.event"].search([], order="id")
        self.assertEqual(
            events.mapped("reason"),
            ["unknown_mailing", "unknown_mailing", "unknown_recipient"],
        )
        self.assertEqual(self.mailing.opened_count, 0)

    def test_what_was_set_aside_can_be_applied_again(self):
        self.mailing.mailjet_draft_id = "1"
        self._tell(self._event("open"))
        event = self.env["mailjet.event"].search([])
        self.assertEqual(event.state, "unmatched")
        self.mailing.mailjet_draft_id = str(DRAFT)
        event.with_user(self.manager).action_apply_again()
        self._apply()
        self.assertEqual((event.state, event.mailing_id), ("done", self.mailing))
        self.assertEqual(self.mailing.opened_count, 1)

    def test_addresses_are_joined_whatever_their_case(self):
        self._tell(self._event("open", "BOB@Example.COM"))
        self.assertEqual(self.mailing.opened_count, 1)

    def test_the_cron_applies_and_notes_the_heartbeat(self):
        self._receive(self._event("open"))
        with self.enter_registry_test_mode():
            self.env.ref("massmailing_mailjet.ir_cron_feedback").method_direct_trigger()
        self.env.invalidate_all()
        self.assertEqual(self.mailing.opened_count, 1)
        self.assertTrue(self.account.last_event_date)

    def test_raw_events_go_after_their_time_and_statistics_stay(self):
        self._tell(self._event("open"), self._event("click", minutes=2))
        self._receive(self._event("open", minutes=3))
        let_pass = "UPDATE mailjet_event SET received_date = received_date - %s"
        self.env["ir.config_parameter"].set_param(
            "massmailing_mailjet.event_days", "30"
        )
        Event = self.env["mailjet.event"]
        for age, left in ((29, 3), (2, 1)):
            self.env.cr.execute(let_pass, [timedelta(days=age)])
            Event._gc_events()
            self.env.invalidate_all()
            self.assertEqual(Event.search_count([]), left)
        self.assertEqual(Event.search([]).state, "pending")
        self.assertEqual(
            (self.mailing.opened_count, self.mailing.clicked_count), (1, 1)
        )
