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
        names = {name: name.property_name for name in variables}
        counts = self._keep_counts(
            "empty_values",
            [sorted(name.token for name in variables), self.planned_count],
            lambda: self._count_empty_rows(variables),
            is_brief,
        )
        if not counts or counts.keys() != set(names.values()):
            # What was counted last was about other variables.
            return {}
        return {name: counts[column] for name, column in names.items()}

    # === COUNTS THAT ARE KEPT === #

    def _keep_counts(self, name, key, count, is_brief):
        """Return what a pass over the rows to send counts; of many rows it is kept for
        a while, or until what it depends on changes.

        :param str name: the field that keeps it, as JSON
        :param list key: what the counts depend on
        :param count: makes the pass
        :param bool is_brief: of many rows, return what was counted last, however long
            ago; None if nothing was
        """
        is_long, kept = self.planned_count > FEW_ROWS, self.sudo()[name] or {}
        if is_long and is_brief:
            return kept.get("counts")
        if is_long and self._is_fresh_count(kept, key):
            return kept["counts"]
        counts = count()
        if is_long:
            now = fields.Datetime.to_string(fields.Datetime.now())
            self.sudo()[name] = {"key": key, "date": now, "counts": counts}
        return counts

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
