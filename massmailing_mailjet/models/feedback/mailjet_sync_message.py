from odoo import api, fields, models
from odoo.tools import SQL

from ...tools.mailjet_dates import parse_date
from ...tools.mailjet_vocabulary import DELIVERY_ERROR_IDS, MESSAGE_FACTS
from ...tools.webhook_events import DEFERRAL
from .mailjet_recipient_tracking import COUNTS, EARLIEST, FAILURE_TIME, LATEST

# The dates that a fact of ``MESSAGE_FACTS`` fills in: with the time of asking, as
# Mailjet does not tell when it was. It is later than the true one, which a webhook may
# still bring, and the earliest date counts.
FILLS = {
    "delivered_date": ("delivered", "opened", "clicked", "unsubscribed", "complained"),
    "opened_date": ("opened", "clicked"),
    "clicked_date": ("clicked",),
    "unsubscribed_date": ("unsubscribed",),
    "complained_date": ("complained",),
    "blocked_date": ("blocked",),
}
CAUSES = {
    "unsubscribed": ("unsubscribed", "r.unsubscribed_date IS NULL"),
    "complained": ("complained", "r.complained_date IS NULL"),
    "hard": ("bounced", "r.bounce_type IS DISTINCT FROM 'hard'"),
}
REACTIONS = ("opened", "clicked")


class MailjetPullMessage(models.AbstractModel):
    """Adds to the recipients of a mailing what Mailjet says of each e-mail when it is
    asked: one current status, and no more."""

    _name = "mailjet.pull.message"
    _description = "Mailjet messages"

    @api.model
    def _read_message(self, message, with_reactions):
        """Return a message's address, fact (or None), time, and error.

        :param bool with_reactions: whether an opening or a click is taken for a
            person's; where each is going to be asked for, it says no more than that
            the e-mail was delivered
        """
        fact = MESSAGE_FACTS.get(message.get("Status"))
        error = DELIVERY_ERROR_IDS.get(message.get("StateID"), "")
        if fact in ("soft", "hard"):
            fact = self._read_bounce(fact == "hard", message, error)
        if fact in REACTIONS and not with_reactions:
            fact = "delivered"
        return (
            (message.get("ContactAlt") or "").lower(),
            fact,
            parse_date(message.get("ArrivedAt")),
            error,
        )

    @api.model
    def _read_bounce(self, is_hard, message, error):
        """Return the fact of a bounce: none while Mailjet tries again."""
        is_final = is_hard or bool(message.get("StatePermanent"))
        if error == DEFERRAL:
            return "soft" if is_final else None
        return "hard" if is_final else "soft"

    @api.model
    def _apply(self, mailing, told, source="pull"):
        """Add to the recipients what Mailjet says of their addresses.

        :param told: tuples of address, fact, time, error
        :param source: where it was found, one of ``const.CONSENT_SOURCES``
        """
        told = {item[0]: item for item in told if item[0] and item[1]}
        if not told:
            return
        self.env.flush_all()
        refusals = self._find_refusals(mailing, told.values())
        self.env["mailjet.trace"]._merge(self._facts(mailing, told.values()))
        self.env["mailjet.consent"]._opt_out(refusals, source)

    @api.model
    def _told(self, told):
        emails, facts, dates, errors = (list(part) for part in zip(*told, strict=True))
        return SQL(
            """
            unnest(%s::text[], %s::text[], %s::timestamp[], %s::text[])
            AS t (email, fact, date, error)
            """,
            emails,
            facts,
            dates,
            errors,
        )

    @api.model
    def _facts(self, mailing, told):
        """Return the query of facts for :meth:`MailjetTrace._merge`. An opening of
        which only machines are known is theirs."""
        now = fields.Datetime.now()
        columns = {name: SQL("NULL::timestamp") for name in (*EARLIEST, *LATEST)}
        columns |= {name: SQL("0") for name in COUNTS}
        for name, facts in FILLS.items():
            by_machine = SQL(
                "AND NOT (t.fact IN ('opened', 'clicked')"
                " AND COALESCE(r.machine_open_count, 0) > 0)"
                if name in ("opened_date", "clicked_date")
                else ""
            )
            columns[name] = SQL(
                "CASE WHEN t.fact IN %s %s THEN %s END",
                facts,
                by_machine,
                SQL("COALESCE(t.date, %s)", now)
                if name == "delivered_date"
                else SQL("%s::timestamp", now),
            )
        columns["failure"] = SQL(
            """
            CASE WHEN t.fact IN ('hard', 'soft', 'blocked')
                 THEN CASE t.fact WHEN 'hard' THEN '1' WHEN 'soft' THEN '2' ELSE '3' END
                      || to_char(%s::timestamp, %s) || t.error END
            """,
            now,
            FAILURE_TIME,
        )
        return SQL(
            "SELECT r.ctid AS place, %s %s",
            SQL(", ").join(
                SQL("%s AS %s", value, SQL.identifier(name))
                for name, value in columns.items()
            ),
            self._recipients(mailing, told),
        )

    @api.model
    def _recipients(self, mailing, told):
        return SQL(
            """
            FROM %s JOIN mailjet_recipient r ON r.mailing_id = %s
             AND r.email_normalized = t.email AND r.status <> 'pending'
            """,
            self._told(told),
            mailing.id,
        )

    @api.model
    def _find_refusals(self, mailing, told):
        """Return who refuses further mailings and was not known to: who has been let
        in again since then stays in."""
        condition = SQL(" OR ").join(
            SQL("t.fact = %s AND %s", fact, SQL(unknown))
            for fact, (_cause, unknown) in CAUSES.items()
        )
        rows = self.env.execute_query(
            SQL(
                "SELECT t.email, t.fact %s WHERE %s",
                self._recipients(mailing, told),
                condition,
            )
        )
        return [
            {
                "email": email,
                "cause": CAUSES[fact][0],
                "date": fields.Datetime.now(),
                "mailing_id": mailing.id,
            }
            for email, fact in rows
        ]
