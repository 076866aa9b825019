from odoo import fields
from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from odoo.addons.rpc.controllers.xmlrpc import dumps

from .common import MailjetCase
from .roles import (
    ARGUMENTS,
    CAMPAIGNS,
    METHODS,
    PARTS,
    REFUSALS,
    ROLES,
    STATES,
    find_public_methods,
    make_roles,
)

# What has nothing to do for the records of this test, and says so.
REFUSED = {
    ("mailjet.gallery", "get_preview"),
    ("mailjet.gallery", "action_use_template"),
    *(
        ("mailjet.mailing", method)
        for method in (
            "acknowledge_check",
            "acknowledge_checks",
            "action_cancel",
            "action_choose_winner",
            "action_load_target",
            "action_resend",
            "action_retry",
            "action_send_checked",
            "action_send_rest",
            "action_send_to_remaining",
            "action_view_statistics",
            "get_results",
            "get_statistics",
        )
    ),
    ("mailjet.mailing.send", "action_send"),
    ("mailjet.retention", "action_confirm"),
}


@tagged("post_install", "-at_install")
class TestPublicMethods(MailjetCase):
    """Who may call what over RPC, for every role and every public method."""

    maxDiff = None

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        for lang in ("fr_FR", "de_DE"):
            cls.env["res.lang"]._activate_lang(lang)
        cls.roles = {
            **make_roles(cls.env),
            "mailer": cls.user,
            "mail_manager": cls.manager,
        }
        cls.lead = cls._make_lead("lead@example.com", user_id=False)
        cls.target = cls.env["mailjet.target"].create(
            {"name": "People", "contact_ids": cls.people.ids}
        )

    def setUp(self):
        super().setUp()
        self.mailing = self._make_mailing(self.people)
        self.mailing.action_add_version("fr_FR")
        self.env.flush_all()

    def test_every_method_has_been_thought_of(self):
        self.assertEqual(
            find_public_methods(self.registry),
            {model: set(methods) for model, methods in METHODS.items()},
        )

    def test_every_role_on_every_method(self):
        for model, methods in METHODS.items():
            for method, allowed in methods.items():
                for role in ROLES:
                    with self.subTest(model=model, method=method, role=role):
                        expected = REFUSALS.get((model, method), "")
                        outcome = self._call(role, model, method)
                        if role not in allowed:
                            self.assertEqual(outcome, "no access")
                        else:
                            self.assertRegex(outcome, expected or "^$")

    def test_every_answer_can_be_sent_over_xml_rpc(self):
        """It knows no None, and no whole number of more than 32 bits."""
        refused = set()
        for model, methods in METHODS.items():
            for method, allowed in methods.items():
                role = next(role for role in ROLES if role in allowed)
                with self.subTest(model=model, method=method), self._undone():
                    try:
                        answer = self._answer(role, model, method)
                    except UserError:
                        refused.add((model, method))
                        continue
                    dumps((answer,))
        # Everything else gives an answer here.
        self.assertLessEqual(refused, REFUSED)

    def test_answers_of_a_mailing_that_is_on_its_way(self):
        for method, values in (
            ("action_send", {}),
            ("action_send", {"needs_confirmation": True, "state": "in_queue"}),
            ("action_cancel", {"state": "in_queue"}),
            ("action_retry", {"state": "failed", "delivery_step": "list"}),
            ("get_progress", {"state": "preparing", "delivery_step": "list"}),
            ("get_results", {"state": "done", "sent_date": "2026-01-01 08:00:00"}),
            ("get_statistics", {"state": "done", "sent_date": "2026-01-01 08:00:00"}),
        ):
            with self.subTest(method=method, **values), self._undone():
                if values:
                    self._make_campaign(self.mailing, **values)
                dumps((getattr(self.mailing, method)(),))

    # === HELPERS === #

    def _answer(self, role, model, method):
        """Return the answer that a user of the role gets for calling a method."""
        arguments = ARGUMENTS.get((model, method), [])
        # Discuss leaves an empty guest in the context of tests.
        self.method = method
        record = self._find(model, self.roles[role]).with_context(guest=False)
        return getattr(record, method)(*map(self._get_argument, arguments))

    def _call(self, role, model, method):
        """Return what a user of the role gets for calling a method: ``no access``, the
        sentence of a complaint, or nothing. What it did is undone."""
        is_mailing = model == "mailjet.mailing"
        state = STATES.get(method, {}) if is_mailing else {}
        with self._undone():
            if is_mailing and method in CAMPAIGNS:
                self._make_campaign(self.mailing, **CAMPAIGNS[method])
            self.mailing.sudo().write(
                {name: self._get_argument(value) for name, value in state.items()}
            )
            try:
                self._answer(role, model, method)
            except AccessError:
                return "no access"
            except UserError as error:
                return str(error)
            return ""

    def _get_argument(self, argument):
        records = {
            "target": self.target,
            "filter": self.filter,
            "mailing_id": self.mailing,
            "company": self.env.company,
        }
        if isinstance(argument, str) and argument in records:
            return records[argument].id
        return argument

    def _find(self, model, user):
        """Return a record of the model as the user holds it: what exists in the
        company, or a wizard of his own about it."""
        records = {
            "mailjet.account": self.account,
            "crm.lead": self.lead,
            "mailjet.gallery": self.env["mailjet.gallery"],
            "mailjet.health": self.env["mailjet.health"],
            "mailjet.mailing": self.mailing,
            "mailjet.measuring": self.env["mailjet.measuring"],
            "mailjet.html.import": self.env["mailjet.html.import"],
            "mailjet.privacy": self.env["mailjet.privacy"],
            "mailjet.theme": self.env["mailjet.theme"],
            "mailjet.recipient.load": self.mailing.load_ids,
            "mailjet.target": self.target,
            "mailjet.variable": self.env["mailjet.variable"],
            "mailjet.version": self.mailing.version_ids,
            "res.partner": self.ann,
        }
        if model == "mailjet.campaign":
            values = {"is_part": True, **PARTS.get(self.method, {})}
            return self._make_campaign(self.mailing, **values).with_user(user)
        if model in ("mailjet.suppression.report", "mailjet.event"):
            return self._make_inbox(model).with_user(user)
        if model == "mailjet.recipient.report":
            return self._make_report().with_user(user)
        if model == "mailjet.recipient":
            rows = self.env[model].search([("mailing_id", "=", self.mailing.id)])
            return rows[0].with_user(user)
        if model == "mailjet.consent":
            return self._make_opt_out().with_user(user)
        if model == "mailjet.retention":
            return self._make_prospect().with_user(user)
        if model in records:
            return records[model].with_user(user)
        return self.env[model].with_user(user).create(self._get_wizard_values(model))

    def _make_report(self):
        """Return a row of the report on a mailing that was sent."""
        self.mailing.sudo().sent_date = fields.Datetime.now()
        rows = self.env["mailjet.recipient"].search(
            [("mailing_id", "=", self.mailing.id)], limit=1
        )
        rows.sudo().status = "sent"
        self.env.flush_all()
        return self.env["mailjet.recipient.report"].search(
            [("mailing_id", "=", self.mailing.id)]
        )

    def _make_prospect(self):
        """Return a prospect without contact."""
        return self.env["mailjet.retention"].create(
            {
                "email": self.ann.email,
                "company_id": self.env.company.id,
                "last_contact_date": "2020-01-01 08:00:00",
                "contact_kind": "record",
            }
        )

    def _make_opt_out(self):
        """Return the opt-out of a topic."""
        topic = self.env["mailjet.topic"].create({"name": "Offers"})
        opt_out = {
            "email": self.ann.email,
            "cause": "unsubscribed",
            "topic_id": topic.id,
            "date": fields.Datetime.now(),
        }
        self.env["mailjet.consent"]._opt_out([opt_out], "user")
        return self.env["mailjet.consent"].search([("topic_id", "=", topic.id)])

    def _make_inbox(self, model):
        """Return something that has come from Mailjet."""
        of_account = {"account_id": self.account.id, "email": self.ann.email}
        if model == "mailjet.event":
            now = fields.Datetime.now()
            return self.env[model].create(
                {
                    **of_account,
                    "dedupe_hash": "one",
                    "received_date": now,
                    "state": "unmatched",
                }
            )
        self.env["mailjet.suppression"].create({**of_account, "origin": "mailjet"})
        self.env.flush_all()
        return self.env[model].search([("account_id", "=", self.account.id)], limit=1)

    def _get_wizard_values(self, model):
        if model == "mailjet.retention.archive":
            return {"retention_ids": self._make_prospect().ids}
        return {
            "mailjet.consent.record.open": {"email": self.ann.email, "lang": "en_US"},
            "mailjet.mailing.add": {
                "mailing_type": "existing",
                "mailing_id": self.mailing.id,
                "res_model": "res.partner",
                "domain": str([("id", "in", self.people.ids)]),
            },
            "mailjet.mailing.schedule": {
                "mailing_id": self.mailing.id,
                "schedule_date": "2099-01-01 08:00:00",
            },
            "mailjet.mailing.send": {"mailing_id": self.mailing.id},
            "mailjet.mailing.test": {
                "mailing_id": self.mailing.id,
                "email_to": "test@example.com",
            },
            "mailjet.personal.data": {"partner_ids": self.ann.ids},
            "mailjet.webhook.replace": {
                "account_id": self.account.id,
                "hosts": "example.com",
            },
            "mailjet.recipient.add": {
                "mailing_id": self.mailing.id,
                "kind": "contact",
            },
            "mailjet.recipient.load.refresh": {"load_id": self.mailing.load_ids.id},
        }[model]
