from odoo.exceptions import UserError
from odoo.tests import tagged

from .retention_common import ANN, BOB, CAT, RetentionCase


@tagged("post_install", "-at_install")
class TestRetentionArchive(RetentionCase):
    """Whoever does not answer is archived and erased, once a manager confirms it."""

    def setUp(self):
        super().setUp()
        self._search()
        self.mailing = self._ask_and_send()
        self.lead = self._make_lead(ANN, user_id=self.manager.id)
        self._age(self.lead)

    def _get_contacts(self):
        """Return the addresses of people that Mailjet has."""
        contacts = self.mailjet.column("SELECT email FROM contact")
        return {email for email in contacts if email.endswith("@example.com")}

    def test_nobody_is_archived_within_the_time_to_answer(self):
        with self._pass_time(days=29):
            self._search()
        self.assertEqual(set(self._read().values()), {"asked"})
        with self.assertRefused("can be archived yet"):
            self._confirm(self.store.search([]))

    def test_the_dialog_says_how_much_is_archived(self):
        self._expire()
        wizard = self._confirm(self._find())
        counts = (wizard.prospect_count, wizard.contact_count, wizard.lead_count)
        self.assertEqual(counts, (1, 1, 1))

    def test_who_does_not_answer_is_archived_and_erased(self):
        self._expire()
        self.assertEqual(self._get_contacts(), {ANN, BOB, CAT})
        row = self._find()
        self._confirm(row)
        self._run_archive()
        self.assertFalse(self.ann.active or self.lead.active)
        self.assertTrue(self.bob.active)
        self.assertEqual(self._get_contacts(), {BOB, CAT})
        self.assertEqual((row.state, row.email), ("archived", False))
        self.assertEqual(row.confirmed_user_id, self.manager)
        self.assertFalse(self.env["mailjet.contact.deletion"].search([]))
        recipients = self.env["mailjet.recipient"].search(
            [("mailing_id", "=", self.mailing.id)]
        )
        self.assertNotIn(ANN, recipients.mapped("email_normalized"))
        self.assertIn("without contact", self.ann.message_ids[0].body)
        record = self.env["mailjet.consent.record"].with_user(self.manager)
        acts = [text for _date, _user, text in record._get_acts(ANN)]
        self.assertIn("Archived after a long time without contact", acts)

    def test_opt_outs_survive(self):
        opt_out = {"email": ANN, "cause": "unsubscribed", "date": self.clock}
        self.env["mailjet.consent"]._opt_out([opt_out], "program")
        self._expire()
        self._confirm(self._find())
        self._run_archive()
        self.assertFalse(self.env["mailjet.consent"].search([("email", "=", ANN)]))
        found = self.env["mailjet.consent"]._get_opt_outs([ANN])
        self.assertEqual(found[ANN]["cause"], "unsubscribed")

    def test_a_contact_after_the_confirmation_keeps_the_address(self):
        self._expire()
        self._confirm(self.store.search([("email", "in", (ANN, BOB))]))
        self._age(self.lead, self.clock)
        self._answer(BOB, keep="1")
        self._run_archive()
        self.assertTrue(self.ann.active and self.bob.active)
        self.assertEqual(self._read(), {ANN: "kept", BOB: "kept", CAT: "expired"})
        self.assertEqual(self._get_contacts(), {ANN, BOB, CAT})

    def test_an_address_is_left_if_a_record_may_not_be_changed(self):
        self.env["ir.rule"].create(
            {
                "name": "All but Ann",
                "model_id": self.env["ir.model"]._get("res.partner").id,
                "domain_force": str([("id", "!=", self.ann.id)]),
                "perm_read": False,
            }
        )
        self._expire()
        self._confirm(self.store.search([("email", "in", (ANN, BOB))]))
        self._run_archive()
        self.assertTrue(self.ann.active and self.lead.active)
        self.assertFalse(self.bob.active)
        row = self._find()
        self.assertEqual(row.state, "expired")
        self.assertEqual(row.issue, "You may not change these records: Ann Ash.")
        self.assertEqual(self._get_contacts(), {ANN, CAT})

    def test_records_of_colleagues_are_not_named(self):
        self.lead.user_id = self.user
        self._expire()
        self._confirm(self._find())
        self._run_archive()
        self.assertTrue(self.ann.active and self.lead.active)
        self.assertIn("may not see", self._find().issue)

    def test_a_record_that_odoo_refuses_stops_no_other(self):
        self._expire()

        refusal = "Not this one."

        def refuse(records):
            if self.bob in records:
                raise UserError(refusal)
            return archive(records)

        archive = type(self.bob).action_archive
        self.patch(self.registry["res.partner"], "action_archive", refuse)
        self._confirm(self.store.search([]))
        self._run_archive()
        self.assertEqual(self.people.filtered("active"), self.bob)
        self.assertEqual(self._find(BOB).issue, refusal)
        self.assertEqual(self._read()[BOB], "expired")

    def test_mailjet_is_asked_again_when_it_does_not_answer(self):
        self._expire()
        self._confirm(self.store.search([]))
        self.mailjet.fail("DELETE contacts/*", "500", skip=1)
        self._run_archive()
        self.assertFalse(self.people.filtered("active"))
        waiting = self.env["mailjet.contact.deletion"].search([])
        self.assertEqual(len(waiting), 2)
        with self._pass_time(hours=1):
            self._run_archive()
        self.assertFalse(waiting.exists())
        self.assertFalse(self._get_contacts())

    def test_mailjet_keeps_a_contact_as_long_as_a_mailing_needs_it(self):
        self._expire()
        other = self._make_mailing(self.people)
        self.assertEqual(other.action_send() and other.state, "in_queue")
        self.env["mailjet.contact.deletion"]._add(self.company, [ANN])
        self._run_archive()
        self.assertIn(ANN, self._get_contacts())
        other.action_cancel()
        self._run_archive()
        self.assertNotIn(ANN, self._get_contacts())

    def test_an_erased_address_is_not_listed_any_more(self):
        self.env["mailjet.erasure"]._erase((self.ann, self.lead), [ANN])
        self.assertNotIn(ANN, self._read())
