from freezegun import freeze_time

from odoo.tools import SQL

from .common import DeliveryCase

ADDRESS = "ann@example.com"

# Where Odoo itself keeps the contact and what was logged about it.
ODOO_TABLES = (
    "res_partner",
    "crm_lead",
    "mail_blacklist",
    "mail_tracking_value",
    "mail_mail",
    "mail_notification",
)
# Where an address waits until Mailjet has deleted it.
QUEUE = "mailjet_contact_deletion"


class ErasureCase(DeliveryCase):
    """Erasing contacts, and looking for what is left of their addresses."""

    def setUp(self):
        super().setUp()
        others = self.env["mailjet.account"].search([("id", "!=", self.account.id)])
        others.api_key = False

    def _erase(self, records=None):
        records = records or self.ann
        wizard = (
            self.env["mailjet.personal.data"]
            .with_user(self.manager)
            .with_context(active_model=records._name, active_ids=records.ids)
            .create({})
        )
        wizard.action_erase()
        self.env.invalidate_all()

    def _delete_contacts(self):
        """Let Mailjet delete the contacts that no mailing on its way needs."""
        with freeze_time(self.clock), self.enter_registry_test_mode():
            cron = self.env.ref("massmailing_mailjet.ir_cron_retention_archive")
            cron.method_direct_trigger()
        self.env.invalidate_all()

    def _get_contacts(self):
        """Return the addresses that Mailjet knows."""
        return set(self.mailjet.column("SELECT email FROM contact"))

    def _find_address(self, address=ADDRESS, ignored=(*ODOO_TABLES, QUEUE)):
        """Return the tables and columns in which a text holds the address."""
        self.env.flush_all()
        columns = self.env.execute_query(
            SQL(
                """
                SELECT c.table_name, c.column_name FROM information_schema.columns c
                  JOIN information_schema.tables t USING (table_schema, table_name)
                 WHERE c.table_schema = 'public' AND t.table_type = 'BASE TABLE'
                   AND c.data_type IN ('text', 'character varying', 'json', 'jsonb')
                """
            )
        )
        found = []
        for table, column in columns:
            if table in ignored:
                continue
            query = SQL(
                "SELECT FROM %s WHERE %s::text ~* %s LIMIT 1",
                SQL.identifier(table),
                SQL.identifier(column),
                rf"(?<![\w.+-]){address}",
            )
            self.env.cr.execute(query)
            if self.env.cr.rowcount:
                found.append(f"{table}.{column}")
        return found
