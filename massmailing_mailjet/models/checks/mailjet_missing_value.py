from datetime import timedelta

from odoo import api, fields, models
from odoo.tools import SQL

from ...tools.personalization import find_bare_variables, find_variables

# With more rows than this, what was counted is kept for a while: one pass over the
# records of a million rows takes seconds.
FEW_ROWS = 20_000
LIFETIME = timedelta(minutes=15)


class MailjetEmptyValue(models.AbstractModel):
    """The rows for which a variable says nothing: it is empty, and neither the text nor
    the variable itself has words for that."""

    _name = "mailjet.empty.value"
    _description = "Mass mailing empty value"

    @api.model
    def _count(self, mailing):
        """Return how many rows to send have no value, by :class:`Variable`."""
        variables = self._get_bare_variables(mailing)
        if not variables or not mailing.planned_count:
            return {}
        key = [sorted(name.token for name in variables), mailing.planned_count]
        kept = mailing.sudo().empty_values or {}
        if not self._is_good(kept, key):
            counts = self._count_rows(mailing, variables)
            now = fields.Datetime.to_string(fields.Datetime.now())
            kept = {"key": key, "date": now, "counts": counts}
            if mailing.planned_count > FEW_ROWS:
                mailing.sudo().empty_values = kept
        return {name: kept["counts"][name.property_name] for name in variables}

    @api.model
    def _is_good(self, kept, key):
        """Return whether what was counted before still tells enough."""
        if kept.get("key") != key:
            return False
        date = fields.Datetime.to_datetime(kept["date"])
        return fields.Datetime.now() - date < LIFETIME

    @api.model
    def _get_bare_variables(self, mailing):
        """Return the variables without words for empty values, by their names."""
        catalogue = mailing._get_catalogue()
        return {
            name: catalogue[name]
            for name in find_bare_variables(*mailing._get_texts()) & catalogue.keys()
            if not catalogue[name].fallback
        }

    @api.model
    def _count_rows(self, mailing, variables):
        """Return the counts by the names of the variables' properties, all from one
        pass."""
        query = self._get_query(mailing.id)
        is_empty = self._get_conditions(mailing, query, variables.values())
        columns = [
            SQL(
                "count(*) FILTER (WHERE %s) AS %s",
                is_empty[variable],
                SQL.identifier(name.property_name),
            )
            for name, variable in variables.items()
        ]
        self.env.flush_all()
        (counts,) = self.env.execute_query_dict(query.select(*columns))
        return counts

    @api.model
    def _find_rows(self, mailing_id, token):
        """Return the query of the rows to send for which a variable is empty."""
        mailing = self.env["mailjet.mailing"].browse(mailing_id).exists()
        catalogue = mailing._get_catalogue() if mailing else {}
        query = self._get_query(mailing_id)
        names = find_variables(token) & catalogue.keys()
        variables = [catalogue[name] for name in names]
        conditions = self._get_conditions(mailing, query, variables).values()
        query.add_where(SQL(" AND ").join(conditions or [SQL("FALSE")]))
        return query

    @api.model
    def _get_query(self, mailing_id):
        query = self.env["mailjet.value"]._get_query(
            SQL("r.mailing_id = %s AND r.verdict = 'send'", mailing_id)
        )
        query.order = None
        return query

    @api.model
    def _get_conditions(self, mailing, query, variables):
        """Return the SQL of where a variable is empty, by variable."""
        if not variables:
            return {}
        setting = mailing._get_value_setting()
        columns = self.env["mailjet.value"]._get_value_columns(query, setting)
        return {
            variable: SQL(
                "COALESCE(%s, '') = ''", columns.get_clean(variable._get_definition())
            )
            for variable in variables
        }
