from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain
from odoo.tools import SQL, safe_eval

from ..const import KIND_DOMAIN, KIND_MODEL, KINDS

# Where a row takes its name and address from, for each model.
COLUMNS = {
    "res.partner": {"link": "partner_id", "email": "email"},
    "crm.lead": {"link": "lead_id", "email": "email_from"},
}


class MailjetRecipientLoad(models.Model):
    """One press of a "Load" button: which filter or target, who, when, how many rows
    it found and how many of them were new. Undoing it takes exactly those away."""

    _name = "mailjet.recipient.load"
    _description = "Mass Mailing Recipient Load"
    _order = "id desc"

    mailing_id = fields.Many2one(
        "mailjet.mailing", required=True, ondelete="cascade", index=True, readonly=True
    )
    name = fields.Char(string="Source", required=True, readonly=True)
    kind = fields.Selection(KINDS, required=True, readonly=True)
    user_id = fields.Many2one(
        "res.users", string="Loaded by", required=True, readonly=True
    )
    create_date = fields.Datetime(string="Loaded on")
    found_count = fields.Integer(string="Found", readonly=True)
    new_count = fields.Integer(string="New", readonly=True)
    existing_count = fields.Integer(
        string="Already There", compute="_compute_existing_count"
    )

    @api.depends("found_count", "new_count")
    def _compute_existing_count(self):
        for load in self:
            load.existing_count = load.found_count - load.new_count

    def action_unload(self):
        """Take the rows of these loads out of their mailing again."""
        for load in self:
            mailing = load.mailing_id
            mailing.check_access("write")
            mailing._check_editable()
            load.sudo()._unload()

    def _unload(self):
        """Delete the load and its rows, and judge what stays."""
        self.ensure_one()
        mailing = self.mailing_id
        self.env.cr.execute(
            SQL("DELETE FROM mailjet_recipient WHERE load_id = %s", self.id)
        )
        self.env["mailjet.recipient"].invalidate_model()
        self.unlink()
        self.env["mailjet.ledger"]._refresh(mailing)

    @api.model
    def _load_filter(self, mailing, filter_id):
        """Load the records of a saved filter and return the load.

        :raise UserError: when the filter is missing, is made for other records or
            cannot be evaluated
        """
        kind = mailing.recipient_type
        saved_filter = self.env["ir.filters"].browse(filter_id).exists()
        if not saved_filter:
            raise UserError(self.env._("Choose a filter first."))
        saved_filter.check_access("read")
        if saved_filter.model_id != KIND_MODEL.get(kind):
            raise UserError(
                self.env._(
                    "The filter “%s” is made for other records than this mailing's "
                    "recipients.",
                    saved_filter.name,
                )
            )
        return self._load(
            mailing, kind, self._get_domain(saved_filter), saved_filter.name
        )

    @api.model
    def _load_target(self, mailing, target_id):
        """Load the members of a target and return one load for each kind that has
        any.

        :raise UserError: when the target is missing or the mailing takes none
        """
        if mailing.recipient_type != "target":
            raise UserError(
                self.env._(
                    "This mailing takes no targets. Create a mailing whose "
                    "recipients are “Targets”."
                )
            )
        target = self.env["mailjet.target"].browse(target_id).exists()
        if not target:
            raise UserError(self.env._("Choose a target first."))
        target.check_access("read")
        loads = self.browse()
        for kind in KIND_MODEL:
            try:
                domain = target._get_domain(kind)
            except ValueError as error:
                raise UserError(
                    self.env._(
                        "The target “%s” has a condition that cannot be evaluated any "
                        "more. Open it and choose the condition again.",
                        target.name,
                    )
                ) from error
            loads |= self._load(mailing, kind, domain, target.name)
        empty = loads.filtered(lambda load: not load.found_count)
        if empty == loads:
            raise UserError(self.env._("The target “%s” has no members.", target.name))
        empty.sudo().unlink()
        return loads - empty

    @api.model
    def _get_domain(self, saved_filter):
        """Return the domain of a saved filter for the current user.

        :raise UserError: when it names what only the screen it was made on knows, or
            a field that no longer exists
        """
        try:
            return self._evaluate(saved_filter.model_id, saved_filter.domain)
        except ValueError as error:
            raise UserError(
                self.env._(
                    "The filter “%s” cannot be used here: part of it is only known on "
                    "the screen where it was saved, or names a field that no longer "
                    "exists. Open that screen and save the filter again.",
                    saved_filter.name,
                )
            ) from error

    @api.model
    def _evaluate(self, model, text):
        """Return the domain that a text means to the current user, today.

        :param str model: name of the model that the domain is about
        :raise ValueError: when it cannot be evaluated, or does not fit the model
        """
        context = {
            "uid": self.env.uid,
            "context_today": lambda: fields.Date.context_today(self),
            "datetime": safe_eval.datetime,
            "relativedelta": safe_eval.dateutil.relativedelta.relativedelta,
            "time": safe_eval.time,
        }
        try:
            domain = Domain(safe_eval.safe_eval(text or "[]", context))
            domain.validate(self.env[model])
        except (TypeError, KeyError, SyntaxError) as error:
            raise ValueError(str(error)) from error
        return domain

    @api.model
    def _load(self, mailing, kind, domain, source):
        """Load the records of a domain that the current user may read, and return
        the load.

        One statement reads and writes all rows, whatever their number; a record that
        is in the mailing already stays as it is.

        :param str kind: ``contact``, ``account`` or ``lead``
        :param Domain domain: on the kind's model, archived records left out
        :param str source: what the user chose, for the list of loads
        """
        # The rows are of the mailing's company, whatever others the user works in.
        model = self.env[KIND_MODEL[kind]].with_context(
            allowed_company_ids=mailing.company_id.ids
        )
        query = model._search(domain & Domain(KIND_DOMAIN[kind]))
        load = self.sudo().create(
            {
                "mailing_id": mailing.id,
                "name": source,
                "kind": kind,
                "user_id": self.env.uid,
            }
        )
        self.env.flush_all()
        load.found_count = load._count_rows(query)
        load.new_count = load._insert_rows(query)
        self.env["mailjet.recipient"].invalidate_model()
        return load

    def _count_rows(self, query):
        """Return how many records the query finds."""
        self.env.cr.execute(SQL("SELECT count(*) FROM (%s) AS found", query.select()))
        return self.env.cr.fetchone()[0]

    def _insert_rows(self, query):
        """Insert one row for each record of the query and return how many are new."""
        model = KIND_MODEL[self.kind]
        columns = COLUMNS[model]
        self.env.cr.execute(
            SQL(
                """
                INSERT INTO mailjet_recipient (
                       mailing_id, load_id, kind, %(link)s, name, email,
                       email_normalized, selected, verdict, status,
                       create_uid, create_date, write_uid, write_date)
                SELECT %(mailing)s, %(load)s, %(kind)s, s.id, s.name, s.%(email)s,
                       s.email_normalized, TRUE, 'send', 'pending',
                       %(uid)s, now() AT TIME ZONE 'UTC',
                       %(uid)s, now() AT TIME ZONE 'UTC'
                  FROM %(table)s s
                 WHERE s.id IN %(ids)s
              ORDER BY s.id
                    ON CONFLICT DO NOTHING
                """,
                link=SQL.identifier(columns["link"]),
                email=SQL.identifier(columns["email"]),
                table=SQL.identifier(self.env[model]._table),
                mailing=self.mailing_id.id,
                load=self.id,
                kind=self.kind,
                uid=self.user_id.id,
                ids=query.subselect(),
            )
        )
        return self.env.cr.rowcount

    @api.ondelete(at_uninstall=False)
    def _unlink_except_by_unloading(self):
        if not self.env.su:
            raise UserError(
                self.env._(
                    "A load is undone with its “Undo” button, which takes its "
                    "recipients away as well."
                )
            )
