from datetime import timedelta

from odoo import api, fields, models
from odoo.tools.misc import hmac

# Over which time acts are counted.
PERIOD = timedelta(hours=1)


class MailjetRateLimit(models.Model):
    """Counts what strangers do on public pages. Each is counted alone, so that nobody
    can use up what is for others; neither addresses nor links are kept."""

    _name = "mailjet.rate.limit"
    _description = "Rate limit of a public page"
    _log_access = False

    actor = fields.Char(required=True, readonly=True, export_string_translation=False)
    date = fields.Datetime(required=True, readonly=True)

    _actor_date_idx = models.Index("(actor, date)")

    @api.model
    def _is_reached(self, actor, limit):
        """Count an act, and return whether there were too many within the hour.

        :param tuple actor: what it is counted for
        :param int limit: how many acts are allowed
        """
        now = fields.Datetime.now()
        digest = hmac(self.env(su=True), "mailjet_rate_limit", actor)
        recent = [("actor", "=", digest), ("date", ">", now - PERIOD)]
        if self.search_count(recent, limit=limit) >= limit:
            return True
        self.create({"actor": digest, "date": now})
        return False

    @api.autovacuum
    def _gc_acts(self):
        self.search([("date", "<", fields.Datetime.now() - PERIOD)]).unlink()
