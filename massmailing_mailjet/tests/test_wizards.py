from datetime import timedelta

from odoo import fields
from odoo.exceptions import AccessError
from odoo.tests import Form, tagged, users

from .common import MailjetCase


@tagged("post_install", "-at_install")
class TestWizards(MailjetCase):
    """A last test, and the choice of the hour."""

    def _test(self, mailing, email_to, **values):
        wizard = self.env["mailjet.mailing.test"].create(
            {"mailing_id": mailing.id, "email_to": email_to, **values}
        )
        return wizard.action_send()["params"]

    def _get_messages(self):
        """Return the messages that Mailjet was last asked to send."""
        return self.mailjet.bodies("POST send")[-1]["Messages"]

    @users("mailer")
    def test_a_test_goes_to_several_addresses(self):
        mailing = self._make_mailing(reply_to="answers@example.com")
        result = self._test(
            mailing,
            "One <one@example.com>\ntwo@example.com; ONE@example.com",
            partner_id=False,
        )
        self.assertEqual(result["type"], "success")
        sent = [message["to"] for message in self.mailjet.messages]
        self.assertEqual(sent, ["one@example.com", "two@example.com"])
        message = self._get_messages()[0]
        self.assertEqual(message["From"], {"Email": "news@example.com", "Name": "News"})
        self.assertEqual(message["ReplyTo"], {"Email": "answers@example.com"})
        self.assertIn("$contacts-firstname$", message["Subject"])
        self.assertIn("$contacts-firstname|reader$", message["HTMLPart"])
        self.assertIn("$contacts-firstname|reader$", message["TextPart"])
        self.assertNotIn("[[", message["HTMLPart"])
        self.assertIn("one@example.com", mailing.message_ids[0].body)

    @users("mailer")
    def test_addresses_are_refused_one_by_one(self):
        mailing = self._make_mailing()
        for address, sentence in (
            ("nobody", "“nobody” has no @."),
            ("a@b@example.com", "more than one @"),
            ("@example.com", "nothing before the @"),
            ("Ann <ann@>", "“Ann <ann@>” has nothing after the @."),
            ("ann ash@example.com", "contains a space"),
            ("ann@example", "does not end like an address"),
            (" ", "at least one address"),
        ):
            with self.subTest(address), self.assertRefused(sentence):
                self._test(mailing, address)
        with self.assertRefused("“nobody” has no @.\n“x@y”"):
            self._test(mailing, "one@example.com\nnobody\nx@y")
        self.assertFalse(self.mailjet.messages)
        self.mailjet.set(refused_text="two@")
        result = self._test(mailing, "one@example.com\ntwo@example.com")
        self.assertEqual(result["type"], "warning")
        self.assertIn(
            'two@example.com: "two@example.com" is an invalid', result["message"]
        )
        self.assertEqual(len(self.mailjet.messages), 1)

    @users("mailer")
    def test_a_test_shows_the_values_of_a_recipient(self):
        mailing = self._make_mailing(self.people)
        self._test(mailing, "one@example.com")
        (message,) = self._get_messages()
        first = self.people[0].name.split()[0]
        self.assertIn(first, message["Subject"])
        self.assertIn(first, message["HTMLPart"])
        self.assertNotIn("$contacts", message["HTMLPart"] + message["TextPart"])
        self.assertEqual(message["TrackOpens"], "disabled")
        self.assertEqual(message["TrackClicks"], "disabled")
        self._test(mailing, "one@example.com", recipient_id=False)
        self.assertIn("$contacts-firstname$", self.mailjet.messages[-1]["subject"])

    @users("mailer")
    def test_before_there_are_recipients_a_test_shows_the_values_of_a_record(self):
        lead = self._make_lead("dan@example.com", contact_name="Dan")
        for recipient_type, field, record in (
            ("contact", "partner_id", self.ann),
            ("lead", "lead_id", lead),
        ):
            mailing = self._make_mailing(
                recipient_type=recipient_type, subject="To $contacts-name|nobody$"
            )
            form = Form(
                self.env["mailjet.mailing.test"].with_context(
                    default_mailing_id=mailing.id
                )
            )
            self.assertTrue(form[field])
            form.email_to = "one@example.com"
            form[field] = record
            form.save().action_send()
            name = record.contact_name if record == lead else record.name
            self.assertEqual(self._get_messages()[0]["Subject"], f"[TEST] To {name}")

    @users("mailer")
    def test_a_test_shows_nobody_whom_the_user_may_not_read(self):
        mailing = self._make_mailing()
        self._limit_contacts([("id", "!=", self.ann.id)])
        with self.assertRaises(AccessError):
            self._test(mailing, "one@example.com", partner_id=self.ann.id)
        self.assertFalse(self.mailjet.messages)

    @users("mailer")
    def test_a_test_shows_no_recipient_of_another_mailing(self):
        mailing, other = (self._make_mailing(self.people) for _number in range(2))
        row = self._row(other, self.people[0])
        with self.assertRefused("of this mailing"):
            self._test(mailing, "one@example.com", recipient_id=row.id)

    @users("mailer")
    def test_the_last_addresses_are_remembered(self):
        Wizard = self.env["mailjet.mailing.test"]
        self.assertEqual(Wizard._get_default_emails(), self.env.user.email_normalized)
        self._test(self._make_mailing(), "two@example.com, one@example.com")
        self.assertEqual(
            Wizard._get_default_emails(), "two@example.com\none@example.com"
        )
        self.assertNotIn(
            "mailjet_test_emails",
            self.env.user.res_users_settings_id._res_users_settings_format(),
        )

    @users("mailer")
    def test_no_answer_is_said(self):
        self.mailjet.fail("POST send", "hang")
        with self.assertRefused("cannot be reached"):
            self._test(self._make_mailing(), "one@example.com")

    @users("mailer")
    def test_an_unfinished_mailing_is_not_tested(self):
        with self.assertRefused("Compose it first"):
            self._test(self._make_mailing(body_code=False), "one@example.com")

    @users("mailer")
    def test_send_later(self):
        mailing = self._make_mailing(self.people)
        date = fields.Datetime.now() + timedelta(days=2)
        with Form(
            self.env["mailjet.mailing.schedule"].with_context(
                default_mailing_id=mailing.id
            )
        ) as form:
            form.schedule_date = date
        form.record.action_schedule()
        self.assertEqual(mailing.state, "in_queue")
        self.assertEqual(mailing.schedule_type, "scheduled")
        self.assertEqual(mailing.schedule_date, date.replace(microsecond=0))

    @users("mailer")
    def test_the_past_is_no_later(self):
        mailing = self._make_mailing(self.people)
        for date in (
            fields.Datetime.now() - timedelta(minutes=1),
            False,
            "2020-01-01 00:00:00",
        ):
            with self.subTest(date), self.assertRefused("in the future"):
                mailing.action_schedule(date)
        self.assertEqual(mailing.state, "draft")
