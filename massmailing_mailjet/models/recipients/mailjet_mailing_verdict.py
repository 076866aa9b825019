from odoo import models

from .verdict_addresses import find_excluded

# What users write on a mailing that the verdicts depend on.
VERDICT_FIELDS = ("frequency_cap_days", "topic_id")


class MailjetMailing(models.Model):
    """What the verdicts depend on that is the mailing's own: they are recomputed when
    it changes."""

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

    def _get_omissions(self):
        """Yield what the mailing itself excludes: a reason, and the query of the
        addresses, see ``verdict_addresses.find_omitted``."""
        if "exclude" in self.load_ids.mapped("mode"):
            yield "excluded_target", find_excluded(self.id)

    def _has_moved(self, since):
        """Return whether what the mailing excludes may have changed since then, though
        neither a record nor an opt-out did."""
        return False


def _get_values(mailing, names):
    return [mailing[name] for name in names]
