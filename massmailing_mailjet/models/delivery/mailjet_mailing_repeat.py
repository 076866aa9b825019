from odoo import models
from odoo.fields import Command


class MailjetMailing(models.Model):
    """What a follow-up is sent as. It has the versions in other languages, and the
    sender of each recipient, as the first mailing does. It is no A/B test: everyone
    gets the version that was better.

    A reminder is sent at once, since what a small share or portions are to protect from
    was found out. Those who were not reached may be the most of a mailing that was
    stopped: they are sent to as they would have been.
    """

    _inherit = "mailjet.mailing"

    def _get_follow_up_values(self, kind):
        values = super()._get_follow_up_values(kind)
        if kind == "reminder":
            values["send_mode"] = "once"
        if not self._get_letters():
            return values
        letter = self.ab_winner or self._find_winner()[0]
        copies = self._get_translations().copy_data()
        return {
            **values,
            **self._list_letters()[letter]._get_values(),
            "version_ids": [Command.create(copied) for copied in copies],
        }
