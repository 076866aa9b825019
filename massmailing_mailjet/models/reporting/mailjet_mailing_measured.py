from odoo import models
from odoo.tools.misc import formatLang

from ..counting import say_count


class MailjetMailing(models.Model):
    """Says of how many recipients the openings and clicks are known."""

    _inherit = "mailjet.mailing"

    def _get_measuring_notices(self):
        """Return remarks on who is measured, as sentences; none if everybody is."""
        notices = []
        if self.unmeasured_count:
            notices.append(self._say_measured())
        if self.unmeasured_opened_count:
            notices.append(
                say_count(
                    self.env,
                    self.unmeasured_opened_count,
                    self.env._(
                        "%(count)s recipient opened the email and then refused to be "
                        "measured: only this number is kept."
                    ),
                    self.env._(
                        "%(count)s recipients opened the email and then refused to be "
                        "measured: only this number is kept."
                    ),
                )
            )
        return notices

    def _say_measured(self):
        return say_count(
            self.env,
            self.measured_count,
            self.env._(
                "Openings and clicks are those of %(count)s measured recipient of "
                "%(total)s: the others have not agreed, or have refused."
            ),
            self.env._(
                "Openings and clicks are those of %(count)s measured recipients of "
                "%(total)s: the others have not agreed, or have refused."
            ),
            total=formatLang(self.env, self.delivered_count, digits=0),
        )
