from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.fields import Domain
from odoo.tools import SQL

from ...const import KIND_DOMAIN, KIND_MODEL, KINDS, RECORD_SOURCES
from ...tools.addresses import read_condition
from .mailjet_verdict import FEW_ROWS


class MailjetRecipientLoad(models.Model):
    """One use of a "Load" button: what was loaded, by whom and when, how many rows it
    found and how many of them were new. It can be repeated or undone.

    A load either adds rows or excludes the members of a target.
    """

    _name = "mailjet.recipient.load"
    _description = "Mass mailing recipient load"
    _inherit = ["mailjet.guard.mixin"]
    _order = "id desc"

    mailing_id = fields.Many2one(
        "mailjet.mailing", required=True, ondelete="cascade", index=True, readonly=True
    )
    name = fields.Char(string="Source", required=True, readonly=True)
    mode = fields.Selection(
        [("add", "Added"), ("exclude", "Excluded")],
        string="Effect",
        required=True,
        default="add",
        readonly=True,
    )
    kind = fields.Selection(KINDS, required=True, readonly=True)
    filter_id = fields.Many2one("ir.filters", ondelete="set null", readonly=True)
    target_id = fields.Many2one("mailjet.target", ondelete="set null", readonly=True)
    domain = fields.Char(readonly=True)
    user_id = fields.Many2one(
        "res.users", string="Loaded by", required=True, readonly=True
    )
    create_date = fields.Datetime(string="Loaded on")
    found_count = fields.Integer(
        string="Found",
        readonly=True,
        help="Records found by the filter, target or condition.",
    )
    new_count = fields.Integer(
        string="New",
        readonly=True,
        help="Of these, records that no earlier load has added.",
    )
    existing_count = fields.Integer(
        string="Already listed", compute="_compute_existing_count"
    )
    unmatched = fields.Text(
        string="Addresses not found",
        readonly=True,
        help="Addresses that match no record.",
    )
    can_refresh = fields.Boolean(compute="_compute_can_refresh")

    @api.depends("found_count", "new_count")
    def _compute_existing_count(self):
        for load in self:
            load.existing_count = load.found_count - load.new_count

    @api.depends("filter_id", "target_id", "domain")
    def _compute_can_refresh(self):
        for load in self:
            load.can_refresh = bool(load.filter_id or load.target_id or load.domain)

    # === WHAT A LOAD FINDS === #

    def _check_source(self):
        """Raise if the load has no filter, target or condition.

        :raise UserError: if its filter or target was deleted, or it never had one
        """
        if not self.can_refresh:
            raise UserError(
                self.env._(
                    "“%s” cannot be refreshed, because it no longer has a filter, "
                    "target or condition. Its recipients stay as they are.",
                    self.name,
                )
            )

    def _get_domain(self):
        """Return the current domain of the load's filter, target or condition.

        :raise UserError: if it has none, or it can no longer be evaluated
        """
        self.ensure_one()
        self._check_source()
        try:
            if self.target_id:
                return self.target_id._get_domain(self.kind)
            text = self.filter_id.sudo().domain if self.filter_id else self.domain
            addresses = read_condition(text)
            if addresses is not None:
                return Domain("email_normalized", "in", addresses)
            Condition = self.env["mailjet.condition"]
            return Condition._evaluate(KIND_MODEL[self.kind], text)
        except (ValueError, AccessError):
            raise UserError(self._explain_unusable()) from None

    def _get_language(self):
        """Return the language of whoever wrote the filter, target or condition."""
        if self.target_id:
            return self.target_id._get_language()
        return (self.filter_id.sudo().create_uid or self.user_id.sudo()).lang

    def _explain_unusable(self):
        """Return the error message for a condition that the user cannot load."""
        if self.target_id:
            return self.env._(
                "The target “%s” has a condition that can no longer be evaluated. "
                "Open it and set the condition again.",
                self.name,
            )
        return self.env._(
            "The condition of “%s” cannot be used here: part of it is only known on "
            "the screen where it was saved, names a field that no longer exists or "
            "that you cannot read, or is too long. Open the list of these records, "
            "apply the filter there and save it again.",
            self.name,
        )

    def _find(self):
        """Return the query of the records that the load finds, with the rights of the
        current user and in the mailing's company, whichever others are active."""
        Condition = self.env["mailjet.condition"].with_context(
            allowed_company_ids=self.mailing_id.company_id.ids
        )
        model = Condition._get_model(KIND_MODEL[self.kind], self._get_language())
        return model._search(self._get_domain() & Domain(KIND_DOMAIN[self.kind]))

    def _get_addresses(self):
        """Return the addresses of the rows that the loads have found."""
        rows = self.env.execute_query(
            SQL(
                """
                SELECT email_normalized FROM mailjet_recipient
                 WHERE load_id = ANY(%(loads)s)
                 UNION
                SELECT r.email_normalized FROM mailjet_recipient_overlap o
                  JOIN mailjet_recipient r ON r.id = o.recipient_id
                 WHERE o.load_id = ANY(%(loads)s)
                """,
                loads=self.ids,
            )
        )
        return {email for (email,) in rows}

    # === LOADING === #

    @api.model
    def _load(self, mailing, kind, name, **values):
        """Load what a filter, a target or a domain finds, and return the load.

        One statement reads and writes all rows, whatever their number; records that are
        in the mailing already are left unchanged.

        :param str kind: ``contact``, ``account`` or ``lead``
        :param str name: what the user chose, for the list of loads
        :param values: ``filter_id``, ``target_id`` or ``domain``, and the ``mode``
        :raise UserError: if it cannot be evaluated, or the mailing is a follow-up
        """
        if mailing.origin_id and values.get("mode") != "exclude":
            raise UserError(
                self.env._(
                    "A follow-up mailing goes only to the recipients it was created "
                    "with. Create a new mailing for other recipients."
                )
            )
        load = self.browse(
            self.sudo()
            .create(
                {
                    "mailing_id": mailing.id,
                    "kind": kind,
                    "name": name,
                    "user_id": self.env.uid,
                    **values,
                }
            )
            .id
        )
        query = load._find()
        self.env.flush_all()
        if load.mode == "exclude":
            counts = load._insert_exclusions(query)
        else:
            overlaps = load._insert_overlaps(query) if mailing.recipient_count else 0
            new = load._insert_rows(query)
            if new > FEW_ROWS:
                self._analyze_recipients()
            counts = {"found_count": new + overlaps, "new_count": new}
        load.sudo().write(counts)
        return load

    @api.model
    def _analyze_recipients(self):
        """Refresh PostgreSQL's statistics after many new rows: it would plan queries on
        a mailing that is missing in them as if it had no rows."""
        self.env.cr.execute("ANALYZE mailjet_recipient")

    def _insert_rows(self, query):
        """Insert one row for each record of the query and return how many are new."""
        model = KIND_MODEL[self.kind]
        self.env.cr.execute(
            SQL(
                """
                INSERT INTO mailjet_recipient (
                       mailing_id, load_id, kind, %(link)s, name, email,
                       email_normalized, record_issue, selected, verdict, status)
                SELECT %(mailing)s, %(load)s, %(kind)s, s.id, s.name, s.%(email)s,
                       s.email_normalized, %(issue)s, TRUE, 'send', 'pending'
                  FROM %(table)s s
                 WHERE s.id IN %(ids)s
              ORDER BY s.id
                    ON CONFLICT DO NOTHING
                """,
                link=SQL.identifier(RECORD_SOURCES[model]["link"]),
                email=SQL.identifier(RECORD_SOURCES[model]["email"]),
                issue=self.env["mailjet.record.sync"]._record_issue(model),
                table=SQL.identifier(self.env[model]._table),
                mailing=self.mailing_id.id,
                load=self.id,
                kind=self.kind,
                ids=query.subselect(),
            )
        )
        self.env["mailjet.recipient"].invalidate_model()
        return self.env.cr.rowcount

    def _insert_overlaps(self, query):
        """Record which rows of other loads the query finds, and return how many."""
        self.env.cr.execute(
            SQL(
                """
                INSERT INTO mailjet_recipient_overlap (load_id, recipient_id)
                SELECT %(load)s, r.id FROM mailjet_recipient r
                 WHERE r.mailing_id = %(mailing)s AND r.load_id <> %(load)s
                   AND %(link)s IN %(ids)s
                    ON CONFLICT DO NOTHING
                """,
                load=self.id,
                mailing=self.mailing_id.id,
                link=self._link(),
                ids=query.subselect(),
            )
        )
        return self.env.cr.rowcount

    def _insert_exclusions(self, query):
        """Exclude the addresses of the query's records, and return the counts."""
        model = KIND_MODEL[self.kind]
        self.env.cr.execute(
            SQL(
                """
                INSERT INTO mailjet_exclusion (load_id, mailing_id, email_normalized)
                SELECT DISTINCT %s, %s, s.email_normalized FROM %s s
                 WHERE s.id IN %s AND s.email_normalized IS NOT NULL
                """,
                self.id,
                self.mailing_id.id,
                SQL.identifier(self.env[model]._table),
                query.subselect(),
            )
        )
        excluded = self.env.cr.rowcount
        self.env["mailjet.exclusion"].invalidate_model()
        return {"found_count": excluded, "new_count": excluded}

    def _link(self):
        """Return the column of a row ``r`` that links to a record of the load's
        kind."""
        return SQL.identifier("r", RECORD_SOURCES[KIND_MODEL[self.kind]]["link"])
