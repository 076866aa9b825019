import ssl
from contextlib import contextmanager
from datetime import datetime, timedelta, timezone
from functools import cache
from unittest.mock import patch

from freezegun import freeze_time

from odoo import fields
from odoo.exceptions import UserError
from odoo.tests import TransactionCase, new_test_user
from odoo.tools import SQL

from ..models.delivery import turn
from ..tools.personalization import PROPERTY
from .counts import Counts
from .mailjet import Mailjet
from .preference_links import PreferenceLinks
from .property_slots import PropertySlots

# Reading the certificates of the system takes a tenth of a test, and none needs them.
create_context = cache(ssl.create_default_context)

EVERYONE = frozenset(["ann@example.com", "bob@example.com", "cat@example.com"])


def find_properties(*texts):
    """Return the names of the contact properties that texts for Mailjet read."""
    return {match["name"] for text in texts for match in PROPERTY.finditer(text)}


class MailjetCase(Counts, PreferenceLinks, PropertySlots, TransactionCase):
    """A Mailjet account with two senders, a user of each role and a few records.

    ``self.mailjet`` answers the add-on's calls.
    """

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.startClassPatcher(
            patch.object(ssl, "create_default_context", create_context)
        )
        cls.mailjet = Mailjet()
        cls.addClassCleanup(cls.mailjet.close)
        cls.env["res.company"].search([]).write(
            {"mailjet_undo_minutes": 0, "mailjet_measuring_rule": "all"}
        )
        cls.user = cls._make_user("mailer", "user")
        cls.manager = cls._make_user("mail_manager", "manager")
        cls.account = cls.env["mailjet.account"].create(
            {
                "name": "Test account",
                "api_key": "public",
                "api_secret": "secret",
                "sequence": 1,
            }
        )
        cls.sender, cls.domain_sender = cls.env["mailjet.sender"].create(
            [
                cls._sender_values("news@example.com", name="News"),
                cls._sender_values("*@example.org"),
            ]
        )
        cls.ann, cls.bob, cls.cat = cls.env["res.partner"].create(
            [
                {"name": "Ann Ash", "email": "ann@example.com", "city": "Oslo"},
                {"name": "Bob Birch", "email": "Bob@Example.com", "city": "Bern"},
                {"name": "Cat Cedar", "email": "cat@example.com", "city": "Oslo"},
            ]
        )
        cls.people = cls.ann | cls.bob | cls.cat
        # What the stand-in received for the demo data does not matter to the tests.
        cls.env["mailjet.event"].search([]).unlink()
        cls.filter = cls._make_filter("People", cls.people)

    @classmethod
    def _make_user(cls, login, role):
        """Return a new user, who gets no invitation."""
        group = f"massmailing_mailjet.mailjet_group_{role}"
        return new_test_user(cls.env, login, group, context={"no_reset_password": True})

    @classmethod
    def _sender_values(cls, email, **values):
        return {
            "account_id": cls.account.id,
            "email": email,
            "status": "active",
            "spf_status": "ok",
            "dkim_status": "ok",
            **values,
        }

    def setUp(self):
        super().setUp()
        self.mailjet.reset()

    @classmethod
    def _request_handler(cls, session, request, /, **kwargs):
        if request.url.startswith(cls.account.sudo().api_url):
            return cls.mailjet.send(session, request, **kwargs)
        return super()._request_handler(session, request, **kwargs)

    @classmethod
    def _make_filter(cls, name, records, domain=None):
        """Return a shared filter that finds the records."""
        return cls.env["ir.filters"].create(
            {
                "name": name,
                "model_id": records._name,
                "domain": str(domain or [("id", "in", records.ids)]),
                "user_ids": False,
            }
        )

    def _make_mailing(self, records=None, user=None, **values):
        """Return a complete mailing of the user, with the records loaded."""
        mailing = (
            self.env["mailjet.mailing"]
            .with_user(user or self.user)
            .create(
                {
                    "name": "Newsletter",
                    "subject": "Hello $contacts-firstname$",
                    "account_id": self.account.id,
                    "sender_id": self.sender.id,
                    "composition": "html",
                    "body_code": "<p>Dear $contacts-firstname|reader$</p>",
                    **values,
                }
            )
        )
        if records:
            mailing.action_load_filter(self._make_filter("Chosen", records).id)
        return mailing

    def _make_campaign(self, mailing, **values):
        """Return the campaign that a mailing is sent as, which is that far."""
        mailing = mailing.sudo()
        campaign = mailing.mailjet_campaign_ids or mailing._create_campaign()
        campaign.write(values)
        return campaign

    @classmethod
    def _make_stranger(
        cls, login="stranger", groups="massmailing_mailjet.mailjet_group_manager"
    ):
        """Return a user of another company, unless said otherwise a manager there."""
        company = cls.env["res.company"].create({"name": "Elsewhere"})
        return new_test_user(
            cls.env,
            login,
            groups,
            company_id=company.id,
            company_ids=[company.id],
        )

    @classmethod
    def _limit_contacts(cls, domain):
        """Let everyone read only those contacts and accounts."""
        cls.env["ir.rule"].create(
            {
                "name": "Limited",
                "model_id": cls.env["ir.model"]._get("res.partner").id,
                "domain_force": str(domain),
            }
        )

    @classmethod
    def _make_lead(cls, email, **values):
        """Return a lead of the user with this address."""
        return cls.env["crm.lead"].create(
            {"name": email, "email_from": email, "user_id": cls.user.id, **values}
        )

    def _age_records(self):
        """Let an hour pass since every contact, lead and refusal was changed, in which
        PostgreSQL gets to know its tables by itself."""
        self.env.flush_all()
        for table, column in (
            ("res_partner", "massmailing_change_date"),
            ("crm_lead", "massmailing_change_date"),
            ("mailjet_consent", "write_date"),
        ):
            self.env.cr.execute(
                SQL(
                    "UPDATE %(table)s SET %(column)s = %(column)s - interval '1 hour'",
                    table=SQL.identifier(table),
                    column=SQL.identifier(column),
                )
            )
            self.env.cr.execute(SQL("ANALYZE %s", SQL.identifier(table)))
        self.env.invalidate_all()

    def _row(self, mailing, record):
        """Return the mailing's row of a contact, an account or a lead, as the user
        sees it."""
        link = "lead_id" if record._name == "crm.lead" else "partner_id"
        return (
            self.env["mailjet.recipient"]
            .with_user(self.user)
            .search([("mailing_id", "=", mailing.id), (link, "=", record.id)])
        )

    def _rows(self, mailing):
        """Return the mailing's verdicts as ``{address: reason or "send"}``."""
        rows = self.env["mailjet.recipient"].search([("mailing_id", "=", mailing.id)])
        return {row.email: row.exclusion_reason or row.verdict for row in rows}

    def _run_cron(self, delays=()):
        """Let the delivery cron run once.

        :param delays: seconds between two looks at a job, by default there is one look
        """
        with (
            patch.object(turn, "POLL_DELAYS", delays),
            self.enter_registry_test_mode(),
        ):
            self.env.ref("massmailing_mailjet.ir_cron_delivery").method_direct_trigger()

    @contextmanager
    def _case(self, **case):
        """Make one of the cases of a test, which leaves nothing behind, neither here
        nor at Mailjet."""
        with self.subTest(**case), self._undone():
            self.mailjet.reset()
            yield

    @contextmanager
    def _undone(self):
        """Undo whatever is done within."""
        savepoint = self.env.cr.savepoint(flush=True)
        try:
            yield
        finally:
            savepoint.close(rollback=True)
            self.env.invalidate_all()

    @contextmanager
    def assertRefused(self, words):
        """Check that the user is refused in these words, and nothing is written."""
        with self.assertRaises(UserError) as caught:
            yield caught
        self.assertRegex(str(caught.exception), words)


