from unittest.mock import patch

from odoo import fields
from odoo.sql_db import Cursor
from odoo.tests import tagged

from .feedback_common import FeedbackCase


@tagged("post_install", "-at_install")
class TestConsentExamples(FeedbackCase):
    """The stories by which refusals were lost."""

    def _reason(self, records):
        return self._rows(self._make_mailing(records)).get("ann@example.com")

    def test_a_new_record_of_the_address_refuses(self):
        lead = self._make_lead("ann@example.com")
        for record, name in ((self.ann, "email"), (lead, "email_from")):
            for act in ("unlink", "edit"):
                with self.subTest(record=record, act=act):
                    savepoint = self.env.cr.savepoint(flush=True)
                    record.with_user(self.user).massmailing_unsubscribed = True
                    if act == "edit":
                        record[name] = "other@example.com"
                    if act == "unlink":
                        record.unlink()
                    again = self.env["res.partner"].create(
                        {"name": "Again", "email": "Ann@Example.com"}
                    )
                    self.assertTrue(again.massmailing_unsubscribed)
                    self.assertEqual(
                        self._rows(self._make_mailing(again)),
                        {"Ann@Example.com": "unsubscribed"},
                    )
                    savepoint.close(rollback=True)
                    self.env.invalidate_all()

    def test_deleting_lets_nobody_in_again_at_mailjet(self):
        self.people.with_user(self.user).write({"massmailing_unsubscribed": True})
        self._push()
        self.assertEqual(len(self.mailjet.excluded), 3)
        self.ann.unlink()
        self.bob.email = "elsewhere@example.com"
        self.env["base.partner.merge.automatic.wizard"].create({})._merge(
            (self.bob | self.cat).ids, self.bob
        )
        self._push()
        self.assertEqual(len(self.mailjet.excluded), 3)

    def _push(self):
        self.env.flush_all()
        with self.account._client() as client:
            self.env["mailjet.suppression"]._push(self.account, client)

    def test_a_complaint_outweighs_whatever_comes_later(self):
        self._tell(self._event("spam"))
        self._tell(self._event("hard", minutes=2), self._event("unsub", minutes=3))
        self.assertEqual(self.ann.massmailing_unsubscribed_cause, "complained")
        self.assertEqual(self._reason(self.ann), "complained")

    def test_a_mark_becomes_a_refusal_of_the_address(self):
        silent = self.env["res.partner"].create(
            {
                "name": "Silent",
                "massmailing_unsubscribed": True,
                "massmailing_unsubscribed_reason": "Said so at the fair",
            }
        )
        self.assertTrue(silent.massmailing_unsubscribed)
        self.assertEqual(
            self._rows(self._make_mailing(silent)), {False: "unsubscribed"}
        )
        lead = self.env["crm.lead"].create(
            {"name": "L", "massmailing_unsubscribed": True}
        )
        silent.email = "silent@example.com"
        lead.partner_id = self.cat
        self.env.flush_all()
        self.env.cr.precommit.run()
        self.env.invalidate_all()
        self.assertEqual(silent.massmailing_unsubscribed_reason, "Said so at the fair")
        self.assertTrue(self.cat.massmailing_unsubscribed)
        silent.email = "another@example.com"
        self.assertFalse(silent.massmailing_unsubscribed)
        entries = self.env["mail.blacklist"].search([]).mapped("email")
        self.assertIn("silent@example.com", entries)

    def test_what_is_ticked_counts_for_the_last_mailing(self):
        now = fields.Datetime.now()
        self.mailing.sent_date = fields.Datetime.subtract(now, days=3)
        self.ann.with_user(self.user).massmailing_unsubscribed = True
        self.env["mail.blacklist"]._add("bob@example.com")
        self.assertEqual(self.mailing.optout_count, 2)
        row = self._row(self.mailing, self.ann)
        self.assertEqual(row.status, "unsubscribed")
        self.assertTrue(row.unsubscribed_date)

    def test_the_report_acts_on_the_addresses_that_were_ticked(self):
        Suppression = self.env["mailjet.suppression"]
        values = {"account_id": self.account.id, "origin": "mailjet"}
        Suppression.create({**values, "email": "cat@example.com"})
        self.env.flush_all()
        ticked = self.env["mailjet.suppression.report"].with_user(self.manager)
        ticked = ticked.search([("account_id", "=", self.account.id)])
        ids = ticked.ids
        Suppression.create({**values, "email": "ann@example.com"})
        self.env.flush_all()
        self.env.invalidate_all()
        ticked.browse(ids).action_exclude_on_both_sides()
        self.assertTrue(self.cat.massmailing_unsubscribed)
        self.assertFalse(self.ann.massmailing_unsubscribed)

    def test_the_report_pushes_only_what_was_ticked(self):
        self.account.push_exclusions = False
        self.people.with_user(self.user).write({"massmailing_unsubscribed": True})
        self.env.flush_all()
        rows = self.env["mailjet.suppression.report"].with_user(self.manager)
        rows = rows.search([("email", "=", "cat@example.com")])
        rows.action_exclude_on_both_sides()
        self._push()
        self.assertEqual(self.mailjet.excluded, {"cat@example.com"})
        self.assertFalse(self.account.push_exclusions)

    def test_records_cost_no_query_of_the_store(self):
        queries = []
        execute = Cursor.execute
        self.env["mailjet.consent.key"]._is_used()  # asked once by each process

        def listen(cursor, query, *args, **kwargs):
            queries.append(str(query))
            return execute(cursor, query, *args, **kwargs)

        self.env.flush_all()
        with patch.object(Cursor, "execute", listen):
            leads = self.env["crm.lead"].create(
                [{"name": "L", "email_from": "same@example.com"} for _number in "ab"]
            )
            leads.write({"name": "M", "email_from": "other@example.com"})
            partner = self.env["res.partner"].create({"name": "P", "email": "p@x.org"})
            partner.write({"email": "q@example.com", "active": False})
            leads.merge_opportunity()
            partner.unlink()
            self.env.flush_all()
        self.assertTrue(queries)
        words = ("mailjet_consent", " mail_blacklist", '"mail_blacklist"')
        asked = [q for q in queries if any(word in q for word in words)]
        self.assertEqual(asked, [])
        # The mark is read and written with the other columns, never alone.
        alone = [q for q in queries if q.count('"') < 16 and "massmailing_marked" in q]
        self.assertEqual(alone, [])

    def test_a_forgotten_refusal_holds_without_the_address(self):
        self._tell(self._event("unsub", ip="192.0.2.7"))
        Consent = self.env["mailjet.consent"]
        Consent._forget(["ann@example.com"])
        self.env.cr.execute(
            "SELECT c::text FROM mailjet_consent c"
            " WHERE digest IS NOT NULL OR email = 'ann@example.com'"
        )
        ((kept,),) = self.env.cr.fetchall()
        self.assertNotIn("ann@example.com", kept)
        self.assertNotIn("192.0.2.7", kept)
        self.assertTrue(self.ann.massmailing_unsubscribed)  # the record is there still
        self.env["mail.blacklist"].search([("email", "=", "ann@example.com")]).unlink()
        self.assertEqual(self._reason(self.ann), "unsubscribed")
        Consent._forget(["ann@example.com"])
        self.ann.unlink()
        again = self.env["res.partner"].create(
            {"name": "A", "email": "ANN@example.com"}
        )
        self.env.flush_all()
        self.assertIn("ann@example.com", Consent.search([]).mapped("email"))
        self.assertTrue(again.massmailing_unsubscribed)
        self.assertEqual(
            self.env["res.partner"].search(
                [("id", "=", again.id), ("massmailing_unsubscribed", "=", True)]
            ),
            again,
        )
