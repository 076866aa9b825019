import psycopg2

from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL

from ...tools.domain_parser import Now, parse_domain

# What Odoo and PostgreSQL raise on a domain that does not fit its model.
MISFITS = (
    ArithmeticError,
    AttributeError,
    LookupError,
    NotImplementedError,
    RecursionError,
    TypeError,
    ValueError,
    psycopg2.Error,
)


class MailjetCondition(models.AbstractModel):
    """Reads the conditions that users write: saved filters, targets, selections.

    They are read by a grammar (``tools/domain_parser.py``) and never run as code, and
    they may only ask for what their reader may see: anyone who could search by a field
    without reading it would learn its value letter by letter.
    """

    _name = "mailjet.condition"
    _description = "Condition on mass mailing recipients"

    @api.model
    def _evaluate(self, model, text):
        """Return the domain that a text means to the current user, today.

        :param str model: name of the model that the domain is about
        :raise ValueError: when it cannot be read, or does not fit the model
        :raise AccessError: when it asks for what the user may not read
        """
        # Constraints run with all rights: whose condition it is counts even there.
        user = self.sudo(False)
        try:
            domain = Domain(parse_domain(text or "[]", user._get_now()))
            user._check_rights(user.env[model], domain)
            user._check_fit(user.env[model], domain)
        except MISFITS:
            # What Odoo says of it quotes the condition with its values.
            raise ValueError("This condition cannot be used.") from None
        return domain

    @api.model
    def _get_now(self):
        """Return for whom, and at which local time, a condition is read."""
        local = fields.Datetime.context_timestamp(self, fields.Datetime.now())
        return Now(self.env.uid, local.replace(tzinfo=None), self.env.tz)

    @api.model
    def _check_rights(self, model, domain):
        """Complain about fields that the user may not read, however deep they stand:
        Odoo itself asks nothing of fields that it searches by a method of theirs.

        :raise AccessError: naming the field, or the model
        """
        for condition in domain.iter_conditions():
            related = self._check_path(model, condition.field_expr)
            if condition.operator in ("any", "not any"):
                self._check_rights(related, Domain(condition.value))

    @api.model
    def _check_path(self, model, path):
        """Return the model that a path of fields leads to.

        :raise AccessError: when the user may not read a part of it
        """
        for name in path.split("."):
            field = model._fields[name]
            model.check_access("read")
            model._check_field_access(field, "read")
            if not field.relational:
                # What follows is a part of a date, or a property.
                break
            model = self.env[field.comodel_name]
        return model

    @api.model
    def _check_fit(self, model, domain):
        """Complain about a domain that cannot be searched: PostgreSQL, which alone
        knows whether a value fits its column, plans the query and does not run it.

        :raise Exception: one of :data:`MISFITS`
        """
        query = model._search(domain)
        with self.env.cr.savepoint(flush=False):
            self.env.cr.execute(SQL("EXPLAIN %s", query.select()), log_exceptions=False)
