from odoo import api, fields, models
from odoo.tools import format_datetime

from ...const import EDITABLE_STATES
from ...tools.portion_dates import to_utc
from ..counting import say_count
from .mailjet_mailing_partition import MAX_CAMPAIGNS
from .mailjet_mailing_portions import DATE_FIELDS

# The values of a campaign that are shown where they differ from those of the mailing.
SHOWN_VALUES = ("subject", "sender_email")


class MailjetMailing(models.Model):
    """The campaigns of a mailing in a table: before sending, those that it would be
    sent as; then how far each of them is."""

    _inherit = "mailjet.mailing"

    def get_campaign_table(self, settings=None):
        """Return the campaigns that a mailing is divided into, or would be.

        Before it is sent, the recipients to send to are counted, which takes a moment
        for large mailings.

        :param dict settings: values of ``DATE_FIELDS`` that are not stored yet
        :return: dict of ``rows``, none if it is sent as one campaign, and ``problem``,
            a sentence if it cannot be sent like this. Each row is a dict of ``id``
            (False before it exists), ``name``, ``date`` (UTC; False for at once),
            ``wait`` (what decides on the date, if there is none yet), ``planned``,
            ``sent``, ``state``, ``label``, ``message``, ``subject`` and ``sender``
            (empty if they are the mailing's), ``actions``: see
            :meth:`.MailjetCampaign._get_actions`, and ``figures``, empty before it is
            sent: see :meth:`.MailjetCampaign._get_table_figures`
        """
        self.ensure_one()
        self.check_access("read")
        mailing = self.sudo()
        parts = mailing.mailjet_campaign_ids.filtered("is_part")
        if not parts:
            return mailing._plan_campaigns(settings or {})
        may_act = self.has_access("write")
        rows = [
            {**part._get_table_row(), "actions": may_act and part._get_actions() or []}
            for part in parts.sorted("sequence")
        ]
        return {"rows": self._name_rows(rows), "problem": ""}

    @api.model
    def _name_rows(self, rows):
        """Give a name to the row of the recipients that nothing distinguishes."""
        name = (
            self.env._("Other recipients")
            if len(rows) > 1
            else self.env._("All recipients")
        )
        return [{**row, "name": row["name"] or name} for row in rows]

    def _plan_campaigns(self, settings):
        is_editable = self.state in EDITABLE_STATES
        if not (is_editable or self.state == "in_queue"):
            return {"rows": [], "problem": ""}
        known = DATE_FIELDS & settings.keys() if is_editable else ()
        mailing = self._with_own_values({name: settings[name] for name in known})
        divisions = mailing._get_divisions()
        counts = mailing._count_parts(divisions) if divisions else {}
        if problem := mailing._say_campaign_excess(len(counts)):
            return {"rows": [], "problem": str(problem)}
        rows = [
            mailing._get_plan_row(mailing._get_part(divisions, number), count)
            for number, count in counts.items()
        ]
        return {"rows": self._name_rows(rows), "problem": ""}

    @api.model
    def _get_plan_row(self, part, count):
        """Return the row of the table for a combined part of the recipients."""
        own = part.values.get("own_values", {})
        wait = self._say_wait(part.values)
        date = not wait and part.values.get("schedule_date", self.schedule_date)
        return {
            "id": False,
            "name": str(part.name),
            "date": fields.Datetime.to_string(date),
            "wait": wait,
            "planned": count,
            "sent": 0,
            "state": "draft",
            "label": self.env._("Planned"),
            "message": "",
            **get_own(own),
            "figures": [],
            "actions": [],
        }

    # === THE CONFIRMATION === #

    def _say_dates(self, date=False):
        """Return when the portions of a mailing would be sent, in a sentence; an empty
        text if it is sent all at once.

        :param datetime date: when it begins, in UTC; now by default
        """
        mailing = self._with_own_values({"schedule_date": date})
        sentences = []
        if self.send_mode == "portions":
            sentences.append(mailing._say_portions(mailing._get_portions()))
        if self.in_recipient_zone and (date or sentences):
            sentences.append(
                self.env._("The time is meant in each recipient's time zone.")
            )
        return " ".join(sentences)

    def _say_portions(self, portions):
        if len(portions) > MAX_CAMPAIGNS:
            return self.env._(
                "That would be more than %s portions: choose larger ones.",
                MAX_CAMPAIGNS,
            )
        zone = self._get_zone()
        first, last = (
            format_datetime(self.env, to_utc(moment, zone), dt_format="short")
            for moment, _size in (portions[0], portions[-1])
        )
        return say_count(
            self.env,
            len(portions),
            self.env._("%(count)s portion, on %(first)s."),
            self.env._(
                "%(count)s portions of up to %(size)s emails, from %(first)s to "
                "%(last)s."
            ),
            first=first,
            last=last,
            size=max(size for _moment, size in portions),
        )


def get_own(values):
    """Return the subject and the sender of a campaign, empty if they are the
    mailing's."""
    subject, sender = (values.get(name) or "" for name in SHOWN_VALUES)
    return {"subject": subject, "sender": sender}
