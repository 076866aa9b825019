from odoo.tests import Form, tagged, users

from ..models.checks import mailjet_mailing_missing_value
from .check_mailing_common import FLAWLESS
from .common import MailjetCase

UNSAFE = "<p>Hi</p><a href='javascript:go()'>Here</a>"


@tagged("post_install", "-at_install")
class TestIssues(MailjetCase):
    """What is open in each step, and what the buttons to send make of it."""

    def _make(self, **values):
        return self._make_mailing(self.people, **{**FLAWLESS, **values})

    def _accept_all(self, mailing):
        findings = mailing.get_checks()["findings"]
        return mailing.acknowledge_checks(
            {
                finding["name"]: finding["fingerprint"]
                for finding in findings
                if finding["level"] == "amber"
            }
        )

    # === COUNTED BY STEP === #

    @users("mailer")
    def test_open_issues_are_counted_by_step(self):
        mailing = self._make_mailing(
            subject=False, preview=False, body_code="<p>$contacts-shoe$</p>"
        )
        self.assertEqual(
            mailing.get_checks()["open"],
            {
                "details": {"red": 1, "amber": 1},
                "content": {"red": 1, "amber": 0},
                "recipients": {"red": 1, "amber": 0},
                "sending": {"red": 0, "amber": 1},
            },
        )

    @users("mailer")
    def test_an_issue_counts_where_it_is_fixed(self):
        mailing = self._make()
        self.account.write({"monthly_limit": 10, "sent_this_month": 9})
        steps = {row["name"]: row["step"] for row in mailing.get_checks()["findings"]}
        self.assertEqual(steps, {"quota": "recipients", "not_tested": "sending"})

    @users("mailer")
    def test_an_accepted_issue_is_not_open(self):
        mailing = self._make(preview=False)
        self._accept_all(mailing)
        checks = mailing.get_checks()
        self.assertEqual(len(checks["findings"]), 2)
        self.assertEqual(checks["open"], {})

    @users("mailer")
    def test_many_rows_are_counted_in_the_last_step_only(self):
        self.patch(mailjet_mailing_missing_value, "FEW_ROWS", 1)
        self.ann.city = False
        mailing = self._make(body_code="<p>$contacts-city$</p>")
        self.assertNotIn("recipients", mailing.get_checks()["open"])
        mailing.action_go_to_step("sending")
        one = {"red": 0, "amber": 1}
        self.assertEqual(mailing.get_checks()["open"]["recipients"], one)
        mailing.action_go_to_step("recipients")
        self._row(mailing, self.ann).selected = False
        self.assertEqual(mailing.get_checks()["open"]["recipients"], one)
        mailing.body_code = "<p>$contacts-function$</p>"
        self.assertNotIn("recipients", mailing.get_checks()["open"])

    # === ACCEPTED TOGETHER === #

    @users("mailer")
    def test_amber_issues_are_accepted_together(self):
        mailing = self._make(preview=False)
        before = len(mailing.message_ids)
        self._accept_all(mailing)
        self.assertTrue(
            all(row["acknowledged"] for row in mailing.get_checks()["findings"])
        )
        self.assertEqual(len(mailing.message_ids), before + 1)
        body = mailing.message_ids[0].body
        self.assertIn("The preview text is missing. No test email was sent.", body)

    @users("mailer")
    def test_all_or_none_are_accepted(self):
        mailing = self._make(preview=False, body_code=UNSAFE)
        read = {
            row["name"]: row["fingerprint"] for row in mailing.get_checks()["findings"]
        }
        with self.assertRefused("must be fixed"):
            mailing.acknowledge_checks(read)
        del read["links_unsafe"]
        with self.assertRefused("has changed in the meantime"):
            mailing.acknowledge_checks({**read, "no_preview": "another"})
        self.assertFalse(
            any(row["acknowledged"] for row in mailing.get_checks()["findings"])
        )
        mailing.acknowledge_checks(read)
        mailing.acknowledge_checks({})
        self.assertEqual(
            mailing.get_checks()["open"], {"content": {"red": 1, "amber": 0}}
        )

    # === THE BUTTONS TO SEND === #

    @users("mailer")
    def test_the_buttons_lead_to_what_is_open(self):
        mailing = self._make(preview=False, body_code=UNSAFE)
        for press in (mailing.action_open_send, mailing.action_open_schedule):
            action = press()
            self.assertEqual(action["tag"], "mailjet_show_issues")
            self.assertIn("1 issue ", action["params"]["message"])
            self.assertEqual(mailing.step, "sending")
        mailing.body_code = "<p>Hello</p>"
        self._accept_all(mailing)
        self.assertEqual(
            mailing.action_open_send()["res_model"], "mailjet.mailing.send"
        )
        self.assertEqual(
            mailing.action_open_schedule()["res_model"], "mailjet.mailing.schedule"
        )
        mailing.body_code = UNSAFE
        self._accept_all(mailing)
        action = mailing.action_open_send()
        self.assertEqual(action["params"]["message"], "Resolve 1 issue before sending.")

    @users("mailer")
    def test_the_confirmation_says_what_is_sent(self):
        mailing = self._make()
        self._accept_all(mailing)
        wizard = self._open_confirmation(mailing)
        self.assertEqual(wizard.planned_count, 3)
        self.assertEqual(wizard.sender, "News <news@example.com>")
        self.assertEqual(wizard.subject, FLAWLESS["subject"])
        wizard.save().action_send()
        self.assertEqual(mailing.state, "in_queue")

    def _open_confirmation(self, mailing, opening="action_open_send"):
        action = getattr(mailing, opening)()
        return Form(self.env[action["res_model"]].with_context(**action["context"]))

    @users("mailer")
    def test_the_confirmations_accept_what_they_show(self):
        for opening, sending in (
            ("action_open_send", "action_send"),
            ("action_open_schedule", "action_schedule"),
        ):
            mailing = self._make(preview=False)
            with self.subTest(opening):
                form = self._open_confirmation(mailing, opening)
                self.assertIn("The preview text is missing.", form.open_issues)
                getattr(form.save(), sending)()
                self.assertEqual(mailing.state, "in_queue")
                self.assertFalse(mailing._find_open())

    @users("mailer")
    def test_the_confirmation_accepts_nothing_else(self):
        mailing = self._make(preview=False)
        wizard = self._open_confirmation(mailing).save()
        mailing.preview = "A few words"
        with self.assertRefused("has changed in the meantime"):
            wizard.action_send()
        self.assertEqual(mailing.state, "draft")

    @users("mailer")
    def test_the_confirmation_says_how_long_it_can_be_undone(self):
        mailing = self._make()
        self._accept_all(mailing)
        for minutes, words in (
            (0, "cannot be undone"),
            (1, "for 1 minute."),
            (5, "for 5 minutes."),
        ):
            self.env.company.sudo().mailjet_undo_minutes = minutes
            with self.subTest(minutes):
                self.assertIn(words, self._open_confirmation(mailing).undo)

    @users("mailer")
    def test_the_confirmation_counts_who_can_be_mailed_now(self):
        mailing = self._make()
        self._accept_all(mailing)
        self._age_records()
        self.ann.sudo().email = "nobody"
        self.assertEqual(self._open_confirmation(mailing).planned_count, 2)

    @users("mailer")
    def test_a_confirmed_mailing_that_has_changed_is_not_sent(self):
        mailing = self._make()
        self._accept_all(mailing)
        wizard = self._open_confirmation(mailing).save()
        mailing.body_code = UNSAFE
        with self.assertRefused(r"javascript:go\(\)"):
            wizard.action_send()
        self.assertEqual(mailing.state, "draft")

    @users("mailer")
    def test_undo_gives_the_mailing_back_as_it_was(self):
        self.env.company.sudo().mailjet_undo_minutes = 2
        mailing = self._make(step="sending")
        self._accept_all(mailing)
        self._open_confirmation(mailing).save().action_send()
        mailing.action_cancel()
        self.assertEqual((mailing.step, mailing.planned_count), ("sending", 3))
        self.assertEqual(mailing.get_checks()["open"], {})
        mailing.subject = "Our news of the winter"
        self._accept_all(mailing)
        self._open_confirmation(mailing).save().action_send()
        self.assertEqual(mailing.state, "in_queue")
