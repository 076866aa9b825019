from datetime import timedelta

from odoo import api, fields, models
from odoo.tools import SQL

from ...tools.variables import find_bare_variables, find_variables

# With more rows than this, counts are cached for a while: one pass over the records of
# a million rows takes seconds.
FEW_ROWS = 20_000
LIFETIME = timedelta(minutes=15)


class MailjetMailing(models.Model):
    """The rows for which a variable is empty, while neither the text nor the variable
    has a fallback text."""

    _inherit = "mailjet.mailing"

    empty_values = fields.Json(readonly=True, copy=False)

    def _count_empty_values(self, is_brief=False):
        """Return how many rows to send have no value, by :class:`Variable`.

        :param bool is_brief: of many rows, return what was counted last, if anything
        """
        variables = self._get_bare_variables()
        if not variables or not self.planned_count:
            return {}
        key = [sorted(name.token for name in variables), self.planned_count]
        kept = self.sudo().empty_values or {}
        if is_brief and self.planned_count > FEW_ROWS:
            if kept.get("key", [None])[0] != key[0]:
                return {}
        elif not self._is_fresh_count(kept, key):
            counts = self._count_empty_rows(variables)
            now = fields.Datetime.to_string(fields.Datetime.now())
            kept = {"key": key, "date": now, "counts": counts}
            if self.planned_count > FEW_ROWS:
                self.sudo().empty_values = kept
        return {name: kept["counts"][name.property_name] for name in variables}

    @api.model
    def _is_fresh_count(self, kept, key):
        """Return whether cached counts are still valid."""
        if kept.get("key") != key:
            return False
        date = fields.Datetime.to_datetime(kept["date"])
        return fields.Datetime.now() - date < LIFETIME

    def _get_bare_variables(self):
        """Return the variables without a fallback text, by their names."""
        variables = self._get_variables_by_name()
        return {
            name: variables[name]
            for name in find_bare_variables(*self._get_texts()) & variables.keys()
            if not variables[name].fallback
        }

    def _count_empty_rows(self, variables):
        """Return the counts by the names of the variables' properties, all in one
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
        known = self._get_variables_by_name()
        query = self._get_send_query()
        names = find_variables(token) & known.keys()
        variables = [known[name] for name in names]
        conditions = self._get_empty_conditions(query, variables).values()
        query.add_where(SQL(" AND ").join(conditions or [SQL("FALSE")]))
        return query

    def _get_empty_conditions(self, query, variables):
        """Return the SQL of where a variable is empty, by variable."""
        if not variables:
            return {}
        setting = self._get_value_setting()
        columns = self.env["mailjet.variable.value"]._get_value_columns(query, setting)
        return {
            variable: SQL(
                "COALESCE(%s, '') = ''", columns.get_clean(variable._get_definition())
            )
            for variable in variables
        }
