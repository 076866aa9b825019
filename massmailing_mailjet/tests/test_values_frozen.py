from datetime import timedelta

from odoo.exceptions import AccessError
from odoo.tests import tagged

from .mailjet import UPLOAD
from .migration_script import load
from .values_common import ValuesCase


@tagged("post_install", "-at_install")
class TestFrozen(ValuesCase):
    """A mailing says what it said when it was sent."""

    def test_nothing_that_changes_later_changes_the_email(self):
        self.env["res.lang"]._activate_lang("fr_FR")
        campaign = self.env["utm.campaign"].create({"title": "Autumn"})
        variable = self._make_variable("contact", "city", fallback="nowhere")
        mailing = self._make_mailing(
            self.people,
            campaign_id=campaign.id,
            body_code='<p>In $contacts-x$</p><a href="https://example.com">x</a>',
        )
        preview = mailing.get_preview()
        email = preview["person"]["email"]
        name, locale = mailing.name, mailing._get_language()
        self._hold_back(mailing)
        variable.write({"field_path": "name", "fallback": "other", "active": False})
        self.user.write({"lang": "fr_FR", "tz": "Asia/Tokyo"})
        campaign.name = "Winter"
        mailing.write(
            {
                "name": "Other",
                "user_id": self.manager.id,
                "campaign_id": self.env["utm.campaign"].create({"title": "X"}).id,
            }
        )
        self._run_later(minutes=2)
        self.assertEqual(mailing.state, "done")
        (draft,) = self.mailjet.drafts
        self.assertEqual((draft["title"], draft["locale"]), (name, locale))
        self.assertEqual(
            self._deliver(mailing, email),
            (preview["subject"], preview["html"], preview["text"]),
        )
        self.assertIn("utm_campaign=Autumn", preview["html"])
        self.assertEqual(mailing.get_preview(False)["html"], preview["html"])

    def test_what_is_taken_back_is_composed_anew(self):
        mailing = self._make_mailing(self.people)
        mailing.action_schedule(self.clock + timedelta(hours=1))
        self._run_later(minutes=45)
        campaign = mailing.sudo().mailjet_campaign_ids
        self.assertTrue(campaign.frozen_values)
        self.assertEqual(self._get_slots(mailing), [1])
        mailing.action_cancel()
        self._run_later(minutes=1)
        self.assertEqual(mailing.state, "draft")
        self.assertFalse(mailing.mailjet_campaign_ids)
        mailing.subject = "Anew"
        self.assertEqual(mailing.get_preview()["subject"], "Anew")

    def test_what_was_frozen_is_not_for_users_to_write(self):
        mailing = self._make_mailing(self.people)
        mailing.action_send()
        for name in ("frozen_html", "frozen_values"):
            with self.subTest(name), self.assertRaises(AccessError):
                mailing.mailjet_campaign_ids.write({name: False})

    def test_a_mailing_of_before_is_composed_when_needed(self):
        mailing = self._make_mailing(self.people)
        self._hold_back(mailing)
        mailing.sudo().mailjet_campaign_ids._thaw_message()
        self.env.flush_all()
        self._migrate()
        self.assertEqual(mailing.delivery_step, "properties")
        self._run_later(minutes=2)
        self.assertEqual(self.mailjet.count(UPLOAD), 2)
        self.assertSentOnce(mailing)
        self.assertEqual(self._deliver(mailing, "ann@example.com")[0], "Hello Ann")

    def test_a_mailing_of_before_keeps_what_mailjet_has(self):
        mailing = self._make_mailing(self.people)
        mailing.action_schedule(self.clock + timedelta(hours=1))
        self._run_later(minutes=45)
        mailing.sudo().mailjet_campaign_ids._thaw_message()
        self.env.flush_all()
        self._migrate()
        self.assertEqual(mailing.delivery_step, "scheduled")

    def _migrate(self):
        load("19.0.1.1.0/post-values").migrate(self.env.cr, "19.0.1.0.0")
        self.env.invalidate_all()
