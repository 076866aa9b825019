from odoo.tests import tagged

from .measuring_common import MeasuringCase
from .migration_script import load


@tagged("post_install", "-at_install")
class TestMeasuringMigration(MeasuringCase):
    """Choices from before each belonged to a company."""

    def _migrate(self):
        load("19.0.1.2.0/post-measuring").migrate(self.env.cr, "19.0.1.1.0")
        self.env.invalidate_all()

    def test_permission_to_no_company_ends_and_a_refusal_counts_for_all(self):
        self._choose("granted", "ann@example.com")
        self._choose("refused", "bob@example.com")
        self._choose("granted", "cat@example.com")
        self.env.cr.execute(
            "UPDATE mailjet_measuring SET company_id = NULL"
            " WHERE email <> 'cat@example.com'"
        )
        for _run in range(2):
            self._migrate()
            in_force = self.store.search([("ended_date", "=", False)])
            self.assertEqual(
                {(row.email, row.choice, row.company_id.id) for row in in_force},
                {
                    ("bob@example.com", "refused", False),
                    ("cat@example.com", "granted", self.company.id),
                },
            )
        company = self.env["res.company"].create({"name": "Another"})
        emails = [f"{name}@example.com" for name in ("ann", "bob", "cat")]
        choices = self.store._get_choices(company, emails)
        self.assertEqual(
            [choices[email]["open"] for email in emails],
            ["unknown", "refused", "unknown"],
        )
