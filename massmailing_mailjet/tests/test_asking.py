from odoo.exceptions import UserError
from odoo.tests import new_test_user, tagged

from ..tools.preference_links import PREFERENCES
from .asking_common import AskingCase


@tagged("post_install", "-at_install")
class TestAsking(AskingCase):
    """The mailing that asks for permission to measure, from the button that makes it to
    what is known of it afterwards."""

    def _get_findings(self, mailing):
        mailing.step = "sending"
        found = mailing.get_checks(again=True)["findings"]
        return {row["name"]: row for row in found}

    def _get_card(self, user):
        Health = self.env["mailjet.health"].with_user(user)
        cards = Health.get_report(self.account.id)["running"]
        return next((card for card in cards if card["name"] == "asking"), None)

    # === WHERE IT IS MADE === #

    def test_health_offers_it_where_consent_is_needed(self):
        manager = new_test_user(
            self.env, "asking", "massmailing_mailjet.mailjet_group_manager"
        )
        self.account.last_sync = self.clock
        self.env.company.mailjet_measuring_rule = "all"
        self.assertFalse(self._get_card(manager))
        self.env.company.mailjet_measuring_rule = "consent"
        card = self._get_card(manager)
        self.assertEqual(card["state"], "unknown")
        self.assertIn("Nobody has been asked yet", card["sentence"])
        method = getattr(self.account.with_user(manager), card["button"]["method"])
        mailing = self.env["mailjet.mailing"].browse(method()["res_id"])
        self.assertEqual(mailing.purpose, "measuring")
        self.assertEqual(mailing.account_id, self.account)
        self.assertEqual(mailing.company_id, self.account.company_id)
        self._send_at_once(self._make_asking(self.people))
        card = self._get_card(manager)
        self.assertEqual(card["state"], "ok")
        self.assertIn("Last asked on", card["sentence"])

    def test_the_list_of_choices_offers_it(self):
        action = self.env["mailjet.measuring"].with_user(self.manager).action_ask()
        mailing = self.env["mailjet.mailing"].browse(action["res_id"])
        self.assertEqual(mailing.purpose, "measuring")
        self.assertEqual(mailing.user_id, self.manager)

    # === CHECKS === #

    def test_without_an_account_for_it_sending_is_blocked(self):
        mailing = self._make_asking(self.people)
        self.assertNotIn("asking_measured", self._get_findings(mailing))
        self.account.unmeasured_account_id = False
        for rule in ("all", "consent"):
            self.env.company.mailjet_measuring_rule = rule
            found = self._get_findings(mailing)
            self.assertNotIn("not_measurable", found)
            self.assertEqual(found["asking_measured"]["level"], "red")
            self.assertIn("must not be measured", found["asking_measured"]["sentence"])
            with self.assertRefused("must not be measured"):
                mailing.action_send()

    def test_an_email_without_the_question_is_found(self):
        mailing = self._make_asking(self.people)
        self.assertNotIn("no_question", self._get_findings(mailing))
        mailing.body_html = "<p>Hello</p>"
        found = self._get_findings(mailing)
        self.assertEqual(found["no_question"]["level"], "amber")
        self.assertIn("#measuring", found["no_question"]["advice"])
        mailing.write(
            {"composition": "html", "body_code": f"<a href='{PREFERENCES}'>Choose</a>"}
        )
        self.assertNotIn("no_question", self._get_findings(mailing))
        ordinary = self._make_mailing(self.people)
        self.assertNotIn("no_question", self._get_findings(ordinary))

    # === WHAT MAKES NO SENSE FOR IT === #

    def test_there_is_no_ab_test(self):
        mailing = self._make_asking()
        self.assertFalse(mailing.get_versions()["letters"]["missing"])
        with self.assertRaisesRegex(UserError, "is not measured"):
            mailing.action_add_letter()
        self.assertTrue(self._make_mailing().get_versions()["letters"]["missing"])

    def test_there_are_no_known_non_openers(self):
        mailing = self._make_asking(self.people)
        self._send_at_once(mailing)
        counts = mailing.get_follow_up_counts()
        self.assertEqual((counts["reminder"], counts["unmeasured"]), (0, 3))
        with self.assertRaisesRegex(UserError, "not measured"):
            mailing.action_resend()

    # === WHAT IS KNOWN AFTERWARDS === #

    def test_openings_and_clicks_of_it_are_dropped(self):
        mailing = self._make_asking(self.people)
        self._send_at_once(mailing)
        self.mailjet.happen("ann@example.com", "open")
        self.mailjet.happen("ann@example.com", "click", url="https://example.com")
        self._run_later(minutes=1)
        row = self._row(mailing, self.ann)
        self.assertFalse(row.opened_date or row.clicked_date)

    def test_the_consent_record_says_when_an_address_was_asked(self):
        self._send_at_once(self._make_asking(self.ann))
        Record = self.env["mailjet.consent.record"].with_user(self.manager)
        for email, count in (("ann@example.com", 1), ("bob@example.com", 0)):
            parts = Record._get_record(email)["parts"]
            (part,) = [part for part in parts if "Asked for" in part["title"]]
            self.assertEqual(len(part["entries"]), count)
            for entry in part["entries"]:
                self.assertEqual(entry["title"], "Permission to measure")
                self.assertTrue(dict(entry["facts"])["Sent on"])
