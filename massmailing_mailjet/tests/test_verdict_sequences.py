from psycopg2.errors import SerializationFailure

from odoo import api
from odoo.tests import tagged
from odoo.tools import mute_logger

from .common import MailjetCase


@tagged("post_install", "-at_install")
class TestVerdictsTogether(MailjetCase):
    """Two users tick rows of one mailing at the same moment."""

    def setUp(self):
        # The other one only sees what is committed: the demo's mailings.
        self.mailing = self.env["mailjet.mailing"].search(
            [("state", "=", "draft"), ("planned_count", ">=", 3)], limit=1
        )
        self.assertTrue(self.mailing)
        super().setUp()

    def _untick(self, env, number):
        """Untick the row of this number of those that are planned; return its id."""
        rows = env["mailjet.recipient"].search(
            [("mailing_id", "=", self.mailing.id), ("verdict", "=", "send")]
        )
        env["mailjet.verdict"]._tick(
            env["mailjet.mailing"].browse(self.mailing.id),
            rows._search([("id", "=", rows[number].id)]),
            False,
        )
        return rows[number].id

    def test_the_second_never_overwrites_the_counts_of_the_first(self):
        """It fails and is tried again, as Odoo does with every request."""
        with self.registry.cursor() as first, self.registry.cursor() as second:
            envs = [api.Environment(cr, api.SUPERUSER_ID, {}) for cr in (first, second)]
            planned = [
                env["mailjet.mailing"].browse(self.mailing.id).planned_count
                for env in envs
            ]
            self.assertEqual(*planned)
            unticked = self._untick(envs[0], 0)
            first.commit()
            try:
                with (
                    self.assertRaises(SerializationFailure),
                    mute_logger("odoo.sql_db"),
                ):
                    self._untick(envs[1], 1)
                second.rollback()
                self._untick(envs[1], 1)
                mailing = envs[1]["mailjet.mailing"].browse(self.mailing.id)
                self.assertEqual(mailing.planned_count, planned[0] - 2)
                second.rollback()
            finally:
                self._tick_again(first, unticked)

    def _tick_again(self, cursor, row_id):
        """Leave the demo's mailing as it was."""
        env = api.Environment(cursor, api.SUPERUSER_ID, {})
        rows = env["mailjet.recipient"]._search([("id", "=", row_id)])
        mailing = env["mailjet.mailing"].browse(self.mailing.id)
        env["mailjet.verdict"]._tick(mailing, rows, True)
        cursor.commit()
