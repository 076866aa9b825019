from psycopg2.errors import SerializationFailure

from odoo import api, fields
from odoo.tests import TransactionCase, tagged
from odoo.tools import SQL, mute_logger

ADDRESS = "twice@example.com"


@tagged("post_install", "-at_install")
class TestAskingTogether(TransactionCase):
    """Two workers announce two mailings that ask the same address, at the same moment.

    Each sees what the other one has committed: the mailings are, and are deleted again.
    """

    def setUp(self):
        super().setUp()
        with self.registry.cursor() as cursor:
            env = self._get_env(cursor)
            person = env["res.partner"].create({"name": "Twice", "email": ADDRESS})
            mailings = [self._make_asking(env, person) for _number in range(2)]
            self.ids = [mailing.id for mailing in mailings]
            self.person_id = person.id
        self.addCleanup(self._delete)

    def _get_env(self, cursor):
        return api.Environment(cursor, api.SUPERUSER_ID, {})

    def _make_asking(self, env, person):
        """Return a mailing whose list is uploaded, and that is about to be sent."""
        account = env["mailjet.account"].search([], limit=1)
        Mailing = env["mailjet.mailing"]
        action = Mailing._make_ready_mailing("measuring", account_id=account.id)
        mailing = Mailing.browse(action["res_id"])
        mailing.action_load_domain(str([("id", "=", person.id)]), kind="contact")
        env["mailjet.campaign"].create(
            {
                "mailing_id": mailing.id,
                "account_id": account.id,
                "delivery_step": "send",
            }
        )
        rows = SQL("r.mailing_id = %s", mailing.id)
        env["mailjet.recipient"]._mark_outgoing(rows)
        return mailing

    def _delete(self):
        """Leave the database as it was."""
        with self.registry.cursor() as cursor:
            env = self._get_env(cursor)
            mailings = env["mailjet.mailing"].browse(self.ids)
            mailings.mailjet_campaign_ids.unlink()
            env["mailjet.recipient"]._release_rows(
                SQL("r.mailing_id = ANY(%s)", self.ids)
            )
            mailings.state = "draft"
            sources = mailings.source_id
            mailings.unlink()
            sources.unlink()
            env["res.partner"].browse(self.person_id).unlink()

    def _get_campaign(self, cursor, number):
        mailing = self._get_env(cursor)["mailjet.mailing"].browse(self.ids[number])
        return mailing.mailjet_campaign_ids

    def test_the_second_sees_whom_the_first_asks(self):
        """It fails and is made again, as the cron does with every step."""
        with self.registry.cursor() as first, self.registry.cursor() as second:
            campaigns = [
                self._get_campaign(first, 0),
                self._get_campaign(second, 1),
            ]
            self.assertFalse(any(each.send_requested_date for each in campaigns))
            self.assertFalse(campaigns[0]._is_too_late())
            campaigns[0].send_requested_date = fields.Datetime.now()
            first.commit()
            with (
                self.assertRaises(SerializationFailure),
                mute_logger("odoo.sql_db"),
            ):
                campaigns[1]._is_too_late()
            second.rollback()
            campaign = self._get_campaign(second, 1)
            self.assertTrue(campaign._is_too_late())
            row = campaign._get_late_exclusions()
            self.assertEqual(
                (row.email_normalized, row.exclusion_reason), (ADDRESS, "asked")
            )
