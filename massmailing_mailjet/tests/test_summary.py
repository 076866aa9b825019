from datetime import timedelta

from odoo import fields
from odoo.tests import new_test_user, tagged
from odoo.tools import SQL, mute_logger

from .statistics_common import StatisticsCase


@tagged("post_install", "-at_install")
class TestSummary(StatisticsCase):
    """The e-mail that tells the responsible of a mailing what came of it."""

    def setUp(self):
        super().setUp()
        self.user.email = "mailer@example.com"
        self.mailing.name = "Spring"
        self.env["mailjet.mailing"].search([("id", "!=", self.mailing.id)]).write(
            {"sent_date": False}
        )
        self._leave(hours=25)

    def _leave(self, **ago):
        self.mailing.sent_date = fields.Datetime.now() - timedelta(**ago)

    def _run(self):
        """Let the cron run and return the summaries that are on their way."""
        before = self.env["mail.mail"].search([])
        with self.enter_registry_test_mode():
            self.env.ref("massmailing_mailjet.ir_cron_summary").method_direct_trigger()
        return self.env["mail.mail"].search([]) - before

    def test_it_is_sent_once_with_the_counts_and_a_link(self):
        mail = self._run()
        self.assertEqual(mail.subject, "Results of “Spring”")
        self.assertEqual(mail.email_to, self.user.email_formatted)
        body = " ".join(mail.body_html.split())
        self.assertIn(f"/odoo/mass-mailing/{self.mailing.id}/", body)
        self.assertIn("https://example.com/a", body)
        for words in ("Delivered", "53.8", "Opened", "42.9"):
            self.assertIn(words, body)
        self.assertTrue(self.mailing.summary_date)
        self.assertFalse(self._run())

    def test_it_is_in_the_language_of_the_responsible(self):
        self.env["res.lang"]._activate_lang("fr_FR")
        self.env["ir.module.module"]._load_module_terms(
            ["massmailing_mailjet"], ["fr_FR"]
        )
        self.user.lang = "fr_FR"
        term = self.env["mailjet.mailing"].with_context(lang="fr_FR")
        label = term.fields_get(["clicked_count"])["clicked_count"]["string"]
        self.assertIn(label, self._run().body_html)
        self.assertIn("53,8", self.env["mail.mail"].search([], limit=1).body_html)

    def test_when_none_comes(self):
        stranger = new_test_user(self.env, "stranger", "base.group_user")
        for reason, change in {
            "too early": lambda: self._leave(hours=23),
            "too late": lambda: self._leave(days=8),
            "not wanted": lambda: self.mailing.company_id.write(
                {"mailjet_summary": False}
            ),
            "no address": lambda: self.user.write({"email": False}),
            "gone": lambda: self.user.write({"active": False}),
            "may not read it": lambda: self.mailing.write({"user_id": stranger.id}),
            "nobody responsible": lambda: self.mailing.write({"user_id": False}),
        }.items():
            with self.subTest(reason), self.cr.savepoint() as savepoint:
                change()
                self.assertFalse(self._run())
                savepoint.rollback()
                self.env.invalidate_all()

    def test_a_setting_of_the_company_default_on(self):
        self.assertTrue(self.env["res.company"].create({"name": "New"}).mailjet_summary)

    def test_another_that_was_quicker_has_sent_it(self):
        """Found due, it has its summary by the time that it is locked."""
        self.mailing.summary_date = fields.Datetime.now()
        before = self.env["mail.mail"].search_count([])
        self.env["mailjet.summary"]._send_once(self.mailing)
        self.assertEqual(self.env["mail.mail"].search_count([]), before)

    @mute_logger("odoo.addons.massmailing_mailjet.models.attempt")
    def test_one_that_cannot_be_written_holds_up_no_other(self):
        """Whatever the reason: here, the responsible's language is gone."""
        other = self._make_mailing(user=self.manager, name="Summer")
        other.sudo().write({"state": "done", "sent_date": self.mailing.sent_date})
        self.manager.email = "manager@example.com"
        for user, subject in ((self.user, "Summer"), (self.manager, "Spring")):
            with self.subTest(subject), self.cr.savepoint() as savepoint:
                self.env.flush_all()
                self.env.cr.execute(
                    SQL(
                        "UPDATE res_partner SET lang = 'xx_XX' WHERE id = %s",
                        user.partner_id.id,
                    )
                )
                self.env.invalidate_all()
                self.assertEqual(
                    self._run().mapped("subject"), [f"Results of “{subject}”"]
                )
                savepoint.rollback()
                self.env.invalidate_all()
