import re

from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.tools import SQL

from ..const import KIND_MODEL, KINDS, VARIABLE_LENGTH
from ..tools.personalization import OBJECTS, UNSAFE, Variable

# Types whose column reads as plain text.
TEXT_TYPES = ("char", "text", "integer")


class MailjetVariable(models.Model):
    """One personalisation variable that a mailing may use: a closed list, so that no
    template code ever runs. ``$contacts-firstname$`` is kind ``contact``, code
    ``firstname``."""

    _name = "mailjet.variable"
    _description = "Mass Mailing Variable"
    _order = "kind, sequence, id"

    name = fields.Char(string="Label", required=True, translate=True)
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)
    kind = fields.Selection(KINDS, string="Taken from", required=True)
    code = fields.Char(
        required=True, help="Small letters, digits and underscores, as in “firstname”."
    )
    token = fields.Char(
        string="Variable",
        compute="_compute_token",
        help="Write it like this in the subject, the preview text or the body. A text "
        "for empty values may follow: $contacts-firstname|Madam, Sir$.",
    )
    field_path = fields.Char(
        string="Field",
        required=True,
        help="A stored text field, or a path to one, as in “country_id.name”.",
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
        """Complain about a path that does not lead to a stored text that everyone
        may read.

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
                    "“%s” is not a stored text field that everyone may read.", path
                )
            )

    @api.model
    def _is_open(self, field):
        """Return whether the field is a plain column without restricted access."""
        return field.store and field.column_type and not field.groups

    # === BUSINESS METHODS === #

    def _as_tuple(self):
        """Return the variable as the pure code knows it."""
        self.ensure_one()
        return Variable(OBJECTS[self.kind], self.code)

    @api.model
    def _get_catalogue(self):
        """Return every variable as a dict ``Variable -> mailjet.variable``."""
        return {variable._as_tuple(): variable for variable in self.sudo().search([])}

    def _value_sql(self, query):
        """Return the SQL of this variable's value, clean for Mailjet.

        :param Query query: joins one table for each kind of record under the kind's
            name as alias
        """
        self.ensure_one()
        value = self._path_sql(KIND_MODEL[self.kind], self.kind, self.field_path, query)
        if self.lead_field_path:
            of_lead = self._path_sql("crm.lead", "lead", self.lead_field_path, query)
            value = SQL("COALESCE(NULLIF(%s, ''), %s)", value, of_lead)
        value = SQL("btrim(regexp_replace(%s, %s, ' ', 'g'))", value, UNSAFE_SQL)
        if self.part == "first":
            value = SQL("split_part(%s, ' ', 1)", value)
        elif self.part == "rest":
            value = SQL("substring(%s FROM '\\S+\\s+(.*)')", value)
        return SQL("left(COALESCE(%s, ''), %s)", value, VARIABLE_LENGTH)

    def _path_sql(self, model_name, alias, path, query):
        """Return the SQL of a field path as text, joining what it passes."""
        *links, last = path.split(".")
        model = self.env[model_name]
        for link in links:
            comodel = self.env[model._fields[link].comodel_name]
            alias = query.left_join(alias, link, comodel._table, "id", link)
            model = comodel
        return SQL("(%s)::text", model._field_to_sql(alias, last, query))


# The pure code's rule with PostgreSQL's spelling of white space.
UNSAFE_SQL = UNSAFE.pattern.replace("]+", r"\s]+")
