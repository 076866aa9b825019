from itertools import product

from odoo.tests import tagged
from odoo.tools import SQL

from ..const import RECIPIENT_STATUSES, STATUS_FACTS
from ..models.recipients.mailjet_recipient_status import (
    TRANSITIONS,
    find_reported_status,
)
from .common import MailjetCase

# What may be known of an email, from little to much: facts are only ever added, and of
# two failures the worse one counts.
KNOWN = {
    "complained_date": (False, True),
    "unsubscribed_date": (False, True),
    "clicked_date": (False, True),
    "opened_date": (False, True),
    "delivered_date": (False, True),
    "failure": (None, "blocked", "soft", "hard"),
}


@tagged("post_install", "-at_install")
class TestRecipientStatus(MailjetCase):
    """The table of the statuses that each status may become."""

    def _find_statuses(self, old_status):
        """Return the status by what is known of an email."""
        cases = list(product(*KNOWN.values()))
        rows = [(*case, number) for number, case in enumerate(cases)]
        columns = [
            SQL(
                "CASE WHEN %s THEN now() END AS %s",
                SQL.identifier("known", name),
                SQL.identifier(name),
            )
            for name in list(KNOWN)[:-1]
        ]
        statuses = self.env.execute_query(
            SQL(
                """
                SELECT %(status)s FROM (
                    SELECT %(old)s AS old_status, number, %(columns)s,
                           CASE WHEN failure = 'blocked' THEN now() END AS blocked_date,
                           CASE WHEN failure IN ('soft', 'hard') THEN now()
                            END AS bounced_date,
                           CASE WHEN failure IN ('soft', 'hard') THEN failure
                            END AS bounce_type
                      FROM (VALUES %(rows)s) AS known (%(names)s, number)) facts
              ORDER BY number
                """,
                status=find_reported_status(),
                old=old_status,
                columns=SQL(", ").join(columns),
                names=SQL(", ").join(map(SQL.identifier, KNOWN)),
                rows=SQL(", ").join(SQL("%s", row) for row in rows),
            )
        )
        return dict(zip(cases, [status for (status,) in statuses], strict=True))

    def test_the_table_has_every_status(self):
        names = {name for name, _label in RECIPIENT_STATUSES}
        self.assertEqual(TRANSITIONS.keys(), names)
        self.assertEqual(set().union(*TRANSITIONS.values()), names)

    def test_the_table_allows_all_that_can_be_reported(self):
        """Whatever is known of an email, and whatever is reported then."""
        later = self._find_statuses("pending")
        for old_status in TRANSITIONS:
            first = self._find_statuses(old_status)
            for known, status in first.items():
                if status == "pending":
                    self.assertFalse(any(known))
                if old_status not in ("pending", "outgoing", "failed"):
                    continue
                for more, following in later.items():
                    if any(known) and self._is_more(more, known):
                        self.assertIn(following, {status, *TRANSITIONS[status]})

    def _is_more(self, more, known):
        """Return whether one is known after the other."""
        return all(
            values.index(new) >= values.index(old)
            for values, new, old in zip(KNOWN.values(), more, known, strict=True)
        )

    def test_the_first_fact_that_holds_is_the_status(self):
        nothing = dict.fromkeys(KNOWN, False) | {"failure": None}
        everything = dict.fromkeys(KNOWN, True) | {"failure": "hard"}
        statuses = self._find_statuses("outgoing")
        self.assertEqual(statuses[tuple(nothing.values())], "outgoing")
        self.assertEqual(statuses[tuple(everything.values())], STATUS_FACTS[0][0])

    def test_a_status_that_may_not_come_is_refused(self):
        mailing = self._make_mailing(self.people)
        Recipient = self.env["mailjet.recipient"]
        everything = SQL("r.mailing_id = %s", mailing.id)
        with self.assertRaises(ValueError):
            Recipient._set_status(("complained",), "outgoing", everything)
        self.assertEqual(Recipient._set_status(("outgoing",), "sent", everything), 0)

    def test_rows_are_released_from_every_status(self):
        mailing = self._make_mailing(self.people)
        rows = self.env["mailjet.recipient"].search([("mailing_id", "=", mailing.id)])
        for status in TRANSITIONS:
            rows.sudo().status = status
            rows.sudo()._release()
            self.assertEqual(set(rows.mapped("status")), {"pending"})
