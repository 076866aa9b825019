from dataclasses import replace

from odoo import models
from odoo.exceptions import UserError
from odoo.tools import SQL
from odoo.tools.translate import LazyTranslate

from ..sentence import get_facts, say
from .const import UPLOAD_ROWS
from .mailjet_upload import OPEN_STATES
from .outcome import DONE, WAIT, Then, fail

_lt = LazyTranslate(__name__)

# How often a list with a wrong number of members is checked before giving up: for a
# minute or two, since Mailjet's counts may lag behind.
MEMBER_LOOKS = 12


class MailjetCampaign(models.Model):
    """The steps that upload the recipients to Mailjet, in chunks
    (``mailjet.upload``)."""

    _inherit = "mailjet.campaign"

    # === CHUNKS === #

    def _get_uploads(self, *states, limit=None):
        """Return the campaign's chunks, those in the given states if any are given."""
        domain = [("campaign_id", "in", self.ids)]
        if states:
            domain.append(("state", "in", states))
        return self.env["mailjet.upload"].search(domain, limit=limit)

    def _create_uploads(self):
        """Divide the campaign's rows to send into new chunks: those of a small one of
        several are all in one, which its list of them tells."""
        self.env.flush_all()
        if self.is_part and self.planned_count <= UPLOAD_ROWS:
            self._create_chunks(self._get_ends())
        else:
            self._cut_uploads(SQL("TRUE"), UPLOAD_ROWS)

    def _cut_uploads(self, condition, size):
        """Create chunks of the campaign's rows to send.

        :param SQL condition: which rows ``r``
        :param int size: how many rows a chunk holds at most
        """
        self.ensure_one()
        ranges = self.env.execute_query(
            SQL(
                """
                SELECT min(id), max(id)
                  FROM (SELECT id, (row_number() OVER (ORDER BY id) - 1) / %s AS chunk
                          FROM mailjet_recipient r
                         WHERE %s AND r.verdict = 'send' AND %s) numbered
              GROUP BY chunk ORDER BY chunk
                """,
                size,
                self._get_rows(),
                condition,
            )
        )
        self._create_chunks(ranges)

    def _create_chunks(self, ranges):
        """Create chunks.

        :param ranges: the ids of the first and the last row of each
        """
        self.env["mailjet.upload"].create(
            [
                {"campaign_id": self.id, "first_row": first, "last_row": last}
                for first, last in ranges
            ]
        )

    # === STEPS === #

    def _delivery_step_upload(self, client):
        """Upload the chunks one after the other: Mailjet runs one import at a time for
        a list."""
        upload = self._get_uploads(*OPEN_STATES, limit=1)
        if not upload:
            return DONE
        outcome = upload._advance(client)
        if upload.state == "done" and not self._get_uploads(*OPEN_STATES, limit=1):
            return replace(outcome, then=Then.NEXT)
        return outcome

    def _delivery_step_import(self, client):
        """Go on only if the list has as many members as were uploaded.

        :raise UserError: if Mailjet has rejected every address
        """
        Recipient = self.env["mailjet.recipient"]
        if Recipient.search_count(self._get_domain(("status", "=", "failed")), limit=1):
            self.mailing_id._update_counts()
        expected = Recipient.search_count(self._get_domain(("status", "=", "outgoing")))
        listed = client.count_members(self.mailjet_list_id)
        if not expected:
            raise UserError(
                say(self.env, _lt("Mailjet refused every address. Nothing was sent."))
            )
        if listed == expected:
            return DONE
        message = say(
            self.env,
            _lt(
                "Addresses expected: %(expected)s. Listed by Mailjet: %(listed)s.",
                expected=expected,
                listed=listed,
            ),
        )
        if self.member_looks < MEMBER_LOOKS:
            self.write(
                {
                    "member_looks": self.member_looks + 1,
                    "delivery_facts": get_facts(message),
                }
            )
            return WAIT
        self._get_uploads()._begin_again()
        self.delivery_step = "upload"
        return fail(
            say(
                self.env,
                _lt(
                    "%(figures)s Nothing was sent. “Retry” uploads the addresses "
                    "again. If the numbers still differ, check the list %(list)s at "
                    "Mailjet.",
                    figures=message,
                    list=self._get_list_name(),
                ),
            )
        )
