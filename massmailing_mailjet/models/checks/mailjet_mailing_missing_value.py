from datetime import timedelta

from odoo import api, fields, models
from odoo.tools import SQL

from ...tools.personalization import find_bare_variables, find_variables

# With more rows than this, what was counted is kept for a while: one pass over the
# records of a million rows takes seconds.
FEW_ROWS = 20_000
LIFETIME = timedelta(minutes=15)


class MailjetMailing(models.Model):
    """The rows for which a variable says nothing: it is empty, and neither the text nor
    the variable itself has words for that."""

    _inherit = "mailjet.mailing"

    empty_values = fields.Json(readonly=True, copy=False)

    def _count_empty_values(self):
        """Return how many rows to send have no value, by :class:`Variable`."""
        variables = self._get_bare_variables()
        if not variables or not self.planned_count:
            return {}
        key = [sorted(name.token for name in variables), self.planned_count]
        kept = self.sudo().empty_values or {}
        if not self._is_fresh_count(kept, key):
            counts = self._count_empty_rows(variables)
            now = fields.Datetime.to_string(fields.Datetime.now())
            kept = {"key": key, "date": now, "counts": counts}
            if self.planned_count > FEW_ROWS:
                self.sudo().empty_values = kept
        return {name: kept["counts"][name.property_name] for name in variables}

    @api.model
    def _is_fresh_count(self, kept, key):
        """Return whether what was counted before still tells enough."""
        if kept.get("key") != key:
            return False
        date = fields.Datetime.to_datetime(kept["date"])
        return fields.Datetime.now() - date < LIFETIME

    def _get_bare_variables(self):
        """Return the variables without words for empty values, by their names."""
        catalogue = self._get_catalogue()
        return {
            name: catalogue[name]
            for name in find_bare_variables(*self._get_texts()) & catalogue.keys()
            if not catalogue[name].fallback
        }

    def _count_empty_rows(self, variables):
        """Return the counts by the names of the variables' properties, all from one
        pass."""
        query = self._get_send_query()
        is_empty = self._get_empty_conditions(query, variables.values())
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

    def _find_empty_rows(self, token):
        """Return the query of the rows to send for which a variable is empty."""
        catalogue = self._get_catalogue()
        query = self._get_send_query()
        names = find_variables(token) & catalogue.keys()
        variables = [catalogue[name] for name in names]
        conditions = self._get_empty_conditions(query, variables).values()
        query.add_where(SQL(" AND ").join(conditions or [SQL("FALSE")]))
        return query

    def _get_send_query(self):
        query = self.env["mailjet.value"]._get_query(
            SQL("r.mailing_id = %s AND r.verdict = 'send'", self.id)
        )
        query.order = None
        return query

    def _get_empty_conditions(self, query, variables):
        """Return the SQL of where a variable is empty, by variable."""
        if not variables:
            return {}
        setting = self._get_value_setting()
        columns = self.env["mailjet.value"]._get_value_columns(query, setting)
        return {
            variable: SQL(
                "COALESCE(%s, '') = ''", columns.get_clean(variable._get_definition())
            )
            for variable in variables
        }
