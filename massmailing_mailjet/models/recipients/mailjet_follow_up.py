from odoo import api, models
from odoo.exceptions import UserError
from odoo.tools import SQL

from ...const import DEPARTED_STATUSES, KIND_FIGURES, KIND_MODEL, RECORD_SOURCES

# Which rows ``r`` of a mailing that was sent go into each kind of follow-up.
FOLLOW_UP_ROWS = {
    "rest": SQL("r.status = 'failed'"),
    "reminder": SQL("r.status = 'sent'"),
}


class MailjetFollowUp(models.AbstractModel):
    """Makes the mailing that follows another, with exactly the rows that it is for.

    A row goes into one follow-up of a kind, and a mailing has one open follow-up of a
    kind: both are unique in the database.
    """

    _name = "mailjet.follow.up"
    _description = "Mass mailing follow-up"

    @api.model
    def _open(self, origin, kind):
        """Return the open follow-up of a mailing; it is made when there is none.

        :param str kind: ``rest`` or ``reminder``
        :raise UserError: when there is nobody to mail, or the mailing was not sent
        """
        if origin.state != "done":
            raise UserError(
                self.env._("Only a mailing that was sent can have a follow-up.")
            )
        # Of two presses at one moment the second fails here, is tried again by Odoo,
        # and finds the follow-up that the first has made.
        self.env.flush_all()
        self.env.cr.execute(
            SQL(
                "UPDATE mailjet_mailing SET write_date = write_date WHERE id = %s",
                origin.id,
            )
        )
        existing = origin.with_context(active_test=False).search(
            [
                ("origin_id", "=", origin.id),
                ("follow_up_kind", "=", kind),
                ("state", "!=", "done"),
            ],
            limit=1,
        )
        return existing or self._create(origin, kind)

    @api.model
    def _has_answered(self, mailing):
        """Return the condition for a ``recipient`` of a mailing whose row in the first
        one no longer qualifies for a reminder: opened, complained, or bounced since."""
        if mailing.follow_up_kind != "reminder":
            return SQL("FALSE")
        return SQL(
            """
            NOT EXISTS (SELECT FROM mailjet_recipient first
                         WHERE first.id = recipient.source_id AND first.status = 'sent')
            """
        )

    @api.model
    def _create(self, origin, kind):
        names = {
            "rest": self.env._("%s (to those not reached)", origin.name),
            "reminder": self.env._("%s (reminder)", origin.name),
        }
        values = {
            "name": names[kind],
            "origin_id": origin.id,
            "follow_up_kind": kind,
            "step": "recipients",
        }
        follow_up = origin.browse(origin.sudo().copy(values).id)
        self._copy_exclusions(origin, follow_up)
        self._copy_rows(origin, follow_up)
        if kind == "rest":
            self._load_added(origin, follow_up)
        self.env["mailjet.recipient.load"].sudo()._after_release(follow_up)
        self._drop_empty_loads(follow_up)
        if not follow_up.recipient_count:
            raise UserError(self._explain_nobody(kind))
        return follow_up

    @api.model
    def _explain_nobody(self, kind):
        if kind == "reminder":
            return self.env._(
                "There are no recipients left who have not opened this mailing."
            )
        return self.env._(
            "There are no recipients left: everyone whom Mailjet refused has been "
            "mailed again, and the filters and targets find no one new."
        )

    @api.model
    def _copy_exclusions(self, origin, follow_up):
        """Leave out whom the first mailing left out."""
        for load in origin.sudo().load_ids.filtered(lambda r: r.mode == "leave_out"):
            copied = load.copy({"mailing_id": follow_up.id})
            self.env.flush_all()
            self.env.cr.execute(
                SQL(
                    """
                    INSERT INTO mailjet_exclusion
                           (load_id, mailing_id, email_normalized)
                    SELECT %s, %s, email_normalized
                      FROM mailjet_exclusion WHERE load_id = %s
                    """,
                    copied.id,
                    follow_up.id,
                    load.id,
                )
            )
        self.env["mailjet.exclusion"].invalidate_model()

    @api.model
    def _copy_rows(self, origin, follow_up):
        """Take over the rows that the follow-up is for, by kind."""
        for kind in KIND_FIGURES:
            self._create_load(follow_up, kind, origin.name)
        self.env.flush_all()
        self.env.cr.execute(
            SQL(
                """
                INSERT INTO mailjet_recipient (
                       mailing_id, load_id, kind, partner_id, lead_id, name, email,
                       email_normalized, record_issue, selected, verdict, status,
                       source_id, source_kind)
                SELECT l.mailing_id, l.id, r.kind, r.partner_id, r.lead_id, r.name,
                       r.email, r.email_normalized, r.record_issue, TRUE, 'send',
                       'pending', r.id, %(kind)s
                  FROM mailjet_recipient r
                  JOIN mailjet_recipient_load l
                    ON l.mailing_id = %(follow_up)s AND l.kind = r.kind
                   AND l.mode = 'add'
                 WHERE r.mailing_id = %(origin)s AND %(condition)s
              ORDER BY r.id
                    ON CONFLICT DO NOTHING
                """,
                kind=follow_up.follow_up_kind,
                follow_up=follow_up.id,
                origin=origin.id,
                condition=FOLLOW_UP_ROWS[follow_up.follow_up_kind],
            )
        )
        self.env["mailjet.recipient"].invalidate_model()

    # === WHOM THE LOADS FIND SINCE === #

    @api.model
    def _load_added(self, origin, follow_up):
        """Load whom the first mailing's filters and targets find only now. One that
        cannot be evaluated any more is named in the chatter."""
        for load in origin.load_ids.filtered("can_refresh"):
            if load.mode == "leave_out":
                continue
            try:
                query = load._find()
            except UserError as error:
                follow_up.sudo().message_post(body=str(error))
                continue
            query.add_where(self._is_new(origin, load.kind))
            name = self.env._("Since then: %s", load.name)
            added = self._create_load(follow_up, load.kind, name)
            self.env.flush_all()
            added._insert_rows(query)

    @api.model
    def _is_new(self, origin, kind):
        """Return the condition for a record that no mailing of the line has a row of,
        and whose address none of them has reached."""
        model = KIND_MODEL[kind]
        table = self.env[model]._table
        return SQL(
            """
            NOT EXISTS (SELECT FROM mailjet_recipient r
                         WHERE r.mailing_id = ANY(%(family)s)
                           AND (%(link)s = %(record)s
                                OR r.email_normalized = %(email)s
                                   AND r.status IN %(departed)s))
            """,
            family=origin._get_family().ids,
            link=SQL.identifier("r", RECORD_SOURCES[model]["link"]),
            record=SQL.identifier(table, "id"),
            email=SQL.identifier(table, "email_normalized"),
            departed=DEPARTED_STATUSES,
        )

    @api.model
    def _create_load(self, follow_up, kind, name):
        return (
            self.env["mailjet.recipient.load"]
            .sudo()
            .create(
                {
                    "mailing_id": follow_up.id,
                    "kind": kind,
                    "name": name,
                    "user_id": self.env.uid,
                }
            )
        )

    @api.model
    def _drop_empty_loads(self, follow_up):
        follow_up.sudo().load_ids.filtered(
            lambda load: load.mode == "add" and not load.found_count
        ).unlink()
