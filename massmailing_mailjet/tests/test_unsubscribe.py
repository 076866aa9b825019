from freezegun import freeze_time

from odoo import fields
from odoo.tests import Form, tagged

from .common import MailjetCase


@tagged("post_install", "-at_install")
class TestUnsubscribe(MailjetCase):
    """The flag on contacts, accounts and leads."""

    def test_the_date_follows_the_flag(self):
        with freeze_time("2026-03-01 10:00:00"):
            self.ann.massmailing_unsubscribed = True
            self.env.flush_all()
        moment = fields.Datetime.to_datetime("2026-03-01 10:00:00")
        self.assertEqual(self.ann.massmailing_unsubscribed_date, moment)
        self.ann.massmailing_unsubscribed = True
        self.assertEqual(self.ann.massmailing_unsubscribed_date, moment)
        self.ann.with_user(self.user).massmailing_unsubscribed = False
        self.assertFalse(self.ann.massmailing_unsubscribed_date)

    def test_a_copy_is_a_new_person(self):
        self.ann.massmailing_unsubscribed = True
        other = self.ann.copy({"email": "other@example.com"})
        self.assertFalse(other.massmailing_unsubscribed)

    def test_the_forms_show_it(self):
        lead = self.env["crm.lead"].create({"name": "Lead"})
        for record in (self.ann, lead):
            with Form(record) as form:
                form.massmailing_unsubscribed = True
            self.assertTrue(record.massmailing_unsubscribed)

    def test_the_flag_is_excluded_at_loading(self):
        self.ann.massmailing_unsubscribed = True
        mailing = self._make_mailing(self.people)
        self.assertEqual(mailing.unsubscribed_count, 1)
        self.assertEqual(mailing.planned_count, 2)

    def test_taking_the_flag_away_lets_the_row_in_again(self):
        self.ann.massmailing_unsubscribed = True
        mailing = self._make_mailing(self.people)
        self.ann.with_user(self.user).massmailing_unsubscribed = False
        self.assertEqual(mailing.planned_count, 3)

    def test_the_flag_belongs_to_the_address(self):
        twin = self.ann.copy({"email": "ANN@example.com"})
        lead = self._make_lead("ann@example.com")
        twin.massmailing_unsubscribed = True
        records = (self.ann, twin, lead)
        self.assertTrue(all(record.massmailing_unsubscribed for record in records))
        self.assertFalse(self.bob.massmailing_unsubscribed)
        twin.unlink()
        mailing = self._make_mailing(self.people)
        self.assertEqual(self._rows(mailing)["ann@example.com"], "unsubscribed")
        lead.with_user(self.user).massmailing_unsubscribed = False
        self.assertFalse(self.ann.massmailing_unsubscribed)

    def test_merged_leads_stay_unsubscribed(self):
        leads = self.env["crm.lead"].create(
            [
                {
                    "name": name,
                    "email_from": f"{name}@example.com",
                    "partner_name": name,
                }
                for name in ("one", "two")
            ]
        )
        leads[1].massmailing_unsubscribed = True
        merged = leads.merge_opportunity()
        self.assertTrue(merged.massmailing_unsubscribed)

    def test_mailings_that_left_keep_their_verdicts(self):
        mailing = self._make_mailing(self.people)
        mailing.sudo().state = "done"
        self.ann.massmailing_unsubscribed = True
        self.assertEqual(mailing.planned_count, 3)
