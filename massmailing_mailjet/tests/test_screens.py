import re

from odoo.tests import TransactionCase, tagged

MODULE = "massmailing_mailjet"
PATH = re.compile(r"mass-mailing(-[a-z]+)*")


@tagged("post_install", "-at_install")
class TestScreens(TransactionCase):
    """What all pages of the add-on have in common."""

    def _find_pages(self):
        """Return the actions of the add-on that open a page, not a dialog."""
        known = self.env["ir.model.data"].search([("module", "=", MODULE)])
        for model in ("ir.actions.act_window", "ir.actions.client"):
            ids = known.filtered_domain([("model", "=", model)]).mapped("res_id")
            pages = self.env[model].browse(ids)
            yield from pages.filtered(lambda action: action.target != "new")

    def test_every_page_has_a_readable_address(self):
        """One that a person can read, keep and pass on: /odoo/mass-mailing-targets."""
        pages = list(self._find_pages())
        self.assertGreater(len(pages), 10)
        for page in pages:
            with self.subTest(page.xml_id):
                self.assertRegex(page.path or "", f"^{PATH.pattern}$")
