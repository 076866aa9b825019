from odoo.tests import tagged

from .feedback_common import DRAFT, FeedbackCase


@tagged("post_install", "-at_install")
class TestCampaignFigures(FeedbackCase):
    """The figures of the campaigns that a mailing was sent as."""

    def setUp(self):
        super().setUp()
        names = ("name", "sequence", "mailjet_draft_id")
        first, second = (
            dict(zip(names, values, strict=True), is_part=True)
            for values in (("North", 1, str(DRAFT)), ("South", 2, str(DRAFT + 1)))
        )
        self.campaign.write({**first, "planned_count": 2, "sent_count": 2})
        self.south = self.campaign.copy(
            {**second, "planned_count": 1, "sent_count": 1, "state": "done"}
        )
        for row in self._recipients():
            is_south = row.partner_id == self.cat
            row.campaign_id = self.south if is_south else self.campaign

    def _tell_south(self, *kinds):
        self._tell(
            *(
                self._event(
                    kind, "cat@example.com", customcampaign=f"mj.nl={DRAFT + 1}"
                )
                for kind in kinds
            )
        )

    def _get_figures(self):
        """Return pairs of count and rate by the name of the campaign."""
        rows = self.mailing.with_user(self.user).get_campaign_table()["rows"]
        return {
            row["name"]: {
                figure["name"].removesuffix("_count"): (figure["count"], figure["rate"])
                for figure in row["figures"]
            }
            for row in rows
        }

    def test_each_campaign_has_figures_of_its_own(self):
        self._tell(
            self._event("sent"),
            self._event("open"),
            self._event("click"),
            self._event("hard", "bob@example.com"),
        )
        self._tell_south("sent", "unsub")
        self.assertFiguresAreRight()
        self.assertEqual(
            self._get_figures(),
            {
                "North": {
                    "delivered": (1, 0.5),
                    "opened": (1, 1),
                    "clicked": (1, 1),
                    "bounced": (1, 0.5),
                    "optout": (0, 0),
                },
                "South": {
                    "delivered": (1, 1),
                    "opened": (0, 0),
                    "clicked": (0, 0),
                    "bounced": (0, 0),
                    "optout": (1, 1),
                },
            },
        )

    def test_figures_are_those_of_the_rows_after_every_report(self):
        """In any order, however often, and for what was erased."""
        for kinds in (
            ("soft", "sent"),
            ("open", "sent", "open"),
            ("click",),
            ("hard", "sent"),
            ("spam", "unsub"),
        ):
            with self.subTest(kinds=kinds):
                for kind in kinds:
                    self._tell(self._event(kind))
                    self._tell_south(kind)
                    self.assertFiguresAreRight()
        for kind in ("click", "open"):
            self.env["mailjet.recipient.tracking"]._erase_measured(
                self.env.company.id, ["ann@example.com", "cat@example.com"], kind
            )
            self.assertFiguresAreRight()

    def test_openings_are_a_share_of_those_who_are_measured(self):
        rows = self._recipients().filtered(lambda row: row.partner_id != self.ann)
        rows.is_unmeasured = True
        self._tell(
            self._event("open"),
            self._event("sent", "bob@example.com"),
        )
        self._tell_south("sent")
        figures = self._get_figures()
        self.assertEqual(figures["North"]["delivered"], (2, 1))
        self.assertEqual(figures["North"]["opened"], (1, 1))
        self.assertEqual(figures["South"]["opened"], (0, False))
        self.assertEqual(figures["South"]["clicked"], (0, False))

    def test_what_was_not_sent_has_no_figures(self):
        self.south.write({"state": "in_queue", "delivery_step": "list"})
        self.assertEqual(self._get_figures()["South"], {})
