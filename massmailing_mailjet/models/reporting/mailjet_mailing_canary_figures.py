from odoo import api, models
from odoo.exceptions import UserError
from odoo.tools import SQL, format_datetime
from odoo.tools.misc import formatLang

from ...const import SENT_STATUSES
from ...tools.sending_limits import LIMITS, find_excess
from ..recipients.mailjet_campaign_rows import find_rows_of

# How many loads are named.
NAMED_LOADS = 3


class MailjetMailing(models.Model):
    """What the first share of a mailing has shown, and which loads that is from."""

    _inherit = "mailjet.mailing"

    def get_canary(self):
        """Return how the first share of a mailing went.

        :return: dict of ``status``, a sentence on what happens next, empty if nothing
            is waited for; ``excess``, what has passed the limits: dicts of ``name``,
            ``sentence`` and ``loads``, sentences; ``waiting``, the number of recipients
            who wait; and ``can_decide``
        """
        self.ensure_one()
        self.check_access("read")
        mailing = self.sudo()
        rest = mailing._get_canary_rest()
        return {
            "status": mailing._say_canary_status(rest),
            "excess": [
                mailing._say_excess(found) for found in mailing.canary_excess or []
            ],
            "waiting": sum(rest.mapped("planned_count")),
            "can_decide": bool(rest) and self.has_access("write"),
        }

    def action_view_canary(self, name):
        """Open the recipients of the first share with a result.

        :param str name: of the result, one of ``LIMITS``
        :raise UserError: if there is no such result
        """
        self.ensure_one()
        self.check_access("read")
        if name not in LIMITS:
            raise UserError(self.env._("There is no such result."))
        domain = [
            ("mailing_id", "=", self.id),
            ("part_id", "in", self._get_first_share().ids),
            (f"{name}_date", "!=", False),
        ]
        return self.env["mailjet.recipient"]._get_people_action(
            self._name_result(name), domain
        )

    # === FIGURES === #

    def _get_first_share(self):
        """Return the campaigns to the first share."""
        return self.sudo().mailjet_campaign_ids.filtered("is_canary")

    def _find_canary_excess(self):
        counts = self._count_canary()
        sent = counts.pop("sent")
        return [
            {
                "name": name,
                "count": counts[name],
                "sent": sent,
                "loads": self._count_canary_loads(name),
            }
            for name in find_excess(counts, sent)
        ]

    def _count_canary(self):
        """Return the number of emails ``sent`` to the first share, and of people by
        result."""
        self.env.flush_all()
        results = [
            SQL("count(r.%s) AS %s", *map(SQL.identifier, (f"{name}_date", name)))
            for name in LIMITS
        ]
        (counts,) = self.env.execute_query_dict(
            SQL(
                """
                SELECT count(*) FILTER (WHERE r.status = ANY(%s)) AS sent, %s
                  FROM mailjet_recipient r WHERE %s
                """,
                list(SENT_STATUSES),
                SQL(", ").join(results),
                find_rows_of("r", self._get_first_share().ids),
            )
        )
        return counts

    def _count_canary_loads(self, name):
        """Return the names of the loads that the people with a result came from, with
        their numbers, the largest first."""
        rows = self.env.execute_query(
            SQL(
                """
                SELECT r.load_id, count(*)
                  FROM mailjet_recipient r
                 WHERE %s AND r.%s IS NOT NULL
              GROUP BY r.load_id ORDER BY count(*) DESC, r.load_id LIMIT %s
                """,
                find_rows_of("r", self._get_first_share().ids),
                SQL.identifier(f"{name}_date"),
                NAMED_LOADS,
            )
        )
        loads = self.env["mailjet.recipient.load"]
        return [
            [loads.browse(load_id or ()).name or "", count] for load_id, count in rows
        ]

    # === WORDS === #

    @api.model
    def _name_result(self, name):
        """Return what people call a result."""
        return {
            "bounced": self.env._("Bounces"),
            "blocked": self.env._("Blocked emails"),
            "unsubscribed": self.env._("Unsubscribes"),
            "complained": self.env._("Complaints"),
        }[name]

    def _say_canary_status(self, rest):
        if not rest:
            return ""
        if self.canary_excess:
            return self.env._("The rest is not sent until someone decides on it.")
        if self.canary_date:
            return self.env._(
                "The rest is sent on %s, unless the first share passes a limit.",
                format_datetime(self.env, self.canary_date, dt_format="short"),
            )
        if self._get_undecided():
            return self.env._(
                "The first share was canceled: the rest is not sent until someone "
                "decides on it."
            )
        return self.env._("The rest waits until the first share was sent.")

    def _say_excess(self, found):
        """Return the sentences about a result that has passed its limit."""
        name, count, sent = found["name"], found["count"], found["sent"]
        rate, limit = (
            formatLang(self.env, 100 * share, digits=2)
            for share in (count / sent, LIMITS[name])
        )
        return {
            "name": name,
            "sentence": self.env._(
                "%(result)s: %(count)s of %(sent)s emails, which is %(rate)s %% "
                "(limit: %(limit)s %%).",
                result=self._name_result(name),
                count=count,
                sent=sent,
                rate=rate,
                limit=limit,
            ),
            "loads": [
                self.env._("%(count)s from “%(load)s”", count=number, load=load)
                for load, number in found["loads"]
                if load
            ],
        }
