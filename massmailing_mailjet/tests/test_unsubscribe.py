from freezegun import freeze_time

from odoo import fields
from odoo.tests import Form

from .common import MailjetCase


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
        self.ann.massmailing_unsubscribed = False
        self.assertFalse(self.ann.massmailing_unsubscribed_date)

    def test_a_copy_is_a_new_person(self):
        self.ann.massmailing_unsubscribed = True
        self.assertFalse(self.ann.copy().massmailing_unsubscribed)

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
        self.ann.massmailing_unsubscribed = False
        self.assertEqual(mailing.planned_count, 3)

    def test_mailings_that_left_keep_their_verdicts(self):
        mailing = self._make_mailing(self.people)
        mailing.sudo().state = "done"
        self.ann.massmailing_unsubscribed = True
        self.assertEqual(mailing.planned_count, 3)
