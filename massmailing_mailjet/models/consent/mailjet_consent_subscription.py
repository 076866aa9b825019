from odoo import api, fields, models
from odoo.tools import SQL

from ...const import RECIPIENT_CAUSES
from .mailjet_consent import normalize

# An opt-out of one topic, or a pause that is not over yet at a time.
PARTIAL = "c.topic_id IS NOT NULL OR c.until_date > %s"


class MailjetConsent(models.Model):
    """What an address receives: everything, nothing, all but some topics, or nothing
    until a pause is over; and what recipients change of it themselves."""

    _inherit = "mailjet.consent"

    @api.model
    def _get_subscription(self, email, company):
        """Return what an address has left in a company: ``everything``, its heaviest
        opt-out of all mailings as a dict or None; ``topics``, the opt-outs of the
        company's topics by their ids; ``paused_until``, a datetime or None."""
        email = normalize(email)
        rows = self._find_partial([email])
        pauses = [row["until_date"] for row in rows if row["until_date"]]
        topics = [row for row in rows if row["company_id"] == company.id]
        return {
            "everything": self._get_opt_outs([email]).get(email),
            "topics": {row["topic_id"]: row for row in topics},
            "paused_until": max(pauses, default=None),
        }

    @api.model
    def _find_partial(self, emails):
        """Return the active opt-outs of topics, each with the company of the topic, and
        the pauses of addresses, as dicts."""
        partial = SQL(PARTIAL, fields.Datetime.now())
        return self.env.execute_query_dict(
            SQL(
                """
                SELECT f.key AS email, f.id, f.cause, f.topic_id, t.company_id,
                       f.until_date, f.date, f.mailing_id, f.reason, f.comment
                  FROM (%s) f LEFT JOIN mailjet_topic t ON t.id = f.topic_id
              ORDER BY f.date, f.id
                """,
                self._find_active(emails, partial),
            )
        )

    # === CHANGES BY RECIPIENTS === #

    @api.model
    def _change_by_recipient(
        self, email, company, left_everything, left_topic_ids, pause_until, proof
    ):
        """Make an address receive exactly what its recipient has chosen: end what they
        take back, and add what is new.

        What recipients cannot take back stays: complaints, bounces, and that someone
        blacklisted them. So do their opt-outs of archived topics, which they did not
        see, and of other companies' topics.

        :param left_topic_ids: ids of the company's topics; others are ignored
        :param pause_until: a datetime; None, or one that has passed, for no pause
        :param dict proof: ``ip``, ``agent``, ``mailing_id``, ``reason``, ``comment``
        """
        email, now = normalize(email), fields.Datetime.now()
        store = self.sudo().with_company(company)
        store.env["mailjet.consent.key"]._recall([email])
        topics = store.env["mailjet.topic"].search([("company_id", "=", company.id)])
        left = {key for key in topics.ids if key in left_topic_ids}
        if left_everything:
            left.add(False)
        until_date = max(pause_until or now, now).replace(microsecond=0)
        taken_back = store._find_taken_back(email, topics, left, until_date)
        base = {**proof, "email": email, "cause": "unsubscribed", "date": now}
        opt_outs = [{**base, "topic_id": key} for key in sorted(left)]
        if until_date > now:
            opt_outs.append({**base, "cause": "paused", "until_date": until_date})
        store._opt_out(opt_outs, "recipient")
        store.env["mailjet.consent.lift"]._lift_by_recipient(taken_back, proof)

    @api.model
    def _find_taken_back(self, email, topics, left, until_date):
        """Return the active opt-outs of an address that recipients may lift and that
        are not chosen any more. A shorter pause does not matter.

        :param topics: what the recipient could choose from
        :param left: ids of the chosen topics, False for everything
        :param until_date: the end of the chosen pause; now for none
        """
        found = self.search(
            [
                ("email", "=", email),
                ("ended_date", "=", False),
                ("cause", "in", RECIPIENT_CAUSES),
                ("topic_id", "in", [False, *topics.ids]),
            ]
        )
        return found.filtered(
            lambda r: (
                r.until_date > until_date if r.until_date else r.topic_id.id not in left
            )
        )
