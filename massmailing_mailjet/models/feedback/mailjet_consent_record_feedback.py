from odoo import api, models

# What Mailjet has reported of an email, by the fields of its row.
REPORTED = (
    "delivered_date",
    "opened_date",
    "last_opened_date",
    "open_count",
    "machine_open_count",
    "clicked_date",
    "last_clicked_date",
    "bounced_date",
    "blocked_date",
    "bounce_reason_text",
    "complained_date",
    "unsubscribed_date",
)


class MailjetConsentRecord(models.AbstractModel):
    """Adds what Mailjet has reported to the mailings of a consent record."""

    _inherit = "mailjet.consent.record"

    @api.model
    def _get_facts_of_row(self, row):
        return [
            *super()._get_facts_of_row(row),
            *self._get_facts(row, REPORTED),
            *(
                (
                    self.env._("Clicked on %s", self._show_date(click.clicked_date)),
                    click.link_id.url,
                )
                for click in row.click_ids
            ),
        ]
