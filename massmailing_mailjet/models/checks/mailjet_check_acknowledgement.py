from odoo import api, fields, models


class MailjetAcknowledgement(models.Model):
    """One amber finding of which a person said that it is meant like this. Who and when
    is the row's author; it counts only as long as the finding stays the same."""

    _name = "mailjet.acknowledgement"
    _description = "Accepted issue of a mass mailing"
    _order = "id"

    mailing_id = fields.Many2one(
        "mailjet.mailing", required=True, ondelete="cascade", readonly=True
    )
    name = fields.Char(string="Issue", required=True, readonly=True)
    fingerprint = fields.Char(required=True, readonly=True)

    _mailing_name_uniq = models.Constraint(
        "unique(mailing_id, name)", "This issue has already been accepted."
    )

    @api.model
    def _get_valid(self, mailing, findings):
        """Return the acknowledgements of findings that are still the same, by name."""
        fingerprints = {finding.name: finding.fingerprint for finding in findings}
        return {
            row.name: row
            for row in self.search([("mailing_id", "=", mailing.id)])
            if row.fingerprint == fingerprints.get(row.name)
        }

    @api.model
    def _add(self, mailing, finding):
        """Write down that the user acknowledges the finding."""
        self._remove(mailing, finding.name)
        self.sudo().create(
            {
                "mailing_id": mailing.id,
                "name": finding.name,
                "fingerprint": finding.fingerprint,
            }
        )

    @api.model
    def _remove(self, mailing, name):
        rows = self.sudo().search(
            [("mailing_id", "=", mailing.id), ("name", "=", name)]
        )
        return rows.unlink()
