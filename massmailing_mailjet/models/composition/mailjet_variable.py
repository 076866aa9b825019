import re

from odoo import api, fields, models
from odoo.exceptions import ValidationError

from ...const import VALUE_KINDS, VARIABLE_KINDS, VARIABLE_MODEL
from ...tools.variables import OBJECTS, Variable, replace_variables
from .variable_columns import can_read

# Types of fields that can be shown as one line of text.
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
    """A personalization variable that a mailing may use: a closed list, so that no
    template code ever runs. ``$contacts-firstname$`` is kind ``contact``, code
    ``firstname``."""

    _name = "mailjet.variable"
    _description = "Mass mailing variable"
    _inherit = ["mailjet.guard.mixin"]
    _order = "kind, sequence, id"

    name = fields.Char(string="Label", required=True, translate=True)
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)
    kind = fields.Selection(
        VARIABLE_KINDS,
        string="Taken from",
        required=True,
        help="Which record of a recipient has the value. A contact also has an "
        "account; a lead has a contact and an account. The salesperson is that of the "
        "recipient's own record, or of its account.",
    )
    code = fields.Char(
        required=True,
        help="Lowercase letters, digits and underscores, as in “firstname”.",
    )
    token = fields.Char(
        string="Variable",
        compute="_compute_token",
        help="Write it like this in the subject, the preview text or the body. You "
        "can add a fallback text: $contacts-firstname|Madam, Sir$.",
    )
    model_name = fields.Char(compute="_compute_model_name")
    field_path = fields.Char(
        string="Field",
        required=True,
        help="A stored text, number, date or choice, or a path to one, as in "
        "“country_id.name”. The value is written in the recipient's language. A date "
        "and time is written as its day, in the time zone of the person responsible "
        "for the mailing.",
    )
    lead_field_path = fields.Char(
        string="Field of the lead",
        help="Used for a lead without such a contact or account.",
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
        string="If empty", translate=True, help="Text used where the value is empty."
    )

    _kind_code_uniq = models.Constraint(
        "unique(kind, code)", "This kind already has a variable with that code."
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
            variable.model_name = VARIABLE_MODEL.get(variable.kind, "res.partner")

    # === CONSTRAINT METHODS === #

    @api.constrains("code")
    def _check_code(self):
        for variable in self:
            if not re.fullmatch(r"[a-z][a-z0-9_]*", variable.code):
                raise ValidationError(
                    self.env._(
                        "The code “%s” must start with a lowercase letter and "
                        "contain only lowercase letters, digits and underscores.",
                        variable.code,
                    )
                )

    @api.constrains("kind", "field_path", "lead_field_path")
    def _check_field_path(self):
        for variable in self:
            variable._check_path(VARIABLE_MODEL[variable.kind], variable.field_path)
            if variable.lead_field_path:
                variable._check_path("crm.lead", variable.lead_field_path)

    def _check_path(self, model_name, path):
        """Raise if a path does not lead to a stored value that can be shown as text and
        that everyone may read.

        :raise ValidationError: naming the path
        """
        *links, last = path.split(".")
        model = self.env[model_name]
        for link in links:
            field = model._fields.get(link)
            if not field or field.type != "many2one" or not self._is_open(field):
                raise ValidationError(
                    self.env._(
                        "“%(link)s” in “%(path)s” does not lead to another record.",
                        link=link,
                        path=path,
                    )
                )
            model = self.env[field.comodel_name]
            self._check_model(model, path)
        field = model._fields.get(last)
        if not field or field.type not in TEXT_TYPES or not self._is_open(field):
            raise ValidationError(
                self.env._(
                    "“%s” is not a stored text, number, date or choice that everyone "
                    "may read.",
                    path,
                )
            )

    def _check_model(self, model, path):
        """Raise if some users of mass mailing may not read the model's records.

        :raise ValidationError: naming them and the path
        """
        readers = self.env["ir.model.access"]._get_access_groups(model._name)
        users = self.env.ref("massmailing_mailjet.mailjet_group_user")
        groups = self.env["res.groups"]._get_group_definitions()
        if not groups.from_ids(users.ids) <= readers:
            raise ValidationError(
                self.env._(
                    "“%(path)s” leads to %(records)s, which not all Mass Mailing "
                    "users can read.",
                    path=path,
                    records=model._description,
                )
            )

    @api.model
    def _is_open(self, field):
        """Return whether the field is a plain column without restricted access."""
        return field.store and field.column_type and not field.groups

    # === BUSINESS METHODS === #

    @api.model
    def get_picker_groups(self, recipient_type):
        """Return the groups of the variable picker: one for each kind of record, those
        whose values the recipients have first.

        :param str recipient_type: of the mailing
        :return: a list of ``{"label": str, "is_empty": bool, "variables": list}``, each
            variable ``{"token": str, "label": str, "fallback": str}``
        """
        self.check_access("read")
        filled = VALUE_KINDS.get(recipient_type, VALUE_KINDS["target"])
        others = [kind for kind, _label in VARIABLE_KINDS if kind not in filled]
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
        """Return pairs of a kind and its translated label, in the plural where a
        recipient has one of many such records."""
        recipients = self.env["mailjet.mailing"]._fields["recipient_type"]
        return [
            *self._fields["kind"]._description_selection(self.env),
            *recipients._description_selection(self.env),
        ]

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
        """Return the variable in the form that ``tools`` use."""
        self.ensure_one()
        return Variable(OBJECTS[self.kind], self.code)

    @api.model
    def _get_by_name(self):
        """Return every variable as a dict ``Variable -> mailjet.variable``."""
        return {variable._as_tuple(): variable for variable in self.sudo().search([])}

    @api.model
    def _write_for_people(self, texts):
        """Return the texts as users read them in a list: a variable shows its text for
        empty values, else its label in quotation marks. Unknown ones stay.

        :param list texts: each a string or False
        """
        if not any("$" in (text or "") for text in texts):
            return [text or "" for text in texts]
        labels = {name: known.name for name, known in self._get_by_name().items()}

        def describe(variable, fallback):
            label = labels.get(variable)
            return label and (fallback or self.env._("“%(label)s”", label=label))

        return [replace_variables(text, describe) for text in texts]

    def _get_definition(self):
        """Return the definition of the values as plain data, which later changes of the
        variable do not affect."""
        self.ensure_one()
        return {
            "kind": self.kind,
            "path": self.field_path,
            "lead_path": self.lead_field_path or "",
            "part": self.part,
        }

    def _can_be_read_by(self, users):
        """Return whether all the users may read the fields behind the values."""
        self.ensure_one()
        paths = [(VARIABLE_MODEL[self.kind], self.field_path)]
        if self.lead_field_path:
            paths.append(("crm.lead", self.lead_field_path))
        return all(can_read(user, *path) for user in users for path in paths)
