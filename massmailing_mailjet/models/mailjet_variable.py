import re

from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.tools import SQL

from ..const import KIND_MODEL, KINDS, VALUE_KINDS
from ..tools.personalization import OBJECTS, UNSAFE, Variable
from .mailjet_value import RECIPIENT_LANGUAGE
from .value_format import format_date, format_number, format_selection

# Types of fields that read as one line of text.
TEXT_TYPES = (
    "char",
    "text",
    "integer",
    "float",
    "monetary",
    "date",
    "datetime",
    "selection",
)


class MailjetVariable(models.Model):
    """One personalisation variable that a mailing may use: a closed list, so that no
    template code ever runs. ``$contacts-firstname$`` is kind ``contact``, code
    ``firstname``."""

    _name = "mailjet.variable"
    _description = "Mass Mailing Variable"
    _inherit = ["mailjet.guard.mixin"]
    _order = "kind, sequence, id"

    name = fields.Char(string="Label", required=True, translate=True)
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)
    kind = fields.Selection(
        KINDS,
        string="Taken from",
        required=True,
        help="Which record of a recipient has the value. A contact has its "
        "account too; a lead has its contact and its account.",
    )
    code = fields.Char(
        required=True, help="Small letters, digits and underscores, as in “firstname”."
    )
    token = fields.Char(
        string="Variable",
        compute="_compute_token",
        help="Write it like this in the subject, the preview text or the body. A text "
        "for empty values may follow: $contacts-firstname|Madam, Sir$.",
    )
    model_name = fields.Char(compute="_compute_model_name")
    field_path = fields.Char(
        string="Field",
        required=True,
        help="A stored text, number, date or choice, or a path to one, as in "
        "“country_id.name”. It is written in the recipient's language.",
    )
    lead_field_path = fields.Char(
        string="Field of the Lead",
        help="Used for a lead that has no such contact or account.",
    )
    part = fields.Selection(
        [
            ("all", "The whole value"),
            ("first", "The first word"),
            ("rest", "All but the first word"),
        ],
        required=True,
        default="all",
        help="Takes a first name out of a full name, for example.",
    )
    fallback = fields.Char(
        string="If Empty", translate=True, help="Text used where the value is empty."
    )

    _kind_code_uniq = models.Constraint(
        "unique(kind, code)", "This kind already has a variable of that code."
    )

    # === COMPUTE METHODS === #

    @api.depends("kind", "code")
    def _compute_token(self):
        for variable in self:
            complete = variable.kind and variable.code
            variable.token = complete and variable._as_tuple().token

    @api.depends("kind")
    def _compute_model_name(self):
        for variable in self:
            variable.model_name = KIND_MODEL.get(variable.kind, "res.partner")

    # === CONSTRAINT METHODS === #

    @api.constrains("code")
    def _check_code(self):
        for variable in self:
            if not re.fullmatch(r"[a-z][a-z0-9_]*", variable.code):
                raise ValidationError(
                    self.env._(
                        "The code “%s” must start with a small letter and hold only "
                        "small letters, digits and underscores.",
                        variable.code,
                    )
                )

    @api.constrains("kind", "field_path", "lead_field_path")
    def _check_field_path(self):
        for variable in self:
            variable._check_path(KIND_MODEL[variable.kind], variable.field_path)
            if variable.lead_field_path:
                variable._check_path("crm.lead", variable.lead_field_path)

    def _check_path(self, model_name, path):
        """Complain about a path that does not lead to a stored value that reads as
        text and that everyone may read.

        :raise ValidationError: naming the path
        """
        *links, last = path.split(".")
        model = self.env[model_name]
        for link in links:
            field = model._fields.get(link)
            if not field or field.type != "many2one" or not self._is_open(field):
                raise ValidationError(
                    self.env._(
                        "“%(link)s” in “%(path)s” leads to no other record.",
                        link=link,
                        path=path,
                    )
                )
            model = self.env[field.comodel_name]
        field = model._fields.get(last)
        if not field or field.type not in TEXT_TYPES or not self._is_open(field):
            raise ValidationError(
                self.env._(
                    "“%s” is not a stored text, number, date or choice that everyone "
                    "may read.",
                    path,
                )
            )

    @api.model
    def _is_open(self, field):
        """Return whether the field is a plain column without restricted access."""
        return field.store and field.column_type and not field.groups

    # === BUSINESS METHODS === #

    @api.model
    def get_catalogue(self, recipient_type):
        """Return what the picker of variables shows: one group for each kind of record,
        those whose values the recipients have first.

        :param str recipient_type: of the mailing
        :return: a list of ``{"label": str, "is_empty": bool, "variables": list}``, each
            variable ``{"token": str, "label": str, "fallback": str}``
        """
        self.check_access("read")
        filled = VALUE_KINDS.get(recipient_type, VALUE_KINDS["target"])
        others = [kind for kind, _label in KINDS if kind not in filled]
        labels = dict(self._description_of_kinds())
        groups = self.search([("active", "=", True)]).grouped("kind")
        return [
            {
                "label": labels[kind],
                "is_empty": kind not in filled,
                "variables": groups[kind]._describe(),
            }
            for kind in (*filled, *others)
            if kind in groups
        ]

    @api.model
    def _description_of_kinds(self):
        """Return pairs of a kind and its translated label, in the plural."""
        field = self.env["mailjet.mailing"]._fields["recipient_type"]
        return field._description_selection(self.env)

    def _describe(self):
        return [
            {
                "token": variable.token,
                "label": variable.name,
                "fallback": variable.fallback or "",
            }
            for variable in self
        ]

    def _as_tuple(self):
        """Return the variable as the pure code knows it."""
        self.ensure_one()
        return Variable(OBJECTS[self.kind], self.code)

    @api.model
    def _get_catalogue(self):
        """Return every variable as a dict ``Variable -> mailjet.variable``."""
        return {variable._as_tuple(): variable for variable in self.sudo().search([])}

    def _value_sql(self, query):
        """Return the SQL of this variable's value as clean text, NULL where there is
        none.

        :param Query query: of ``mailjet.value``, with one table for each kind of record
        """
        self.ensure_one()
        value = self._path_sql(KIND_MODEL[self.kind], self.kind, self.field_path, query)
        if self.lead_field_path:
            of_lead = self._path_sql("crm.lead", "lead", self.lead_field_path, query)
            value = SQL("COALESCE(NULLIF(%s, ''), %s)", value, of_lead)
        value = SQL("btrim(regexp_replace(%s, %s, ' ', 'g'))", value, UNSAFE_SQL)
        if self.part == "first":
            return SQL("split_part(%s, ' ', 1)", value)
        if self.part == "rest":
            return SQL("substring(%s FROM '\\S+\\s+(.*)')", value)
        return value

    def _path_sql(self, model_name, alias, path, query):
        """Return the SQL of a field path as text in the recipient's language, joining
        what it passes."""
        *links, last = path.split(".")
        model = self.env[model_name]
        for link in links:
            comodel = self.env[model._fields[link].comodel_name]
            alias = query.left_join(alias, link, comodel._table, "id", link)
            model = comodel
        texts = {
            language.code: self._field_sql(model, alias, last, query, language)
            for language in self._get_languages()
        }
        default = next(iter(texts.values()))
        branches = [
            SQL("WHEN %s THEN %s", code, text)
            for code, text in texts.items()
            if text != default
        ]
        if not branches:
            return default
        return SQL(
            "CASE %s %s ELSE %s END",
            RECIPIENT_LANGUAGE,
            SQL(" ").join(branches),
            default,
        )

    def _field_sql(self, model, alias, name, query, language):
        """Return the SQL of a field as text in a language."""
        model = model.with_context(lang=language.code)
        field = model._fields[name]
        value = model._field_to_sql(alias, name, query)
        if field.type == "selection":
            return format_selection(value, field._description_selection(model.env))
        if field.type == "date":
            return format_date(value, language)
        if field.type == "datetime":
            zone = self.env.user.tz or "UTC"
            day = SQL("(%s AT TIME ZONE 'UTC' AT TIME ZONE %s)::date", value, zone)
            return format_date(day, language)
        if field.type in ("float", "monetary"):
            return format_number(value, language)
        return SQL("(%s)::text", value)

    @api.model
    def _get_languages(self):
        """Return the active languages, the mailing's own first: it is the language of
        recipients of whom none is known."""
        languages = self.env["res.lang"].sudo().search([("active", "=", True)])
        return languages.sorted(lambda language: language.code != self.env.lang)


# The pure code's rule with PostgreSQL's spelling of white space.
UNSAFE_SQL = UNSAFE.pattern.replace("]+", r"\s]+")
