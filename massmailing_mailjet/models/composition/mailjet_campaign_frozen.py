import hashlib

from odoo import api, fields, models

from ...tools.written_links import find_written_links
from .mailjet_mailing_message import Message

# The fields of a message are read together, and only where one of them is needed.
MESSAGE = "message"


class MailjetCampaign(models.Model):
    """The content of a campaign: it is composed once, when the mailing is being sent,
    and every later step reads that. Later changes of the mailing, its variables or
    anything else have no effect on it.

    So that no mailing reads the values of another, the names of its contact properties
    contain an id of the database, and a slot: see ``mailjet.property.slot``.
    """

    _inherit = "mailjet.campaign"

    version_id = fields.Many2one(
        "mailjet.version", ondelete="restrict", help="None for the mailing's own email."
    )
    frozen_subject = fields.Char(prefetch=MESSAGE)
    frozen_html = fields.Text(prefetch=MESSAGE)
    frozen_text = fields.Text(prefetch=MESSAGE)
    frozen_preview = fields.Char(prefetch=MESSAGE)
    frozen_title = fields.Char(prefetch=MESSAGE)
    frozen_locale = fields.Char(prefetch=MESSAGE)
    frozen_values = fields.Json(prefetch=MESSAGE)
    # The links as typed, if some hold values of recipients.
    frozen_links = fields.Json(prefetch=MESSAGE)

    @api.model
    def _get_property_owner(self):
        """Return what distinguishes this database's contact properties from those of
        another database that uses the same account."""
        database = self.env["mailjet.account"]._get_database() or ""
        return hashlib.sha256(database.encode()).hexdigest()[:6]

    def _get_message(self):
        """Return the frozen :class:`Message`, or None if there is none yet, or if
        sending was stopped."""
        self.ensure_one()
        if not self.frozen_values:
            return None
        found = (self[f"frozen_{part}"] for part in Message._fields)
        return Message(*(part or "" for part in found))

    def _get_content(self):
        """Return the mailing as this campaign sends it: with a version and values of
        its own, if it has any, on a record that is not stored."""
        self.ensure_one()
        return self.mailing_id._with_version(self.version_id, self.own_values)

    def _freeze_message(self):
        """Compose the message once and for all."""
        self.ensure_one()
        self.env["mailjet.preference.key"]._ensure()
        slot = self.env["mailjet.property.slot"]._take(self.mailing_id, self.account_id)
        content = self._get_content()
        written = content._compose_parts()
        message = content._compose(slot, written)
        self.write(
            {
                **{f"frozen_{part}": text for part, text in message._asdict().items()},
                "frozen_links": {"links": find_written_links(*written)},
            }
        )

    def _thaw_message(self):
        """Delete the frozen message, since the campaign is not sent."""
        parts = (*Message._fields, "links")
        self.write({f"frozen_{part}": False for part in parts})

    def _get_written_links(self):
        """Return the links of the campaign, if they hold values of its recipients; for
        one that was never frozen they are computed now."""
        self.ensure_one()
        if not self.frozen_links:
            written = self._get_content()._compose_parts()
            self.frozen_links = {"links": find_written_links(*written)}
        return self.frozen_links["links"]
