from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL

from ...const import FOLLOW_UPS
from ..counting import say_count
from .const import KIND_COUNTS


class MailjetMailing(models.Model):
    """A follow-up: a mailing to exactly those recipients whom a first mailing did not
    reach, or who did not open it.

    A row goes into one follow-up of each kind, and a mailing has one open follow-up of
    each kind: the database enforces both.
    """

    _inherit = "mailjet.mailing"

    origin_id = fields.Many2one(
        "mailjet.mailing",
        string="First mailing",
        ondelete="set null",
        index="btree_not_null",
        readonly=True,
        copy=False,
        help="The mailing that this one follows up.",
    )
    follow_up_kind = fields.Selection(
        FOLLOW_UPS, string="Follow-up", readonly=True, copy=False
    )
    follow_up_count = fields.Integer(
        string="Follow-ups", compute="_compute_follow_up_count"
    )

    # Two users who press the button at the same moment get the same follow-up.
    _open_follow_up_uniq = models.UniqueIndex(
        "(origin_id, follow_up_kind) WHERE origin_id IS NOT NULL AND state <> 'done'"
    )

    @api.depends("state")
    def _compute_follow_up_count(self):
        groups = dict(
            self._read_group(
                [("origin_id", "in", self.ids)], ["origin_id"], ["__count"]
            )
        )
        for mailing in self:
            mailing.follow_up_count = groups.get(mailing, 0)

    # === ACTION METHODS === #

    def action_send_to_remaining(self):
        """Open the follow-up to everyone whom this mailing has not reached: rejected by
        Mailjet, or found by its filters and targets only since then.

        :raise UserError: if there is nobody to mail, or this mailing was not sent
        """
        return self._open_follow_up("remaining")

    def action_resend(self):
        """Open the follow-up to everyone who has not opened this mailing.

        :raise UserError: if there is nobody to mail, or this mailing was not sent
        """
        return self._open_follow_up("reminder")

    def action_view_origin(self):
        """Open the mailing that this one follows up."""
        self.ensure_one()
        self.check_access("read")
        return self.origin_id.get_formview_action()

    def action_view_follow_ups(self):
        """Open the follow-ups of this mailing."""
        self.ensure_one()
        self.check_access("read")
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Follow-ups"),
            "res_model": "mailjet.mailing",
            "view_mode": "list,form",
            "domain": [("origin_id", "=", self.id)],
            "context": {"create": False},
        }

    def _open_follow_up(self, kind):
        self.ensure_one()
        self.check_access("write")
        return self._get_follow_up(kind).get_formview_action()

    # === BUSINESS METHODS === #

    def _get_family(self):
        """Return the first mailing, its follow-ups, and theirs in turn."""
        family = self.sudo().with_context(active_test=False)
        while family.origin_id:
            family = family.origin_id
        generation = family
        while generation:
            generation = generation.search([("origin_id", "in", generation.ids)])
            family |= generation
        return family

    # === MAKING A FOLLOW-UP === #

    def _get_follow_up(self, kind):
        """Return the open follow-up of a kind; create it if there is none.

        :param str kind: ``remaining`` or ``reminder``
        :raise UserError: if there is nobody to mail, or the mailing was not sent
        """
        if self.state != "done":
            raise UserError(
                self.env._("Only a mailing that was sent can have a follow-up.")
            )
        # If two users press the button at once, the second request fails here; Odoo
        # retries it, and it finds the follow-up that the first has created.
        self.env.flush_all()
        self.env.cr.execute(
            SQL(
                "UPDATE mailjet_mailing SET write_date = write_date WHERE id = %s",
                self.id,
            )
        )
        return self._find_open_follow_up(kind) or self._create_follow_up(kind)

    def _find_open_follow_up(self, kind):
        return self.with_context(active_test=False).search(
            [
                ("origin_id", "=", self.id),
                ("follow_up_kind", "=", kind),
                ("state", "!=", "done"),
            ],
            limit=1,
        )

    def _has_engaged(self):
        """Return the condition for a ``recipient`` of this reminder whose row in the
        first mailing no longer qualifies: opened, complained, bounced, or no longer
        measured, which are not told apart: it would say whether those who withdraw had
        opened it."""
        row = SQL("SELECT FROM mailjet_recipient r WHERE r.id = recipient.source_id")
        return SQL("NOT EXISTS (%s AND %s)", row, self._get_follow_up_rows("reminder"))

    def _get_follow_up_values(self, kind):
        """Return what a follow-up of that kind does not copy from this mailing."""
        names = {
            "remaining": self.env._("%s (to those not reached)", self.name),
            "reminder": self.env._("%s (reminder)", self.name),
        }
        return {
            "name": names[kind],
            "origin_id": self.id,
            "follow_up_kind": kind,
            "step": "recipients",
        }

    def _create_follow_up(self, kind):
        values = self.sudo()._get_follow_up_values(kind)
        follow_up = self.browse(self.sudo().copy(values).id)
        follow_up._copy_exclusions()
        follow_up._copy_rows()
        if kind == "remaining":
            follow_up._load_added()
        self.env["mailjet.recipient.load"].sudo()._after_release(follow_up)
        follow_up._drop_empty_loads()
        if not follow_up.recipient_count:
            raise UserError(self._explain_nobody(kind))
        if kind == "reminder":
            follow_up._note_unmeasured()
        return follow_up

    def _note_unmeasured(self):
        """Note how many recipients of the first mailing are not in this reminder, since
        they are not measured."""
        count = self.origin_id._count_not_measured()
        if count:
            self.sudo().message_post(body=self._say_unmeasured(count))

    @api.model
    def _say_unmeasured(self, count):
        return say_count(
            self.env,
            count,
            self.env._(
                "%(count)s recipient of the first mailing is not measured: nobody "
                "knows whether they have opened it, and they get no reminder."
            ),
            self.env._(
                "%(count)s recipients of the first mailing are not measured: nobody "
                "knows whether they have opened it, and they get no reminder."
            ),
        )

    def _explain_nobody(self, kind):
        if kind == "reminder" and (count := self._count_not_measured()):
            return self._say_unmeasured(count)
        if kind == "reminder":
            return self.env._(
                "There are no recipients left who have not opened this mailing."
            )
        return self.env._(
            "There are no recipients left: everyone whom Mailjet refused has been "
            "mailed again, and the filters and targets find no one new."
        )

    def _copy_exclusions(self):
        """Copy the exclusions of the first mailing."""
        loads = self.origin_id.sudo().load_ids
        for load in loads.filtered(lambda load: load.mode == "exclude"):
            copied = load.copy({"mailing_id": self.id})
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
                    self.id,
                    load.id,
                )
            )
        self.env["mailjet.exclusion"].invalidate_model()

    def _copy_rows(self):
        """Copy the rows that the follow-up is for, in one load per kind and legal
        basis."""
        loads = self.origin_id.sudo().load_ids.filtered(lambda r: r.mode == "add")
        bases = {(load.kind, load.legal_basis) for load in loads}
        unstated = {(kind, False) for kind in KIND_COUNTS}
        for kind, basis in sorted(bases | unstated, key=str):
            self._create_load(kind, self.origin_id.name, basis)
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
             LEFT JOIN mailjet_recipient_load first ON first.id = r.load_id
                  JOIN mailjet_recipient_load l
                    ON l.mailing_id = %(follow_up)s AND l.kind = r.kind
                   AND l.mode = 'add'
                   AND l.legal_basis IS NOT DISTINCT FROM first.legal_basis
                 WHERE r.mailing_id = %(origin)s AND %(condition)s
              ORDER BY r.id
                    ON CONFLICT DO NOTHING
                """,
                kind=self.follow_up_kind,
                follow_up=self.id,
                origin=self.origin_id.id,
                condition=self.origin_id._get_follow_up_rows(self.follow_up_kind),
            )
        )
        self.env["mailjet.recipient"].invalidate_model()

    # === RECORDS FOUND SINCE === #

    def _load_added(self):
        """Load the records that the first mailing's filters and targets find only now.
        Those that can no longer be evaluated are named in the chatter."""
        for load, query, error in self.origin_id._find_added():
            if error:
                self.sudo().message_post(body=str(error))
                continue
            name = self.env._("Since then: %s", load.name)
            added = self._create_load(load.kind, name, load.legal_basis)
            self.env.flush_all()
            added._insert_rows(query)

    def _create_load(self, kind, name, legal_basis):
        return (
            self.env["mailjet.recipient.load"]
            .sudo()
            .create(
                {
                    "mailing_id": self.id,
                    "kind": kind,
                    "name": name,
                    "legal_basis": legal_basis,
                    "user_id": self.env.uid,
                }
            )
        )

    def _drop_empty_loads(self):
        self.sudo().load_ids.filtered(
            lambda load: load.mode == "add" and not load.found_count
        ).unlink()
