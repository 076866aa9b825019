from odoo.tests import tagged

from .feedback_common import SENT_AT
from .measuring_common import READER_IP, MeasuringCase


@tagged("post_install", "-at_install")
class TestMeasuringDoor(MeasuringCase):
    """Openings and clicks that may not be measured are kept nowhere."""

    def test_what_nobody_allowed_is_not_even_stored(self):
        self._set_rule("consent")
        self._receive(self._react("open"), self._react("click"))
        self.assertEqual(self._find_address(READER_IP), [])
        self.assertFalse(self.env["mailjet.event"].search([]))
        self._apply()
        self.assertNothingMeasured()
        self.assertFiguresAreRight()

    def test_what_was_allowed_is(self):
        self._set_rule("consent")
        self._choose("granted")
        self._tell(self._react("open"), self._react("click"))
        row = self._get_row()
        self.assertEqual(row.status, "clicked")
        self.assertTrue(row.opened_date)
        self.assertEqual(row.click_count, 1)

    def test_everything_else_is_applied(self):
        self._set_rule("consent")
        self._tell(self._event("sent"), self._react("open"), self._event("unsub"))
        row = self._get_row()
        self.assertEqual(row.status, "unsubscribed")
        self.assertTrue(row.delivered_date)
        self.assertTrue(self.ann.massmailing_unsubscribed)
        self._tell(self._event("hard", "bob@example.com"))
        self.assertEqual(self._get_row("bob@example.com").status, "bounced")

    def test_openings_and_clicks_are_told_apart(self):
        self._set_rule("consent")
        self._choose("granted", kinds=["click"])
        self._tell(self._react("open"), self._react("machine"), self._react("click"))
        row = self._get_row()
        self.assertNothingMeasured(kinds=["open"])
        self.assertEqual(row.click_count, 1)
        self.assertEqual(row.status, "clicked")

    def test_a_recipient_in_france_is_measured_only_with_consent(self):
        self._set_rule("unless_refused")
        self.ann.country_id = self.env.ref("base.fr")
        self._tell(self._react("open"), self._react("open", "bob@example.com"))
        self.assertNothingMeasured()
        self.assertEqual(self._get_row("bob@example.com").status, "opened")

    def test_what_is_known_of_no_mailing_is_dropped_as_well(self):
        self._set_rule("consent")
        self._receive(self._react("open") | {"customcampaign": "mj.nl=1"})
        self.assertFalse(self.env["mailjet.event"].search([]))

    def test_what_belongs_to_no_company_is_measured_as_the_strictest_allows(self):
        self._set_rule("unless_refused")
        self.account.company_id = False
        unknown = self._react("open") | {"customcampaign": "mj.nl=1"}
        company = self.env["res.company"].create({"name": "Strict"})
        company.mailjet_measuring_rule = "consent"
        self._receive(unknown)
        self.assertFalse(self.env["mailjet.event"].search([]))
        self._receive(self._react("open"))
        self.assertTrue(self.env["mailjet.event"].search([]))

    def test_a_refusal_between_receiving_and_applying(self):
        self._set_rule("unless_refused")
        self._receive(self._react("open"), self._react("click"))
        self._set_rule("consent")
        self._apply()
        self.assertNothingMeasured()
        self.assertEqual(self._find_address(READER_IP), [])

    def test_a_campaign_with_tracking_off_measures_nobody(self):
        self._set_rule("all")
        self.campaign.is_unmeasured = True
        self._tell(self._react("open"), self._react("click"))
        self.assertNothingMeasured()

    def test_the_status_of_a_message_only_proves_its_delivery(self):
        self._set_rule("consent")
        self._choose("granted", "bob@example.com")
        reported = [
            ("ann@example.com", "clicked", SENT_AT, ""),
            ("bob@example.com", "clicked", SENT_AT, ""),
        ]
        self.env["mailjet.sync.message"]._apply(self.mailing, reported)
        self.env.invalidate_all()
        self.assertNothingMeasured()
        self.assertEqual(self._get_row().status, "sent")
        self.assertTrue(self._get_row().delivered_date)
        self.assertEqual(self._get_row("bob@example.com").status, "clicked")

    # === WITHDRAWN === #

    def test_a_refusal_erases_what_was_measured_before(self):
        self._set_rule("unless_refused")
        self._tell(
            self._event("sent"),
            self._react("open"),
            self._react("click"),
            self._react("machine", minutes=3),
            self._react("open", "bob@example.com"),
        )
        self._choose("refused")
        self.assertNothingMeasured()
        self.assertEqual(self._get_row().status, "sent")
        self.assertEqual(self._get_row("bob@example.com").status, "opened")
        self.assertFiguresAreRight()
        self.assertEqual(self.mailing.opened_count, 1)
        self.assertEqual(self.mailing.unmeasured_opened_count, 1)
        self.assertEqual(self.mailing.unmeasured_clicked_count, 1)
        self.assertEqual(self.mailing.link_ids.click_count, 1)
        self._tell(self._react("open", minutes=9))
        self.assertNothingMeasured()

    def test_the_status_falls_back_to_what_else_is_known(self):
        self._set_rule("unless_refused")
        self._tell(self._event("hard"), self._react("open", minutes=2))
        self.assertEqual(self._get_row().status, "opened")
        self._choose("refused")
        self.assertEqual(self._get_row().status, "bounced")
        self._tell(
            self._react("open", "bob@example.com"),
            self._event("unsub", "bob@example.com"),
        )
        self._choose("refused", "bob@example.com")
        self.assertEqual(self._get_row("bob@example.com").status, "unsubscribed")
        self.assertFiguresAreRight()

    def test_refused_clicks_leave_the_openings(self):
        self._set_rule("unless_refused")
        self._tell(self._react("open"), self._react("click"))
        self._choose("refused", kinds=["click"])
        self.assertNothingMeasured(kinds=["click"])
        self.assertEqual(self._get_row().status, "opened")
        self._tell(self._react("click", "bob@example.com"))
        self._choose("refused", "bob@example.com", kinds=["click"])
        self.assertNothingMeasured("bob@example.com")
        self.assertFiguresAreRight()

    def test_waiting_events_are_erased_as_well(self):
        self._set_rule("unless_refused")
        self._receive(self._react("open"), self._event("sent"))
        self._choose("refused")
        self.assertEqual(self._find_address(READER_IP), [])
        self._apply()
        self.assertNothingMeasured()
        self.assertTrue(self._get_row().delivered_date)
