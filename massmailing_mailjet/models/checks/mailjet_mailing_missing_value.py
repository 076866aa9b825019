from datetime import timedelta

from odoo import api, fields, models
from odoo.tools import SQL

from ...tools.variables import find_bare_variables, find_variables

# With more rows than this, counts are cached for a while: one pass over the records of
# a million rows takes seconds.
FEW_ROWS = 20_000
LIFETIME = timedelta(minutes=15)


class MailjetMailing(models.Model):
    """The rows for which a variable of the email that they get is empty, while neither
    the text nor the variable has a fallback text."""

    _inherit = "mailjet.mailing"

    empty_values = fields.Json(readonly=True, copy=False)

    def _count_empty_values(self, is_brief=False):
        """Return how many of the rows that may get an email have no value, by
        :class:`Variable`, for each email: an empty record for the mailing's own, or a
        version.

        :param bool is_brief: of many rows, return what was counted last, if anything
        """
        uses = self._get_bare_uses()
        if not uses or not self.planned_count:
            return {}
        names = {_get_key(version, name): (version, name) for version, name in uses}
        counts = self._keep_counts(
            "empty_values",
            [sorted(names), self._get_offered_languages(), self.planned_count],
            lambda: self._count_empty_rows(uses),
            is_brief,
        )
        if not counts or counts.keys() != names.keys():
            # What was counted last was about other variables.
            return {}
        found = {}
        for key, (version, name) in names.items():
            found.setdefault(version, {})[name] = counts[key]
        return found

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

    def _get_bare_uses(self):
        """Return the variables that an email uses without a fallback text, by the
        version and their name."""
        return {
            (version, name): variable
            for version in (self.version_ids.browse(), *self.version_ids)
            for content in [self._with_version(version)]
            for name, variable in content._get_bare_variables().items()
        }

    def _get_bare_variables(self):
        """Return the variables without a fallback text, by their names."""
        variables = self._get_variables_by_name()
        return {
            name: variables[name]
            for name in find_bare_variables(*self._get_texts()) & variables.keys()
            if not variables[name].fallback
        }

    def _count_empty_rows(self, uses):
        """Return the counts by the :func:`_get_key` of each use, all in one pass."""
        query = self._get_send_query()
        is_empty = self._get_empty_conditions(query, uses.values())
        may_get = self._get_version_conditions()
        columns = [
            SQL(
                "count(*) FILTER (WHERE %s AND %s)",
                may_get[version],
                is_empty[variable],
            )
            for (version, _name), variable in uses.items()
        ]
        self.env.flush_all()
        (counts,) = self.env.execute_query(query.select(*columns))
        return dict(zip((_get_key(*use) for use in uses), counts, strict=True))

    def _find_empty_rows(self, token, version):
        """Return the query of the rows to send that may get a version and for which a
        variable is empty.

        :param version: an empty recordset for the mailing's own email
        """
        known = self._get_variables_by_name()
        query = self._get_send_query()
        names = find_variables(token) & known.keys()
        variables = [known[name] for name in names]
        conditions = self._get_empty_conditions(query, variables).values()
        query.add_where(SQL(" AND ").join(conditions or [SQL("FALSE")]))
        query.add_where(self._get_version_conditions()[version])
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


def _get_key(version, name):
    """Return the name of a count of rows without a value for a variable."""
    return f"{version.id or 0} {name.token}"
