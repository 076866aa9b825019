from odoo.tests import tagged

from .feedback_common import FeedbackCase
from .migration_script import load


@tagged("post_install", "-at_install")
class TestMigration(FeedbackCase):
    """What databases of 19.0.1.0.0 hold becomes what is read now."""

    def test_words_become_codes_once(self):
        post = load("19.0.1.1.0/post-outside")
        rows = self._recipients().sorted("email")
        old = ["The mailbox is full.", "L'adresse n'existe pas.", "550 no"]
        new = ["quota exceeded", "user unknown", "550 no"]
        for row, words in zip(rows, old, strict=True):
            row.bounce_reason = words
        self.env.flush_all()
        for _time in range(2):
            post.migrate(self.env.cr, "19.0.1.0.0")
            self.env.invalidate_all()
            self.assertEqual(rows.mapped("bounce_reason"), new)

    def test_every_word_is_known(self):
        errors = dict(self.env["mailjet.event"]._fields["error"].selection)
        words = load("19.0.1.1.0/post-outside").WORDS
        self.assertEqual({code for code, *_labels in words}, errors.keys())

    def test_what_is_negative_becomes_nothing(self):
        self.env.cr.execute(
            """
            ALTER TABLE mailjet_account
             DROP CONSTRAINT mailjet_account_monthly_limit_positive;
            UPDATE mailjet_account SET monthly_limit = -5
            """
        )
        load("19.0.1.1.0/pre-outside").migrate(self.env.cr, "19.0.1.0.0")
        self.env.invalidate_all()
        self.assertEqual(self.account.monthly_limit, 0)

    def test_reply_addresses_become_what_mailjet_takes(self):
        cases = {
            "Sales <sales@example.com>": "sales@example.com",
            " sales@example.com": "sales@example.com",
            "mailto:sales@example.com": "sales@example.com",
            "sales@example.com": "sales@example.com",
            "  ": False,
            "sales@": "sales@",
            "a@example.com, b@example.com": "a@example.com, b@example.com",
        }
        mailings = [self._make_mailing(self.ann) for _text in cases]
        sent = self._make_mailing()
        sent.sudo().state = "done"
        stored = [*zip(mailings, cases, strict=True), (sent, "Old <old@example.com>")]
        self.env.flush_all()
        for mailing, typed in stored:
            self.env.cr.execute(
                "UPDATE mailjet_mailing SET reply_to = %s WHERE id = %s",
                (typed, mailing.id),
            )
        for _time in range(2):
            load("19.0.1.1.0/post-addresses").migrate(self.env.cr, "19.0.1.0.0")
            self.env.invalidate_all()
            self.assertEqual(
                [mailing.reply_to for mailing in mailings], list(cases.values())
            )
        self.assertEqual(sent.reply_to, "Old <old@example.com>")
        for mailing in mailings:
            found = mailing.get_checks()["findings"]
            is_said = "reply_malformed" in {finding["name"] for finding in found}
            self.assertEqual(
                is_said, mailing.reply_to not in (False, "sales@example.com")
            )

    def test_names_that_nobody_changed_become_todays(self):
        words = load("19.0.1.1.0/post-words")
        cron = self.env.ref("massmailing_mailjet.ir_cron_feedback").sudo()
        variable = self.env.ref("massmailing_mailjet.mailjet_variable_lead_email")
        activity = self.env.ref("massmailing_mailjet.mail_activity_type_delivery")
        cron.name = "Mass Mailing: apply what Mailjet reports"
        variable.sudo().name = "Lead's e-mail address"
        activity.sudo().name = "Own name"
        self.env.flush_all()
        for _time in range(2):
            words.migrate(self.env.cr, "19.0.1.0.0")
            self.env.invalidate_all()
            self.assertEqual(cron.name, "Mass Mailing: apply Mailjet events")
            self.assertEqual(cron.cron_name, cron.name)
            self.assertEqual(variable.name, "Lead's email address")
            self.assertEqual(activity.name, "Own name")
