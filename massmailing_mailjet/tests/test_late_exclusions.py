from datetime import timedelta

from freezegun import freeze_time

from odoo import fields
from odoo.tests import tagged

from .partition_common import PartitionCase


@tagged("post_install", "-at_install")
class TestLateExclusions(PartitionCase):
    """What happens between the moment at which recipients are finalized and that at
    which one of several campaigns is sent to them."""

    def setUp(self):
        super().setUp()
        self.env.company.mailjet_undo_minutes = 30

    def _wait_to_be_sent(self, **values):
        """Return a mailing in two campaigns, to Ann and Cat and to Bob, that are ready,
        and can still be undone."""
        mailing = self._make_mailing(self.people, **values)
        self._send(mailing)
        self.assertEqual(
            set(mailing.sudo().mailjet_campaign_ids.mapped("delivery_step")),
            {"schedule"},
        )
        return mailing

    def _go_away(self, mailing):
        """Let the minutes pass in which it can be undone."""
        self._run_later(minutes=31)
        self._go_on()
        self.assertEqual(mailing.state, "done")

    def _opt_out(self, email="ann@example.com", **values):
        now = fields.Datetime.now()
        opt_out = {"email": email, "cause": "unsubscribed", "date": now, **values}
        self.env["mailjet.consent"].sudo()._opt_out([opt_out], "program")

    def _get_acts(self, topic):
        """Return what may happen to Ann, by the reason that follows."""
        return {
            "archived": lambda: self.ann.write({"active": False}),
            "no_email": lambda: self.ann.write({"email": False}),
            "deleted": self.ann.unlink,
            "unsubscribed": lambda: self.ann.write({"massmailing_unsubscribed": True}),
            "blacklisted": lambda: self.env["mail.blacklist"]._add("ann@example.com"),
            "paused": lambda: self._opt_out(
                cause="paused", until_date=self.clock + timedelta(days=9)
            ),
            "left_topic": lambda: self._opt_out(topic_id=topic.id),
        }

    def test_the_excluded_are_taken_out_of_their_campaign(self):
        topic = self.env["mailjet.topic"].create({"name": "Offers"})
        for reason in self._get_acts(topic):
            with self._case(reason=reason):
                mailing = self._wait_to_be_sent(topic_id=topic.id)
                row = self._row(mailing, self.ann)
                self._get_acts(topic)[reason]()
                self._go_away(mailing)
                self.assertSentTo(["cat"], ["bob"])
                self.assertEqual(row.exclusion_reason, reason)
                self.assertEqual(row.status, "pending")
                self.assertCountsAddUp(mailing)
                self._assert_complete(mailing)

    def _assert_complete(self, mailing):
        """Check that looking at everyone would exclude nobody else."""
        before = self._rows(mailing)
        Sync, Verdict = self.env["mailjet.record.sync"], self.env["mailjet.verdict"]
        Sync._refresh_records(mailing, only_issue=True)
        Verdict._recompute_verdicts(mailing, only_stricter=True)
        self.assertEqual(self._rows(mailing), before)

    def test_no_clock_decides(self):
        """Neither that of the server that stores a change, nor whether Odoo was told
        of it at all."""
        acts = {
            "unsubscribed": self._opt_out,
            "archived": lambda: self._change_silently("active = FALSE"),
            "no_email": lambda: self._change_silently(
                "email = NULL, email_normalized = NULL"
            ),
        }
        for reason, act in acts.items():
            with self._case(reason=reason):
                mailing = self._wait_to_be_sent()
                with freeze_time(self.clock - timedelta(days=1)):
                    act()
                self._go_away(mailing)
                self.assertSentTo(["cat"], ["bob"])
                self.assertEqual(self._row(mailing, self.ann).exclusion_reason, reason)

    def _change_silently(self, assignments):
        """Change Ann as a program would that knows nothing of Odoo."""
        self.env.flush_all()
        self.env.cr.execute(
            f"UPDATE res_partner SET {assignments} WHERE id = %s", [self.ann.id]
        )
        self.env.invalidate_all()

    def test_a_few_that_have_changed_are_all_that_is_recomputed(self):
        mailing = self._make_mailing(self.people)
        campaign = self._send(mailing)[0]
        rows = campaign._get_rows()
        Sync, row = self.env["mailjet.record.sync"], self._row(mailing, self.ann)
        self.assertEqual(Sync._find_affected(mailing, rows), [])
        for email in ("ann@example.com", "bob@example.com"):
            self._opt_out(email)
        self.assertEqual(Sync._find_affected(mailing, rows), row.ids)

    def test_all_are_looked_at_where_time_excludes(self):
        mailing = self._make_mailing(self.people, frequency_cap_days=7)
        campaign = self._send(mailing)[0]
        Sync, rows = self.env["mailjet.record.sync"], campaign._get_rows()
        self.assertEqual(Sync._find_affected(mailing, rows), [])
        other = self._make_mailing().sudo()
        other.write({"state": "done", "sent_date": self.clock})
        everyone = self.env["mailjet.recipient"].search(campaign._get_domain())
        self.assertEqual(len(everyone), 2)
        self.assertEqual(
            sorted(Sync._find_affected(mailing, rows)), sorted(everyone.ids)
        )

    def test_everyone_is_sent_to_before_anyone_is_marked_as_sent(self):
        mailing = self._wait_to_be_sent()
        self._go_away(mailing)
        calls = self.mailjet.calls
        (last, *_others) = [n for n, call in enumerate(calls) if "send" in call][::-1]
        self.assertEqual(sum("send" in call for call in calls), 2)
        self.assertFalse([call for call in calls[:last] if "/campaign/" in call])
        self.assertTrue([call for call in calls[last:] if "/campaign/" in call])
