from odoo import api, fields, models
from odoo.exceptions import AccessError, ValidationError
from odoo.fields import Domain

from ...const import KIND_DOMAIN, KIND_MODEL, KINDS, LEGAL_BASES
from ..counting import say_count

# The fields of a target that describe the members of each kind.
KIND_FIELDS = {
    "contact": ("contact_domain", "contact_ids"),
    "account": ("account_domain", "account_ids"),
    "lead": ("lead_domain", "lead_ids"),
}
MEMBER_FIELDS = [name for names in KIND_FIELDS.values() for name in names]
DOMAIN_FIELDS = {domain for domain, _members in KIND_FIELDS.values()}


class MailjetTarget(models.Model):
    """A named, reusable set of contacts, accounts and leads: for each kind a domain,
    members picked manually, or both."""

    _name = "mailjet.target"
    _description = "Mass mailing target"
    _inherit = ["mailjet.guard.mixin", "mail.thread"]
    _order = "name"

    name = fields.Char(required=True, tracking=True)
    active = fields.Boolean(default=True)
    description = fields.Text()
    user_id = fields.Many2one(
        "res.users", string="Responsible", default=lambda self: self.env.user
    )
    company_id = fields.Many2one(
        "res.company",
        default=lambda self: self.env.company,
        help="If empty, all companies can use the target.",
    )
    legal_basis = fields.Selection(
        LEGAL_BASES,
        string="Legal basis",
        tracking=True,
        help="Why your company may write to these people. A mailing takes it over when "
        "it loads the target. If empty, it is not stated.",
    )
    contact_domain = fields.Char(
        string="Contacts matching", help="Of the records found, those that are people."
    )
    account_domain = fields.Char(
        string="Accounts matching",
        help="Of the records found, those that are companies.",
    )
    lead_domain = fields.Char(string="Leads matching")
    # The language of the user who wrote the conditions.
    domain_lang = fields.Char(string="Language of the conditions", readonly=True)
    contact_ids = fields.Many2many(
        "res.partner",
        "mailjet_target_contact_rel",
        string="Contacts",
        domain=KIND_DOMAIN["contact"],
        help="Always members, whether they match the condition or not.",
    )
    account_ids = fields.Many2many(
        "res.partner",
        "mailjet_target_account_rel",
        string="Accounts",
        domain=KIND_DOMAIN["account"],
        help="Always members, whether they match the condition or not.",
    )
    lead_ids = fields.Many2many(
        "crm.lead",
        "mailjet_target_lead_rel",
        string="Leads",
        help="Always members, whether they match the condition or not.",
    )
    contact_scope = fields.Char(string="Contacts included", compute="_compute_scopes")
    account_scope = fields.Char(string="Accounts included", compute="_compute_scopes")
    lead_scope = fields.Char(string="Leads included", compute="_compute_scopes")
    contact_count = fields.Integer(string="Contacts count", compute="_compute_counts")
    account_count = fields.Integer(string="Accounts count", compute="_compute_counts")
    lead_count = fields.Integer(string="Leads count", compute="_compute_counts")

    @api.model_create_multi
    def create(self, vals_list):
        targets = super().create(vals_list)
        targets._note_language()
        return targets

    def write(self, vals):
        result = super().write(vals)
        if DOMAIN_FIELDS & vals.keys():
            self._note_language()
        return result

    def _note_language(self):
        """Remember in which language the conditions were written just now."""
        self.sudo().domain_lang = self.env.lang or "en_US"

    def _get_language(self):
        """Return the language in which the conditions are to be evaluated."""
        return self.domain_lang or self.sudo().create_uid.lang

    def _get_model(self, kind):
        """Return the model of a kind, to search it for the members."""
        Condition = self.env["mailjet.condition"]
        return Condition._get_model(KIND_MODEL[kind], self._get_language())

    @api.depends(*MEMBER_FIELDS)
    @api.depends_context("uid", "allowed_company_ids")
    def _compute_counts(self):
        for target in self:
            for kind in KIND_MODEL:
                try:
                    domain = target._get_domain(kind)
                except (ValueError, AccessError):
                    # A field may have been removed, or this user may not read it: the
                    # form must still open so that the condition can be fixed.
                    domain = Domain.FALSE
                target[f"{kind}_count"] = target._get_model(kind).search_count(domain)

    @api.depends(*MEMBER_FIELDS)
    @api.depends_context("lang")
    def _compute_scopes(self):
        """Say in words who the members are: counting them for a list of targets would
        search all contacts and leads for each of them."""
        for target in self:
            for kind, (domain_field, members_field) in KIND_FIELDS.items():
                domain, members = target[domain_field], len(target[members_field])
                if domain and domain.strip() == "[]":
                    scope = self.env._("All records")
                elif domain and members:
                    scope = self.env._("By conditions, or selected")
                elif domain:
                    scope = self.env._("By conditions")
                elif members:
                    scope = say_count(
                        self.env,
                        members,
                        self.env._("%(count)s record selected"),
                        self.env._("%(count)s records selected"),
                    )
                else:
                    scope = self.env._("None")
                target[f"{kind}_scope"] = scope

    @api.constrains("contact_domain", "account_domain", "lead_domain")
    def _check_domains(self):
        for target in self:
            for kind in KIND_MODEL:
                try:
                    target._get_domain(kind)
                except (ValueError, AccessError):
                    raise ValidationError(
                        self.env._(
                            "The condition for “%s” cannot be evaluated. Set it "
                            "again with the domain editor.",
                            dict(KINDS)[kind],
                        )
                    ) from None

    @api.constrains("company_id")
    def _check_company_of_mailings(self):
        """Keep a target in the company of the mailings that use it: it was evaluated
        with what their company may see."""
        mailings = self.env["mailjet.mailing"].sudo().with_context(active_test=False)
        for target in self.filtered("company_id"):
            uses = Domain("load_ids.target_id", "=", target.id)
            others = Domain("company_id", "!=", target.company_id.id)
            if mailings.search_count(uses & others, limit=1):
                raise ValidationError(
                    self.env._(
                        "The company of the target “%s” cannot be changed: mailings "
                        "of another company use it.",
                        target.name,
                    )
                )

    def _get_domain(self, kind):
        """Return the domain of the members of a kind: matching or picked manually."""
        self.ensure_one()
        domain_field, members_field = KIND_FIELDS[kind]
        members = Domain("id", "in", self[members_field].ids)
        if self[domain_field]:
            Condition = self.env["mailjet.condition"]
            members |= Condition._evaluate(KIND_MODEL[kind], self[domain_field])
        return members & Domain(KIND_DOMAIN[kind])

    def action_view_members(self):
        """Open the members of the kind named in the context."""
        self.ensure_one()
        kind = self.env.context.get("kind")
        kind = kind if kind in KIND_MODEL else "contact"
        domain = self._get_domain(kind)
        model = self._get_model(kind)
        if model.env.lang != self.env.lang:
            # The list would find others by the same names.
            domain = Domain("id", "in", model.search(domain).ids)
        return {
            "type": "ir.actions.act_window",
            "name": self.name,
            "res_model": KIND_MODEL[kind],
            "view_mode": "list,form",
            "domain": list(domain),
        }
