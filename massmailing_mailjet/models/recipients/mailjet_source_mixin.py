from odoo import api, fields, models

from ...const import RECORD_SOURCES
from ..empty_column import add_empty_column


class MailjetSourceMixin(models.AbstractModel):
    """Records when a field that the rows of mailings copy was last changed.

    The time is stored on the record itself, in the statement that writes the change, so
    that it takes no further query. Its index is only updated when a name or an address
    changes, which have indexes of their own: an index on ``write_date`` would be
    updated by every change.

    Changes made by SQL, behind Odoo's back, are not recorded: a mailing reads all its
    records once more when its recipients are finalized:
    ``mailjet.record.sync._refresh``.
    """

    _name = "mailjet.source.mixin"
    _description = "Source of mass mailing recipients"

    massmailing_change_date = fields.Datetime(
        string="Changed for mass mailing",
        compute="_compute_massmailing_change_date",
        store=True,
        copy=False,
        help="When the name, address or archiving was last changed.",
    )

    _massmailing_change_date_idx = models.Index(
        "(massmailing_change_date) WHERE massmailing_change_date IS NOT NULL"
    )

    def _auto_init(self):
        """Start with an empty column: no change of an existing record is known, and
        writing all records would take long."""
        add_empty_column(self, "massmailing_change_date", "timestamp")
        return super()._auto_init()

    @api.model
    def _get_taken_over_fields(self):
        """Return the fields that rows copy."""
        source = RECORD_SOURCES.get(self._name)
        return ["name", source["email"], "active"] if source else []

    @api.depends(lambda self: self._get_taken_over_fields())
    def _compute_massmailing_change_date(self):
        self.massmailing_change_date = self.env.cr.now()
