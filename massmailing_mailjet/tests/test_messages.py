"""What went wrong is read by everyone in a language of their own."""

from odoo.tests import tagged
from odoo.tools import SQL

from .common import DeliveryCase
from .migration_script import load


@tagged("post_install", "-at_install")
class TestMessages(DeliveryCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["res.lang"]._activate_lang("fr_FR")

    def _in_french(self, record):
        return record.with_context(lang="fr_FR")

    def test_a_failure_is_read_in_two_languages(self):
        self.account.sudo().api_secret = "of another time"
        mailing = self._make_mailing(self.people)
        mailing.user_id.lang = "fr_FR"
        self._send(mailing)
        for record in (mailing, mailing.mailjet_campaign_ids):
            self.assertIn("does not accept the keys", record.delivery_message)
            french = self._in_french(record).delivery_message
            self.assertIn("Mailjet n’accepte pas les clés", french)
            self.assertIn(self.account.name, french)

    def test_so_is_what_a_check_finds_while_it_is_sent(self):
        self.account.write({"monthly_limit": 10, "sent_this_month": 7})
        mailing = self._make_mailing(self.people)
        mailing.action_send()
        self.account.sent_this_month = 8
        self._run_cron()
        self.assertEqual(mailing.state, "failed")
        self.assertIn("planned: 3, remaining: 2", mailing.delivery_message)
        french = self._in_french(mailing).delivery_message
        self.assertIn("3", french)
        self.assertNotIn("planned", french)

    def test_so_is_one_of_several_campaigns(self):
        mailing = self._make_mailing(self.people)
        self.mailjet.fail("GET contactslist", "500")
        self._send(mailing)
        mailing.mailjet_campaign_ids.sudo().write({"name": "Oslo", "is_stalled": True})
        self.assertRegex(mailing.delivery_message, "^Oslo: Mailjet is not available")
        french = self._in_french(mailing).delivery_message
        self.assertRegex(french, "^Oslo\u202f: Mailjet n’est pas disponible")

    def test_so_are_the_names_of_campaigns(self):
        mailing = self._make_mailing(self.people)
        mailing.write({"send_mode": "canary", "canary_share": 10})
        self._send(mailing)
        campaigns = mailing.mailjet_campaign_ids
        self.assertEqual(campaigns.mapped("name"), ["First share", "Rest"])
        self.assertEqual(
            self._in_french(campaigns).mapped("name"), ["Première part", "Reste"]
        )
        trouble = {"state": "failed", "delivery_facts": "No answer"}
        campaigns[0].sudo().write(trouble)
        self.assertEqual(mailing.delivery_message, "First share: No answer")
        french = self._in_french(mailing).delivery_message
        self.assertEqual(french, "Première part\u202f: No answer")

    def test_so_is_the_check_of_an_account(self):
        self.account.sudo().api_secret = "of another time"
        self._in_french(self.account).action_check_health()
        self.assertIn("does not accept the keys", self.account.connection_error)
        french = self._in_french(self.account).connection_error
        self.assertIn("Mailjet n’accepte pas les clés", french)

    def test_old_texts_stay_as_they_are(self):
        script = load("19.0.1.2.0/pre-sentences")
        mailing = self._make_mailing(self.people)
        self._make_campaign(mailing)
        self.env.flush_all()
        for table, text, facts in script.COLUMNS:
            self.env.cr.execute(
                SQL(
                    "ALTER TABLE %(table)s DROP COLUMN IF EXISTS %(text)s;"
                    "ALTER TABLE %(table)s RENAME COLUMN %(facts)s TO %(text)s;"
                    "ALTER TABLE %(table)s ALTER COLUMN %(text)s TYPE varchar"
                    " USING 'Say \"no\"'",
                    table=SQL.identifier(table),
                    facts=SQL.identifier(facts),
                    text=SQL.identifier(text),
                )
            )
        for _time in range(2):
            script.migrate(self.env.cr, "19.0.1.1.0")
        self.env.invalidate_all()
        for record in (mailing, mailing.mailjet_campaign_ids):
            self.assertEqual(record.delivery_message, 'Say "no"')
        self.assertEqual(self._in_french(self.account).connection_error, 'Say "no"')
