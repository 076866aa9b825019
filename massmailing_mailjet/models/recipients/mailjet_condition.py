import psycopg2

from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL

from ...tools.domain_parser import Now, parse_domain

# The errors of Odoo and PostgreSQL for a domain that does not fit its model.
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
    """Evaluates the conditions that users write: saved filters, targets, selections.

    They are parsed (``tools/domain_parser.py``), never run as code, and may only use
    fields that the user can read: anyone who could search by another field would learn
    its value letter by letter.
    """

    _name = "mailjet.condition"
    _description = "Condition on mass mailing recipients"

    @api.model
    def _evaluate(self, model, text):
        """Return the domain that a text means to the current user, today.

        :param str model: name of the model that the domain is about
        :raise ValueError: if it cannot be parsed, or does not fit the model
        :raise AccessError: if it uses anything that the user may not read
        """
        # Constraints run as superuser: the rights of the condition's user apply all the
        # same.
        user = self.sudo(False)
        try:
            domain = Domain(parse_domain(text or "[]", user._get_now()))
            user._check_rights(user.env[model], domain)
            user._check_fit(user.env[model], domain)
        except MISFITS:
            # Odoo's message quotes the condition with its values.
            raise ValueError("This condition cannot be used.") from None
        return domain

    @api.model
    def _get_model(self, model, lang):
        """Return a model to search in a language: Odoo compares translated names, as
        those of tags, in the language of whoever searches. A condition means what it
        meant to the person who wrote it.

        :param str lang: code of that person's language; one that is no longer active
            leaves the model in that of the current user
        """
        if not lang or not self.env["res.lang"]._get_data(code=lang):
            return self.env[model]
        return self.env[model].with_context(lang=lang)

    @api.model
    def _get_now(self):
        """Return the user for whom, and the local time at which, a condition is
        evaluated."""
        local = fields.Datetime.context_timestamp(self, fields.Datetime.now())
        return Now(self.env.uid, local.replace(tzinfo=None), self.env.tz)

    @api.model
    def _check_rights(self, model, domain):
        """Raise if a domain uses a field that the user may not read, however nested:
        Odoo does not check fields that have a search method of their own.

        :raise AccessError: naming the field, or the model
        """
        for condition in domain.iter_conditions():
            related = self._check_path(model, condition.field_expr)
            if condition.operator in ("any", "not any"):
                self._check_rights(related, Domain(condition.value))

    @api.model
    def _check_path(self, model, path):
        """Return the model that a path of fields leads to.

        :raise AccessError: if the user may not read a part of it
        """
        for name in path.split("."):
            field = model._fields[name]
            model.check_access("read")
            model._check_field_access(field, "read")
            if not field.relational:
                # The rest is a part of a date, or a property.
                break
            model = self.env[field.comodel_name]
        return model

    @api.model
    def _check_fit(self, model, domain):
        """Raise if a domain cannot be searched: only PostgreSQL knows whether a value
        fits its column, so it plans the query without running it.

        :raise Exception: one of :data:`MISFITS`
        """
        query = model._search(domain)
        with self.env.cr.savepoint(flush=False):
            self.env.cr.execute(SQL("EXPLAIN %s", query.select()), log_exceptions=False)
