import hashlib
from datetime import timedelta
from itertools import count

from psycopg2.errors import UniqueViolation

from odoo import api, fields, models
from odoo.tools import SQL

from ...tools.written_links import find_written_links
from .mailjet_mailing_message import Message

# The fields of a message are read together, and only where one of them is needed.
MESSAGE = "message"

# How long a campaign may take to send after Mailjet has started: until then the values
# of its recipients stay unchanged.
SENDING = timedelta(hours=2)
SENDING_PER_ROW = timedelta(milliseconds=10)


class MailjetCampaign(models.Model):
    """The content of a campaign: it is composed once, when the mailing is being sent,
    and every later step reads that. Later changes of the mailing, its variables or
    anything else have no effect on it.

    Mailjet stores one value for each contact and property, for all of an account's
    campaigns. So that no campaign reads the values of another, the names of its
    properties contain an id of the database, and a slot that no other campaign of the
    account uses at that time.
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
    property_slot = fields.Integer()

    _property_slot_uniq = models.UniqueIndex(
        "(account_id, property_slot) WHERE property_slot > 0"
    )

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
        self._take_slot()
        self.env["mailjet.preference.key"]._ensure()
        content = self._get_content()
        written = content._compose_parts()
        message = content._compose(self.property_slot, written)
        self.write(
            {
                **{f"frozen_{part}": text for part, text in message._asdict().items()},
                "frozen_links": {"links": find_written_links(*written)},
            }
        )

    def _thaw_message(self):
        """Delete the frozen message, since the campaign is not sent."""
        parts = (*Message._fields, "links")
        self.write(
            {**{f"frozen_{part}": False for part in parts}, "property_slot": False}
        )

    def _get_written_links(self):
        """Return the links of the campaign, if they hold values of its recipients; for
        one that was never frozen they are computed now."""
        self.ensure_one()
        if not self.frozen_links:
            written = self._get_content()._compose_parts()
            self.frozen_links = {"links": find_written_links(*written)}
        return self.frozen_links["links"]

    # === SLOTS === #

    def _take_slot(self):
        """Take the smallest slot that no other campaign of the account uses."""
        self.env.flush_all()
        self._free_slots()
        taken = self._get_taken_slots()
        for slot in count(1):
            if slot not in taken and self._try_slot(slot):
                break
        self.invalidate_recordset(["property_slot"])

    def _free_slots(self):
        """Free the slots of campaigns that Mailjet will not send any more, except for
        rows that another transaction has locked."""
        self.env.cr.execute(
            SQL(
                """
                UPDATE mailjet_campaign SET property_slot = NULL WHERE id IN (
                    SELECT id FROM mailjet_campaign
                     WHERE account_id = %s AND property_slot > 0
                       AND state = 'done'
                       AND sent_date + %s + COALESCE(sent_count, 0) * %s < %s
                       FOR NO KEY UPDATE SKIP LOCKED)
                """,
                self.account_id.id,
                SENDING,
                SENDING_PER_ROW,
                fields.Datetime.now(),
            )
        )
        self.browse().invalidate_model(["property_slot"])

    def _get_taken_slots(self):
        rows = self.env.execute_query(
            SQL(
                """
                SELECT property_slot FROM mailjet_campaign
                 WHERE account_id = %s AND property_slot > 0 AND id <> %s
                """,
                self.account_id.id,
                self.id,
            )
        )
        return {slot for (slot,) in rows}

    def _try_slot(self, slot):
        """Take a slot and return whether it was free: another worker may have taken it
        since this transaction began, which only the unique index can tell."""
        try:
            with self.env.cr.savepoint(flush=False):
                self.env.cr.execute(
                    SQL(
                        "UPDATE mailjet_campaign SET property_slot = %s WHERE id = %s",
                        slot,
                        self.id,
                    )
                )
        except UniqueViolation:
            return False
        return True
