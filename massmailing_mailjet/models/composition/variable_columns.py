from odoo.tools import SQL

from ...const import VARIABLE_LENGTH, VARIABLE_MODEL
from ...tools.preference_links import KIND
from ..consent.mailjet_preference_key import TOKEN
from .variable_encoding import cell_sql, clean_sql
from .variable_format import format_amount, format_date, format_number, format_selection

# The language of a recipient, in the tables of `mailjet.variable.value`; NULL if none
# is known.
RECIPIENT_LANGUAGE = SQL("COALESCE(record.lang, lead_language.code)")

# Records that are linked to a row's own record.
LINKED = ("contact", "account", "salesperson")


class ValueColumns:
    """The values of variables as SQL of a query of ``mailjet.variable.value``, to which
    the necessary joins are added. A value is the same whoever asks for it: its
    language, its time zone and its company are those of the mailing.

    A definition is a dict of a variable's ``kind``, ``path``, ``lead_path``, ``part``.

    :param Query query: one table for each kind of record
    :param dict setting: the mailing's ``lang``, ``zone`` and ``company_id``
    :param users: a value is empty if one of these may not read it
    """

    def __init__(self, env, query, setting, users):
        companies = [setting["company_id"]]
        context = {"lang": setting["lang"], "allowed_company_ids": companies}
        self.env = env(su=True, context={**env.context, **context})
        self.query = query
        self.zone = setting["zone"]
        self.users = users

    def get_clean(self, definition):
        """Return the SQL of a variable's value as clean text, NULL or empty if there is
        none."""
        kind = definition["kind"]
        if kind == KIND:
            return self._get_token()
        value = self._get_path(VARIABLE_MODEL[kind], kind, definition["path"])
        if definition["lead_path"]:
            of_lead = self._get_path("crm.lead", "lead", definition["lead_path"])
            value = SQL("COALESCE(NULLIF(%s, ''), %s)", value, of_lead)
        value = clean_sql(value)
        if definition["part"] == "first":
            value = SQL("split_part(%s, ' ', 1)", value)
        elif definition["part"] == "rest":
            value = SQL("substring(%s FROM '^[^ ]+ +(.*)')", value)
        return SQL("left(%s, %s)", value, VARIABLE_LENGTH)

    def _get_token(self):
        """Return the SQL of the token of a row's link to the preference page."""
        table = "mailjet_preference_key"
        self.query.add_join("LEFT JOIN", "k", table, SQL("TRUE"))
        return TOKEN

    # === PATHS === #

    def _get_path(self, model_name, alias, path):
        """Return the SQL of a field path as text in the recipient's language, joining
        the tables on the path."""
        if not all(can_read(user, model_name, path) for user in self.users):
            return SQL("NULL::text")
        *links, last = path.split(".")
        model = self.env[model_name]
        conditions = self._get_conditions(model, alias) if alias in LINKED else []
        for link in links:
            model, alias = self._follow(model, alias, link)
            conditions += self._get_conditions(model, alias)
        text = self._get_text(model, alias, last)
        if not conditions:
            return text
        return SQL("CASE WHEN %s THEN %s END", SQL(" AND ").join(conditions), text)

    def _follow(self, model, alias, link):
        """Join the records that a field leads to and return ``(model, alias)``."""
        comodel = self.env[model._fields[link].comodel_name]
        linked = self.query.make_alias(alias, link)
        value = model._field_to_sql(alias, link, self.query)
        on = SQL("%s = %s", value, SQL.identifier(linked, "id"))
        self.query.add_join("LEFT JOIN", linked, comodel._table, on)
        return comodel, linked

    def _get_conditions(self, model, alias):
        """Return the SQL of which linked records the users may read, by the record
        rules; a row's own record was readable by the user who loaded it."""
        conditions = []
        for user in self.users:
            domain = get_rule(user, model._name)
            if domain.is_true():
                continue
            condition = domain.optimize_full(model)._to_sql(model, alias, self.query)
            if alias in LINKED:
                own = SQL("r.partner_id = %s", SQL.identifier(alias, "id"))
                condition = SQL("(%s OR %s)", own, condition)
            conditions.append(condition)
        return conditions

    # === TEXTS === #

    def _get_text(self, model, alias, name):
        texts = {
            language.code: self._get_field(model, alias, name, language)
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

    def _get_languages(self):
        """Return the active languages, the mailing's own first: it is used for
        recipients whose language is unknown."""
        languages = self.env["res.lang"].search([("active", "=", True)])
        return languages.sorted(lambda language: language.code != self.env.lang)

    def _get_field(self, model, alias, name, language):
        """Return the SQL of a field as text in a language."""
        model = model.with_context(lang=language.code)
        field = model._fields[name]
        value = model._field_to_sql(alias, name, self.query)
        if field.type == "selection":
            return format_selection(value, field._description_selection(model.env))
        if field.type == "date":
            return format_date(value, language)
        if field.type == "datetime":
            here = SQL("%s AT TIME ZONE 'UTC' AT TIME ZONE %s", value, self.zone)
            return format_date(SQL("(%s)::date", here), language)
        if field.type == "float":
            digits = field.get_digits(self.env)
            return format_number(value, language, digits[1] if digits else 2)
        if field.type == "monetary":
            return self._get_amount(model, alias, field, value, language)
        return SQL("(%s)::text", value)

    # === AMOUNTS === #

    def _get_amount(self, model, alias, field, value, language):
        currency = self.query.make_alias(alias, f"{field.name}__currency")
        on = SQL(
            "%s = %s",
            SQL.identifier(currency, "id"),
            self._get_currency(model, alias, field),
        )
        self.query.add_join("LEFT JOIN", currency, "res_currency", on)
        decimals = self.env["res.currency"].with_context(active_test=False)
        places = set(decimals.search([]).mapped("decimal_places"))
        return format_amount(value, language, currency, sorted(places))

    def _get_currency(self, model, alias, field):
        """Return the SQL of the currency of an amount: of its record, of the record's
        company, or the mailing's."""
        currency = model._fields[field.get_currency_field(model)]
        if currency.store or currency.related:
            return model._field_to_sql(alias, currency.name, self.query)
        own = self.env.company.currency_id.id
        company = model._fields.get("company_id")
        if not company or not company.store:
            return SQL("%s", own)
        _model, of_company = self._follow(model, alias, "company_id")
        return SQL("COALESCE(%s, %s)", SQL.identifier(of_company, "currency_id"), own)


def get_cells(values, properties):
    """Return the SQL of one column for each contact property, under its name.

    :param dict values: the name of the column of each definition's clean text, by the
        definition's :func:`get_key`
    :param dict properties: definition, ``place`` and ``fallback`` of each, by name
    """
    return [
        SQL(
            "%s AS %s",
            cell_sql(
                SQL.identifier(values[get_key(use)]), use["place"], use["fallback"]
            ),
            SQL.identifier(name),
        )
        for name, use in properties.items()
    ]


def get_key(definition):
    """Return what identifies a variable's definition."""
    return tuple(definition[name] for name in ("kind", "path", "lead_path", "part"))


# === RIGHTS === #


def can_read(user, model_name, path):
    """Return whether the user may read the models and the fields of a path, whatever
    the records are; False for a path that no longer exists."""
    model = user.env[model_name].with_user(user)
    for name in path.split("."):
        field = model is not None and model._fields.get(name)
        if not field or not model.has_access("read"):
            return False
        if not model._has_field_access(field, "read"):
            return False
        model = model.env[field.comodel_name] if field.comodel_name else None
    return True


def get_rule(user, model_name):
    """Return the domain of the records that the user may read in their companies."""
    rules = user.env["ir.rule"].with_user(user)
    rules = rules.with_context(allowed_company_ids=user.sudo().company_ids.ids)
    return rules._compute_domain(model_name, "read")
