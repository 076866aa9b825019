import json

from freezegun import freeze_time

from odoo.exceptions import ValidationError
from odoo.tests import tagged

from .unmeasured_common import UnmeasuredCase


@tagged("post_install", "-at_install")
class TestUnmeasured(UnmeasuredCase):
    """Who may not be measured gets a mailing from a key without tracking."""

    def test_those_who_refused_get_it_from_the_other_key(self):
        self._pair()
        self._choose("refused", "bob")
        mailing = self._make_mailing(self.people)
        campaigns = self._send_all(mailing)
        self.assertEqual(mailing.state, "done")
        self.assertEqual(self._get_keys(), {"public": {"ann", "cat"}, "quiet": {"bob"}})
        self.assertEqual(campaigns.account_id, self.account | self.quiet)
        quiet = campaigns.filtered("is_unmeasured")
        self.assertEqual(quiet.account_id, self.quiet)
        self.assertEqual(quiet.name, "Not measured")

    def test_whoever_refused_one_of_both_is_not_measured_at_all(self):
        self._pair()
        proof = {"text_id": self.store._get_text(self.env.company).id}
        self.store._choose(
            self.env.company,
            ["ann@example.com"],
            {"click": "refused"},
            "recipient",
            proof,
        )
        self._send_all(self._make_mailing(self.people))
        self.assertEqual(self._get_keys(), {"public": {"bob", "cat"}, "quiet": {"ann"}})

    def test_with_consent_only_everybody_else_does(self):
        self._pair()
        self.env.company.mailjet_measuring_rule = "consent"
        self._choose("granted", "ann")
        self._send_all(self._make_mailing(self.people))
        self.assertEqual(self._get_keys(), {"public": {"ann"}, "quiet": {"bob", "cat"}})

    def test_where_everybody_may_be_measured_it_is_one_campaign(self):
        self._pair()
        campaigns = self._send_all(self._make_mailing(self.people))
        self.assertEqual(len(campaigns), 1)
        self.assertFalse(campaigns.is_part)
        self.assertFalse(campaigns.is_unmeasured)

    def test_an_account_without_tracking_serves_alone(self):
        self.env.company.mailjet_measuring_rule = "consent"
        self.account.measures = "off"
        self.mailjet.set_key(open_tracked=0, click_tracked=0)
        mailing = self._make_mailing(self.people)
        campaigns = self._send_all(mailing)
        self.assertEqual(mailing.state, "done")
        self.assertEqual(len(campaigns), 1)
        self.assertTrue(campaigns.is_unmeasured)
        self.assertFalse(self.account.tracking_fault)

    def test_it_goes_with_other_divisions(self):
        self._pair()
        self._choose("refused", "bob")
        self.user.email = "seller@example.org"
        self.ann.user_id = self.user
        mailing = self._make_mailing(self.people, from_salesperson=True)
        campaigns = self._send_all(mailing)
        self.assertEqual(mailing.state, "done")
        self.assertEqual(len(campaigns), 3)
        self.assertEqual(self._get_keys()["quiet"], {"bob"})
        self.assertEqual(sum(campaigns.mapped("sent_count")), 3)

    # === CHECKS === #

    def _get_finding(self, mailing, code):
        mailing.step = "sending"
        found = mailing.get_checks(again=True)["findings"]
        return next((row for row in found if row["name"] == code), None)

    def test_without_such_a_key_sending_is_blocked(self):
        self._choose("refused", "bob")
        mailing = self._make_mailing(self.people)
        finding = self._get_finding(mailing, "not_measurable")
        self.assertEqual(finding["level"], "red")
        self.assertIn("1 recipient may not be measured", finding["sentence"])
        for words in ("tracking off", "second key", "another rule", "deselect"):
            self.assertIn(words, finding["advice"])
        with self.assertRefused("may not be measured"):
            mailing.action_send()
        action = mailing.action_open_finding("not_measurable")
        rows = self.env["mailjet.recipient"].with_user(self.user)
        self.assertEqual(
            rows.search(action["domain"]).mapped("email_normalized"),
            ["bob@example.com"],
        )

    def test_each_of_the_choices_unblocks_it(self):
        self._choose("refused", "bob")
        mailing = self._make_mailing(self.people)
        for choice in ("pair", "off", "deselect", "agree"):
            with self._case(choice=choice):
                self.assertTrue(self._get_finding(mailing, "not_measurable"))
                if choice == "pair":
                    self._pair()
                elif choice == "off":
                    self.account.measures = "off"
                elif choice == "deselect":
                    self._row(mailing, self.bob).selected = False
                else:
                    self._choose("granted", "bob")
                self.env.invalidate_all()
                self.assertFalse(self._get_finding(mailing, "not_measurable"))

    def test_the_sender_must_be_allowed_at_the_other_key(self):
        self._pair()
        self._choose("refused", "bob")
        self.quiet.sender_ids.status = "inactive"
        mailing = self._make_mailing(self.people)
        finding = self._get_finding(mailing, "unmeasured_sender")
        self.assertIn("Quiet account", finding["sentence"])
        self.assertEqual(finding["level"], "red")
        self._choose("granted", "bob")
        self.assertFalse(self._get_finding(mailing, "unmeasured_sender"))

    def test_each_account_has_a_quota_of_its_own(self):
        self._pair()
        self._choose("refused", "bob", "cat")
        self.account.monthly_limit = 1
        mailing = self._make_mailing(self.people)
        self.assertFalse(self._get_finding(mailing, "quota"))
        self.quiet.monthly_limit = 1
        self.assertTrue(self._get_finding(mailing, "quota:Quiet account"))
        self._choose("granted", "bob")
        self.assertTrue(self._get_finding(mailing, "quota"))

    def test_a_pair_is_of_one_company_and_the_other_is_without_tracking(self):
        with self.assertRaisesRegex(ValidationError, "tracking off"):
            self.quiet.measures = "on"
            self.account.unmeasured_account_id = self.quiet
        self.quiet.measures = "off"
        with self.assertRaisesRegex(ValidationError, "another account"):
            self.quiet.unmeasured_account_id = self.quiet
        self._pair()
        with self.assertRaisesRegex(ValidationError, "tracking off"):
            self.quiet.measures = "on"

    # === READ BACK === #

    def test_what_mailjet_did_is_read_back(self):
        self._pair()
        self._choose("refused", "bob")
        campaigns = self._send_all(self._make_mailing(self.people))
        quiet = campaigns.filtered("is_unmeasured")
        self.assertTrue(quiet.tracking_date)
        self.assertFalse(quiet.open_tracked or quiet.click_tracked)
        loud = campaigns - quiet
        self.assertTrue(loud.open_tracked and loud.click_tracked)
        self.assertFalse(self.account.tracking_fault or self.quiet.tracking_fault)

    def test_tracking_all_the_same_stops_the_next_campaign(self):
        self._pair()
        self._choose("refused", "bob")
        self.mailjet.set(tracking_reaches=0)
        # The next one is on its way already.
        following = self._make_mailing(self.people)
        following.action_schedule(self.clock.replace(year=self.clock.year + 1))
        mailing = self._make_mailing(self.people)
        self._send_all(mailing)
        self.assertEqual(mailing.state, "done")
        self.assertEqual(self.quiet.tracking_fault, "tracked")
        self.assertFalse(self.account.tracking_fault)
        blocked = self._make_mailing(self.people)
        with self.assertRefused("tracked the last campaign"):
            blocked.action_send()
        campaign = following.sudo().mailjet_campaign_ids
        campaign.write({"account_id": self.quiet.id, "is_unmeasured": True})
        with self.assertRefused("Nothing was sent"):
            campaign._assert_untracked()
        self.quiet.with_user(self.manager).action_confirm_tracking()
        campaign._assert_untracked()
        self.assertFalse(self._get_finding(blocked, "tracking_reaches"))

    def test_health_says_how_a_campaign_was_sent(self):
        Health = self.env["mailjet.health"].with_user(self.manager)

        def read(account):
            cards = Health.get_report(account.id)["running"]
            return {card["name"]: card for card in cards}.get("tracking")

        self.assertFalse(read(self.account))
        self.assertEqual(read(self.quiet)["state"], "unknown")
        self._pair()
        self._choose("refused", "bob")
        self._send_all(self._make_mailing(self.people))
        with freeze_time(self.clock):
            self.assertEqual(read(self.quiet)["state"], "ok")
        self.mailjet.set(tracking_reaches=0)
        self._send_all(self._make_mailing(self.people))
        card = read(self.quiet)
        self.assertEqual(card["state"], "broken")
        self.assertEqual(card["button"]["method"], "action_confirm_tracking")
        self.mailjet.set(tracking_reaches=1)
        self.mailjet.set_key(open_tracked=0)
        self._choose("granted", "bob")
        self._send_all(self._make_mailing(self.people))
        self.assertIn("not track", read(self.account)["sentence"])

    def test_an_answer_without_a_word_about_it_changes_nothing(self):
        campaigns = self._send_all(self._make_mailing(self.people))
        campaigns.tracking_date = False
        campaigns._note_tracking({"ID": 1})
        self.assertFalse(campaigns.tracking_date)

    # === THE OTHER KEY === #

    def test_opt_outs_are_pushed_to_the_key_that_has_sent(self):
        self._pair()
        self._choose("refused", "bob")
        self._send_all(self._make_mailing(self.people))
        self.bob.with_user(self.user).massmailing_unsubscribed = True
        self.ann.with_user(self.user).massmailing_unsubscribed = True
        push = self.env["mailjet.suppression"]
        self.assertEqual(push._find_opted_out(self.quiet), ["bob@example.com"])
        self.assertIn("ann@example.com", push._find_opted_out(self.account))

    def test_reports_of_the_other_key_reach_the_mailing(self):
        self._pair()
        self._choose("refused", "bob")
        mailing = self._make_mailing(self.people)
        quiet = self._send_all(mailing).filtered("is_unmeasured")
        event = {
            "event": "unsub",
            "time": int(self.clock.timestamp()),
            "MessageID": 95_420_017_985_181_303,
            "email": "bob@example.com",
            "customcampaign": f"mj.nl={quiet.mailjet_draft_id}",
        }
        opened = {**event, "event": "open"}
        body = json.dumps([event, opened]).encode()
        self.env["mailjet.event"]._receive(self.quiet, body)
        self.env["mailjet.feedback"]._apply(self.quiet)
        self.env.invalidate_all()
        self.assertEqual(self._row(mailing, self.bob).status, "unsubscribed")
        self.assertFalse(self._row(mailing, self.bob).opened_date)
        self.assertTrue(self.bob.massmailing_unsubscribed)