class DeliveryCase(MailjetCase):
    """Mailings on their way, on a clock of the test."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        # The clock goes on, and stands still at once where a test asks it to: otherwise
        # each time would be looked for in every module.
        cls.startClassPatcher(freeze_time(datetime.now(timezone.utc), tick=True))

    def setUp(self):
        super().setUp()
        # Demo mailings would use the same cron.
        self.env["mailjet.campaign"].search([]).next_action_date = False
        self.clock = fields.Datetime.now()

    @contextmanager
    def _case(self, **case):
        with super()._case(**case):
            self.clock = fields.Datetime.now()
            yield

    def _run_later(self, **delta):
        """Let time pass and the cron run, not before what the test has just done."""
        self.clock = max(self.clock + timedelta(**delta), self._get_present())
        with freeze_time(self.clock):
            self._run_cron()

    def _get_present(self):
        """Return the time at which the test acts."""
        return fields.Datetime.now()

    def _strike(self):
        """Let the hour of what Mailjet holds come."""
        with freeze_time(self.clock):
            self.mailjet.strike()

    def _send(self, mailing):
        mailing.action_send()
        self._run_cron()

    def assertSentOnce(self, mailing, emails=EVERYONE):
        """Check that there was one sending, with these addresses."""
        self.assertEqual(mailing.delivery_message, False)
        self.assertEqual(mailing.state, "done")
        self.assertEqual(self.mailjet.sent, [set(emails)])
