from datetime import datetime, timedelta
from types import SimpleNamespace

from freezegun import freeze_time

from odoo.tools import SQL

from .common import DeliveryCase

LONG_AGO = datetime(2020, 1, 6, 8, 0)
ANN, BOB, CAT = (f"{name}@example.com" for name in ("ann", "bob", "cat"))
VISIT = {"ip": "198.51.100.7", "agent": "Firefox"}


class RetentionCase(DeliveryCase):
    """Three contacts of a company who have not been in touch since long ago."""

    def setUp(self):
        super().setUp()
        self.company = self.env.company
        self.company.mailjet_retention_months = 36
        others = self.env["mailjet.account"].search([("id", "!=", self.account.id)])
        others.api_key = False
        self.env["mailjet.preference.key"]._ensure()
        self._age(self.people)
        self.store = self.env["mailjet.retention"]

    def _age(self, records, date=LONG_AGO):
        """Let records have been created at a date."""
        self.env.flush_all()
        self.env.cr.execute(
            SQL(
                "UPDATE %s SET create_date = %s WHERE id = ANY(%s)",
                SQL.identifier(records._table),
                date,
                records.ids,
            )
        )
        records.invalidate_recordset()

    def _search(self, *emails, company=None):
        """Search prospects among addresses, by default those of the contacts."""
        company = company or self.company
        self.store._refresh_addresses(company, list(emails or (ANN, BOB, CAT)))
        self.store._advance(company)

    def _read(self, company=None):
        """Return the states of the list of a company, by address."""
        rows = self.store.search([("company_id", "=", (company or self.company).id)])
        return {row.email: row.state for row in rows}

    def _find(self, email=ANN):
        """Return the row of an address."""
        return self.store.search(
            [("email", "=", email), ("company_id", "=", self.company.id)]
        )

    def _ask(self, rows=None):
        """Return the mailing that asks rows, by default all."""
        rows = self.store if rows is None else rows
        action = rows.with_user(self.manager).action_ask()
        mailing = self.env["mailjet.mailing"].with_user(self.manager)
        mailing = mailing.browse(action["res_id"])
        mailing.write({"account_id": self.account.id, "sender_id": self.sender.id})
        return mailing

    def _ask_and_send(self, rows=None):
        mailing = self._ask(rows)
        self._send(mailing)
        self._search()
        return mailing

    def _answer(self, email=ANN, **form):
        """Let the owner of an address send a form of the preference page."""
        preferences = self.env["mailjet.preferences"].sudo()
        rows = self.env["mailjet.recipient"].search([("email_normalized", "=", email)])
        owner = preferences._find_owner(self._get_token(rows[-1:]))
        values = SimpleNamespace(get=form.get, getlist=lambda _name: [])
        return preferences._change(owner, values, VISIT)

    def _pass_time(self, **delta):
        """Let time pass, and return the clock to be used for what is done then."""
        self.clock += timedelta(**delta)
        return freeze_time(self.clock)

    def _expire(self):
        """Let the time to answer pass."""
        with self._pass_time(days=31):
            self._search()

    def _confirm(self, rows, user=None):
        """Confirm rows in the dialog, and return it."""
        rows = rows.with_user(user or self.manager)
        action = rows.action_confirm()
        wizard = self.env["mailjet.retention.archive"].with_user(user or self.manager)
        wizard = wizard.with_context(**action["context"]).create({})
        wizard.action_confirm()
        return wizard

    def _run_archive(self):
        with freeze_time(self.clock), self.enter_registry_test_mode():
            cron = self.env.ref("massmailing_mailjet.ir_cron_retention_archive")
            cron.method_direct_trigger()
        self.env.invalidate_all()
