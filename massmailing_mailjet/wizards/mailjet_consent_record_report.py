from odoo import api, models
from odoo.exceptions import UserError


class MailjetConsentRecordReport(models.AbstractModel):
    """Renders the consent record that a user has asked for, as a page or a PDF, and
    logs each time that it does."""

    _name = "report.massmailing_mailjet.consent_record"
    _description = "Consent record"

    @api.model
    def _get_report_values(self, docids, data=None):
        """Return the values of the template: a list of records.

        :param docids: of ``mailjet.consent.record.open``, in which the user asked
        :raise AccessError: if the user is no manager, or someone else asked
        :raise UserError: if it was too long ago
        """
        Record = self.env["mailjet.consent.record"]
        Record._check_allowed()
        asked = self.env["mailjet.consent.record.open"].browse(docids or ()).exists()
        if not asked:
            raise UserError(
                self.env._(
                    "This consent record was opened too long ago. Open it again from "
                    "the page Data protection, a contact, an account or a lead."
                )
            )
        asked.check_access("read")
        is_printed = (data or {}).get("report_type") == "pdf"
        docs = []
        for doc in asked:
            # The record comes first: it does not list that it is being opened.
            docs.append(Record.with_context(lang=doc.lang)._get_record(doc.email))
            docs[-1]["lang"] = doc.lang
        self.env["mailjet.consent.act"]._log(
            [doc["email"] for doc in docs], "printed" if is_printed else "opened"
        )
        return {"docs": docs, "is_printed": is_printed}
