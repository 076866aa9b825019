from odoo import models

# What users write on a mailing that the verdicts depend on.
VERDICT_FIELDS = ("frequency_cap_days", "topic_id")


class MailjetMailing(models.Model):
    """Recomputes the verdicts when the mailing changes what they depend on."""

    _inherit = "mailjet.mailing"

    def write(self, vals):
        names = [name for name in VERDICT_FIELDS if name in vals]
        if not names:
            return super().write(vals)
        self._check_editable()
        before = {mailing: _get_values(mailing, names) for mailing in self}
        result = super().write(vals)
        verdicts = self.env["mailjet.verdict"].sudo()
        for mailing, values in before.items():
            if mailing.recipient_count and values != _get_values(mailing, names):
                verdicts._recompute_verdicts(mailing, recount=False)
        return result


def _get_values(mailing, names):
    return [mailing[name] for name in names]
