from odoo import models


class IrActionsServer(models.Model):
    _inherit = "ir.actions.server"

    def run(self):
        """What a server action does, or a scheduled one, no person does: it lifts no
        refusal of mass mailings, whoever has started it."""
        program = self.with_context(massmailing_by_program=True)
        return super(IrActionsServer, program).run()
