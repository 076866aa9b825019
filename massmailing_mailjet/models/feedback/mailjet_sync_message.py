from odoo import api, fields, models
from odoo.tools import SQL

from ...tools.mailjet_dates import parse_date
from ...tools.mailjet_vocabulary import DELIVERY_ERROR_IDS, MESSAGE_FACTS
from ...tools.webhook_events import DEFERRAL
from .mailjet_recipient_tracking import COUNTS, EARLIEST, FAILURE_TIME, LATEST

# The dates that a fact of ``MESSAGE_FACTS`` sets: to the time of the sync, as Mailjet
# does not report when it happened. That is later than the true time, which a webhook
# may still report, and the earliest date counts.
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
# The kind of measuring that a date needs.
MEASURED = {"opened_date": "open", "clicked_date": "click"}


class MailjetSyncMessage(models.AbstractModel):
    """Applies Mailjet's current status of each email to the recipients of a mailing:
    Mailjet returns nothing else when asked."""

    _name = "mailjet.sync.message"
    _description = "Mailjet messages"

    @api.model
    def _read_message(self, message, with_reactions):
        """Return a message's address, fact (or None), time, and error.

        :param bool with_reactions: whether an opening or a click counts as a person's;
            if the openings and clicks are going to be fetched one by one, it only
            proves that the email was delivered
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
        """Return the fact of a bounce: None while Mailjet keeps trying."""
        is_final = is_hard or bool(message.get("StatePermanent"))
        if error == DEFERRAL:
            return "soft" if is_final else None
        return "hard" if is_final else "soft"

    @api.model
    def _apply(self, mailing, reported, source="sync"):
        """Apply what Mailjet reports of addresses to the recipients.

        :param reported: tuples of address, fact, time, error
        :param source: where it was found, one of ``const.CONSENT_SOURCES``
        """
        reported = {item[0]: item for item in reported if item[0] and item[1]}
        if not reported:
            return
        self.env.flush_all()
        opt_outs = self._find_opt_outs(mailing, reported.values())
        self.env["mailjet.recipient.tracking"]._merge(
            self._tracking_facts(mailing, reported.values())
        )
        self.env["mailjet.consent"]._opt_out(opt_outs, source)

    @api.model
    def _reported_rows(self, reported):
        emails, facts, dates, errors = (
            list(part) for part in zip(*reported, strict=True)
        )
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
    def _tracking_facts(self, mailing, reported):
        """Return the query of facts for :meth:`MailjetRecipientTracking._merge`. An
        opening is attributed to a machine if only machines are known to have opened the
        email; one that may not be measured only proves the delivery."""
        now = fields.Datetime.now()
        columns = {name: SQL("NULL::timestamp") for name in (*EARLIEST, *LATEST)}
        columns |= {name: SQL("0") for name in COUNTS}
        is_measured = self.env["mailjet.measuring"]._is_measured
        for name, facts in FILLS.items():
            by_person = SQL("")
            if name in MEASURED:
                by_person = SQL(
                    "AND NOT (t.fact IN ('opened', 'clicked')"
                    " AND COALESCE(r.machine_open_count, 0) > 0) AND %s",
                    is_measured(MEASURED[name]),
                )
            columns[name] = SQL(
                "CASE WHEN t.fact IN %s %s THEN %s END",
                facts,
                by_person,
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
            "SELECT r.ctid AS row_ctid, %s %s",
            SQL(", ").join(
                SQL("%s AS %s", value, SQL.identifier(name))
                for name, value in columns.items()
            ),
            self._recipients(mailing, reported),
        )

    @api.model
    def _recipients(self, mailing, reported):
        return SQL(
            """
            FROM %s JOIN mailjet_recipient r ON r.mailing_id = %s
             AND r.email_normalized = t.email AND r.status <> 'pending'
            """,
            self._reported_rows(reported),
            mailing.id,
        )

    @api.model
    def _find_opt_outs(self, mailing, reported):
        """Return the opt-outs that were not known yet: those who have been opted in
        again since then stay in."""
        condition = SQL(" OR ").join(
            SQL("t.fact = %s AND %s", fact, SQL(unknown))
            for fact, (_cause, unknown) in CAUSES.items()
        )
        rows = self.env.execute_query(
            SQL(
                "SELECT t.email, t.fact %s WHERE %s",
                self._recipients(mailing, reported),
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
