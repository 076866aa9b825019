from psycopg2.errors import UniqueViolation

from odoo.exceptions import AccessError
from odoo.tests import tagged
from odoo.tools import mute_logger

from .common import EVERYONE, DeliveryCase


@tagged("post_install", "-at_install")
class TestFollowUp(DeliveryCase):
    """The mailing that goes to those whom another has not reached, or who have not
    opened it."""

    def _send_first(self, refused=(), **values):
        """Return a mailing that was sent to all but the refused addresses."""
        self.mailjet.set(refused_text=",".join(refused))
        mailing = self._make_mailing(self.people, **values)
        self._send(mailing)
        self.mailjet.set(refused_text="")
        self.mailjet.forget_sent()
        self.assertEqual(mailing.state, "done")
        return mailing

    def _open(self, action):
        return self.env["mailjet.mailing"].browse(action["res_id"])

    def _set_status(self, mailing, emails, status):
        self.env["mailjet.recipient"].search(
            [("mailing_id", "=", mailing.id), ("email_normalized", "in", emails)]
        ).status = status

    # === TO THE REST === #

    def test_the_rest_is_who_was_refused_and_who_came_since(self):
        first = self._send_first(["bob@example.com"])
        dan = self.ann.copy({"name": "Dan", "email": "dan@example.com"})
        twin = self.cat.copy({"name": "Twin", "email": "cat@example.com"})
        first.load_ids.sudo().filter_id.domain = str(
            [("id", "in", (self.people | dan | twin).ids)]
        )
        rest = self._open(first.action_send_to_remaining())
        expected = {"bob@example.com", "dan@example.com"}
        self.assertEqual({row.lower() for row in self._rows(rest)}, expected)
        self.assertEqual((rest.origin_id, first.follow_up_count), (first, 1))
        self.assertEqual(rest.subject, first.subject)
        self._send(rest)
        self.assertSentOnce(rest, expected)

    def test_a_second_press_opens_what_is_there(self):
        first = self._send_first(["bob@example.com"])
        rest = self._open(first.action_send_to_remaining())
        self.assertEqual(self._open(first.action_send_to_remaining()), rest)
        rest.action_send()
        self.assertEqual(self._open(first.action_send_to_remaining()), rest)
        self._run_cron()
        with self.assertRefused("no recipients left"):
            first.action_send_to_remaining()

    def test_who_came_since_comes_once(self):
        first = self._send_first()
        for name in ("dan", "eve"):
            added = self.ann.copy({"name": name, "email": f"{name}@example.com"})
            saved = first.load_ids.sudo().filter_id
            saved.domain = f"[('id', 'in', {[*self.people.ids, added.id]})]"
            rest = self._open(first.action_send_to_remaining())
            self.assertEqual(set(self._rows(rest)), {added.email})
            self._send(rest)
            self.assertEqual(rest.state, "done")
            with self.assertRefused("no recipients left"):
                first.action_send_to_remaining()

    def test_nobody_else_can_be_added(self):
        first = self._send_first(["bob@example.com"])
        rest = self._open(first.action_send_to_remaining())
        with self.assertRefused("only to the recipients"):
            rest.action_load_filter(self.filter.id)

    def test_exclusions_of_the_first_mailing_stay(self):
        dan = self.ann.copy({"name": "Dan", "email": "dan@example.com"})
        eve = self.ann.copy({"name": "Eve", "email": "eve@example.com"})
        target = self.env["mailjet.target"].create(
            {"name": "Excluded", "contact_ids": [(6, 0, dan.ids)]}
        )
        first = self._make_mailing(self.people)
        first.action_exclude_target(target.id)
        self._send(first)
        first.load_ids.sudo().filter_id.domain = str(
            [("id", "in", (self.people | dan | eve).ids)]
        )
        rest = self._open(first.action_send_to_remaining())
        self.assertEqual(
            self._rows(rest),
            {"dan@example.com": "excluded_target", "eve@example.com": "send"},
        )

    def test_how_many_a_follow_up_goes_to_is_known_before(self):
        first = self._send_first(["bob@example.com"])
        dan = self.ann.copy({"name": "Dan", "email": "dan@example.com"})
        first.load_ids.sudo().filter_id.domain = str(
            [("id", "in", (self.people | dan).ids)]
        )
        self._set_status(first, ["ann@example.com"], "opened")
        counts = first.get_follow_up_counts()
        rest = self._open(first.action_send_to_remaining())
        reminder = self._open(first.action_resend())
        self.assertEqual(counts, {"remaining": 2, "reminder": 1})
        self.assertEqual((rest.planned_count, reminder.planned_count), (2, 1))
        reminder.action_send()
        self.assertEqual(first.get_follow_up_counts(), counts)
        self._run_cron()
        self.assertEqual(first.get_follow_up_counts()["reminder"], 0)
        self.assertEqual(rest.get_follow_up_counts(), {"remaining": 0, "reminder": 0})

    # === TO THOSE WHO HAVE NOT OPENED === #

    def test_a_reminder_goes_to_those_who_have_not_opened(self):
        first = self._send_first()
        self._set_status(first, ["ann@example.com"], "opened")
        self._set_status(first, ["cat@example.com"], "bounced")
        reminder = self._open(first.action_resend())
        self.assertEqual(reminder.follow_up_kind, "reminder")
        self._send(reminder)
        self.assertSentOnce(reminder, ["bob@example.com"])
        with self.assertRefused("no recipients left"):
            first.action_resend()

    def test_a_reminder_goes_to_nobody_else_by_refreshing(self):
        first = self._send_first()
        reminder = self._open(first.action_resend())
        before = self._rows(reminder)
        for act in reminder.load_ids.action_open_refresh, reminder.load_ids._refresh:
            with self.assertRefused("cannot be refreshed"):
                act()
        self.assertEqual(self._rows(reminder), before)

    def test_a_reminder_is_no_mailing_too_many(self):
        """Days without another mailing do not count the one that it reminds of."""
        first = self._send_first(frequency_cap_days=7)
        reminder = self._open(first.action_resend())
        self.assertEqual(reminder.frequency_cap_days, 7)
        self.assertEqual(reminder.planned_count, len(EVERYONE))

    def test_exclusions_hold_for_a_reminder(self):
        first = self._send_first()
        # An answer to the first mailing, as if it had come in by its link.
        self.ann.massmailing_unsubscribed = True
        reminder = self._open(first.action_resend())
        self.assertNotIn("ann@example.com", self._rows(reminder))
        self.bob.massmailing_unsubscribed = True
        self.assertEqual(reminder.unsubscribed_count, 1)
        self.assertEqual(reminder.planned_count, 1)

    def test_who_opens_until_the_sending_is_not_reminded(self):
        first = self._send_first()
        self.env.company.mailjet_undo_minutes = 3
        reminder = self._open(first.action_resend())
        self._set_status(first, ["ann@example.com"], "opened")
        reminder.step = "sending"
        self.assertEqual(self._rows(reminder)["ann@example.com"], "engaged")
        self.assertEqual((reminder.engaged_count, reminder.planned_count), (1, 2))
        self._send(reminder)
        self._set_status(first, ["cat@example.com"], "clicked")
        self._run_later(minutes=4)
        self.assertSentOnce(reminder, ["bob@example.com"])
        self.assertCountsAddUp(reminder)

    def test_when_everybody_has_opened_it(self):
        first = self._send_first()
        self._set_status(first, list(EVERYONE), "opened")
        with self.assertRefused("no recipients left who have not opened"):
            first.action_resend()
        self.assertFalse(first.follow_up_count)

    # === NEVER TWICE === #

    @mute_logger("odoo.sql_db")
    def test_the_database_refuses_doubles(self):
        first = self._send_first(["bob@example.com"])
        rest = self._open(first.action_send_to_remaining())
        row = self.env["mailjet.recipient"].search([("mailing_id", "=", rest.id)])
        for double in (
            lambda: first.sudo().copy(
                {"origin_id": first.id, "follow_up_kind": "remaining"}
            ),
            lambda: row.copy({"mailing_id": first.copy().id}),
        ):
            with self.assertRaises(UniqueViolation), self.env.cr.savepoint():
                double()
                self.env.flush_all()

    def test_a_follow_up_that_is_deleted_sets_its_rows_free(self):
        first = self._send_first(["bob@example.com"])
        self._open(first.action_send_to_remaining()).unlink()
        rest = self._open(first.action_send_to_remaining())
        self.assertEqual(rest.planned_count, 1)

    def test_only_what_was_sent_is_followed_up(self):
        mailing = self._make_mailing(self.people)
        for action in (mailing.action_send_to_remaining, mailing.action_resend):
            with self.assertRefused("that was sent"):
                action()

    def test_a_follow_up_cannot_be_forged(self):
        first = self._send_first()
        with self.assertRaises(AccessError):
            self._make_mailing().origin_id = first
