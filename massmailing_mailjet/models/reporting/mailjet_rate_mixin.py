from odoo import api, fields, models
from odoo.tools import SQL

from .rates import RATES


class MailjetRateMixin(models.AbstractModel):
    """The rates of the model's counts, as fractions of 1.

    They are not stored, since SQL updates the counts, but can be sorted and grouped in
    SQL. The rate of a group is that of all its recipients together, not the mean of the
    rates: a mailing to ten people does not weigh as much as one to ten thousand.
    """

    _name = "mailjet.rate.mixin"
    _description = "Mass mailing rates"

    measured_count = fields.Integer(
        string="Measured",
        compute="_compute_measured_count",
        help="Recipients whose server accepted the email and whose openings and clicks "
        "are measured.",
    )
    delivered_ratio = fields.Float(
        string="Delivery rate",
        compute="_compute_ratios",
        aggregator="avg",
        help="Share of the emails sent that were delivered.",
    )
    opened_ratio = fields.Float(
        string="Open rate",
        compute="_compute_ratios",
        aggregator="avg",
        help="Share of the emails delivered that the recipient opened, of those who "
        "are measured.",
    )
    clicked_ratio = fields.Float(
        string="Click rate",
        compute="_compute_ratios",
        aggregator="avg",
        help="Share of the emails delivered whose recipient clicked, of those who are "
        "measured.",
    )
    bounced_ratio = fields.Float(
        string="Bounce rate",
        compute="_compute_ratios",
        aggregator="avg",
        help="Share of the emails sent that bounced.",
    )
    optout_ratio = fields.Float(
        string="Unsubscribe rate",
        compute="_compute_ratios",
        aggregator="avg",
        help="Share of the emails delivered whose recipient unsubscribed.",
    )

    @api.depends("delivered_count", "unmeasured_count")
    def _compute_measured_count(self):
        for record in self:
            record.measured_count = record.delivered_count - record.unmeasured_count

    @api.depends(*dict.fromkeys(name for pair in RATES.values() for name in pair))
    def _compute_ratios(self):
        for record in self:
            for ratio, (part, whole) in RATES.items():
                record[ratio] = record[whole] and record[part] / record[whole]

    def _field_to_sql(self, alias, field_expr, query=None):
        if field_expr == "measured_count":
            return SQL(
                "(%s - COALESCE(%s, 0))",
                self._field_to_sql(alias, "delivered_count", query),
                self._field_to_sql(alias, "unmeasured_count", query),
            )
        if field_expr not in RATES:
            return super()._field_to_sql(alias, field_expr, query)
        part, whole = (
            self._field_to_sql(alias, name, query) for name in RATES[field_expr]
        )
        return SQL("(%s::float / NULLIF(%s, 0))", part, whole)

    def _read_group_select(self, aggregate_spec, query):
        ratio, _colon, aggregator = aggregate_spec.partition(":")
        if ratio not in RATES or aggregator != "avg":
            return super()._read_group_select(aggregate_spec, query)
        part, whole = (
            self._field_to_sql(self._table, name, query) for name in RATES[ratio]
        )
        return SQL("SUM(%s)::float / NULLIF(SUM(%s), 0)", part, whole)
