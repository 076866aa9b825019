from odoo import fields, models
from odoo.exceptions import UserError
from odoo.tools.translate import LazyTranslate

from ..sentence import say

_lt = LazyTranslate(__name__)


class MailjetCampaign(models.Model):
    """Whether the openings and clicks of a campaign are measured."""

    _inherit = "mailjet.campaign"

    is_unmeasured = fields.Boolean(
        string="Not measured",
        help="It is sent with tracking off: openings and clicks are not measured.",
    )
    # How Mailjet says that it was sent; not known before the date.
    tracking_date = fields.Datetime(string="Tracking read on")
    open_tracked = fields.Boolean(string="Openings tracked by Mailjet")
    click_tracked = fields.Boolean(string="Clicks tracked by Mailjet")

    def _note_tracking(self, row):
        """Compare how Mailjet has sent the campaign with what was wanted.

        :param dict row: Mailjet's, with ``OpenTracked`` and ``ClickTracked`` (0 or 1)
        """
        opens, clicks = row.get("OpenTracked"), row.get("ClickTracked")
        if opens is None or clicks is None:
            return
        self.write(
            {
                "tracking_date": fields.Datetime.now(),
                "open_tracked": bool(opens),
                "click_tracked": bool(clicks),
            }
        )
        self.account_id._note_tracking(not self.is_unmeasured, opens, clicks)

    def _assert_untracked(self):
        """Raise if the campaign must not be tracked and the last one was.

        :raise UserError: saying so
        """
        if self.is_unmeasured and self.account_id.tracking_fault == "tracked":
            raise UserError(
                say(
                    self.env,
                    _lt(
                        "Mailjet tracked the last campaign of “%s” although tracking "
                        "should be off there. Nothing was sent. Switch it off in the "
                        "account settings at Mailjet, confirm it on the page Health, "
                        "then click “Retry”.",
                        self.account_id.name,
                    ),
                )
            )
