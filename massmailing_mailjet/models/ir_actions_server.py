from odoo import models


class IrActionsServer(models.Model):
    _inherit = "ir.actions.server"

    def run(self):
        """Mark what server and scheduled actions do as done by a program: they cannot
        lift an opt-out of mass mailings or give permission to measure, whoever runs
        them."""
        program = self.with_context(massmailing_by_program=True)
        return super(IrActionsServer, program).run()
