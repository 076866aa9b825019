from odoo.exceptions import UserError
from odoo.tests import tagged
from odoo.tests.form import Form

from .common import MailjetCase


@tagged("post_install", "-at_install")
class TestUserFlow(MailjetCase):
    """A salesperson with our group User and nothing else goes all the way."""

    def setUp(self):
        super().setUp()
        self.own = self.env(user=self.user)

    def test_from_nothing_to_sent(self):
        lead = self._make_lead("dan@example.com", contact_name="Dan Dogwood")
        target = self._make_target(lead)
        mailing = self._compose()
        mailing.action_load_target(target.id)
        self._look_at_the_recipients(mailing)
        self._send_a_test(mailing)
        self._acknowledge(mailing)
        self._schedule_and_change_ones_mind(mailing)
        mailing.action_send()
        self._run_cron()
        self.assertEqual(mailing.state, "done")
        self.assertEqual(mailing.sent_count, 2)
        self.assertEqual(self.mailjet.sent, [{"bob@example.com", "dan@example.com"}])
        row = self._row(mailing, self.bob)
        self.assertEqual(row.status, "sent")
        self.assertEqual(row.action_open_record()["res_model"], "res.partner")

    def _make_target(self, lead):
        """Return a target of one's own: two people, and a lead."""
        with Form(self.own["mailjet.target"]) as form:
            form.name = "Friends"
            form.contact_domain = f"[('id', 'in', {(self.ann | self.bob).ids})]"
            form.lead_ids.add(lead.with_env(self.own))
        return form.record

    def _compose(self):
        """Return a mailing that was written in the form, step by step."""
        with Form(self.own["mailjet.mailing"]) as form:
            form.name = "Newsletter"
            form.subject = "Hello $contacts-firstname|there$"
            form.recipient_type = "target"
            form.sender_id = self.sender
        mailing = form.record
        mailing.action_next_step()
        with Form(mailing) as form:
            form.composition = "html"
            form.body_code = "<p>Dear $contacts-firstname|reader$</p>"
        mailing.action_next_step()
        self.assertEqual(mailing.step, "recipients")
        return mailing

    def _look_at_the_recipients(self, mailing):
        """Untick one of the rows, and see the others in the preview."""
        action = mailing.with_context(count="planned_count").action_view_recipients()
        rows = self.own[action["res_model"]].search(action["domain"])
        self.assertEqual(len(rows), 3)
        rows.filtered(lambda row: row.partner_id == self.ann).selected = False
        mailing.action_next_step()
        self.assertEqual((mailing.step, mailing.planned_count), ("sending", 2))
        first = mailing.get_preview()
        second = mailing.get_preview(first["person"]["id"])
        self.assertIn("Dear Bob", first["html"] + second["html"])

    def _acknowledge(self, mailing):
        """Say of each point of the list of checks that it is meant like this."""
        for finding in mailing.get_checks()["findings"]:
            mailing.acknowledge_check(finding["name"], finding["fingerprint"])

    def _send_a_test(self, mailing):
        action = mailing.action_test()
        wizard = Form(self.own[action["res_model"]].with_context(**action["context"]))
        wizard.email_to = "me@example.com"
        wizard.save().action_send()
        self.assertEqual(len(self.mailjet.messages), 1)

    def _schedule_and_change_ones_mind(self, mailing):
        action = mailing.action_open_schedule()
        Wizard = self.own[action["res_model"]].with_context(**action["context"])
        Form(Wizard).save().action_schedule()
        self.assertEqual(mailing.state, "in_queue")
        mailing.action_cancel()
        self.assertEqual(mailing.state, "draft")


@tagged("post_install", "-at_install")
class TestSentLedger(MailjetCase):
    """What was sent stays as it was, for every user."""

    def test_nobody_changes_what_was_sent(self):
        mailing = self._make_mailing(self.people)
        mailing.action_send()
        self._run_cron()
        self.assertEqual(mailing.state, "done")
        rows = self.env["mailjet.recipient"].search([("mailing_id", "=", mailing.id)])
        for user in (self.user, self.manager):
            for name, change in self._get_attempts(
                mailing.with_user(user), rows.with_user(user)
            ).items():
                with (
                    self.subTest(user=user.login, change=name),
                    self.assertRaises(UserError),
                ):
                    change()

    def _get_attempts(self, mailing, rows):
        """Return what somebody may try, by name."""
        row = {"mailing_id": mailing.id, "kind": "contact"}
        return {
            "tick": lambda: rows.write({"selected": False}),
            "untick": lambda: rows.action_untick(),
            "status": lambda: rows.write({"status": "opened"}),
            "delete rows": lambda: rows.unlink(),
            "add a row": lambda: rows.create(row),
            "undo a load": lambda: mailing.load_ids.action_unload(),
            "delete": lambda: mailing.unlink(),
            "subject": lambda: mailing.write({"subject": "No"}),
            "state": lambda: mailing.write({"state": "draft"}),
            "count": lambda: mailing.write({"sent_count": 9}),
        }
