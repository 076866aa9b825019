from odoo import api, models


class MailjetWizardMixin(models.AbstractModel):
    """Keeps a wizard from linking to records that its user may not read.

    The name of a linked record is shown whoever may read the record: a wizard that
    links to another company's mailing would reveal its recipients one by one.
    """

    _name = "mailjet.wizard.mixin"
    _description = "Mass mailing wizard"

    @api.model_create_multi
    def create(self, vals_list):
        wizards = super().create(vals_list)
        wizards._check_links()
        return wizards

    def write(self, vals):
        result = super().write(vals)
        self._check_links()
        return result

    def _check_links(self):
        """Raise if the user may not read a linked record.

        :raise AccessError: naming the records
        """
        for name, field in self._fields.items():
            if field.store and field.type in ("many2one", "many2many"):
                self[name].check_access("read")
