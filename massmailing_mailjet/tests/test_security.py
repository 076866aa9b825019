from odoo.exceptions import AccessError
from odoo.tests import tagged, users

from .common import MailjetCase
from .roles import MAILERS, ROLES, make_roles

MODELS = [
    "mailjet.account",
    "mailjet.sender",
    "mailjet.template",
    "mailjet.variable",
    "mailjet.target",
    "mailjet.mailing",
    "mailjet.version",
    "mailjet.campaign",
    "mailjet.recipient",
    "mailjet.recipient.report",
    "mailjet.recipient.load",
    "mailjet.recipient.load.refresh",
    "mailjet.recipient.overlap",
    "mailjet.recipient.add",
    "mailjet.exclusion",
    "mailjet.upload",
    "mailjet.list",
    "mailjet.test.message",
    "mailjet.link",
    "mailjet.click",
    "mailjet.event",
    "mailjet.event.queue",
    "mailjet.webhook.replace",
    "mailjet.topic",
    "mailjet.consent",
    "mailjet.consent.act",
    "mailjet.consent.key",
    "mailjet.preference.key",
    "mailjet.property.slot",
    "mailjet.rate.limit",
    "mailjet.measuring",
    "mailjet.measuring.text",
    "mailjet.preference.key",
    "mailjet.consent.record.open",
    "mailjet.erasure",
    "mailjet.signup",
    "mailjet.retention",
    "mailjet.retention.archive",
    "mailjet.contact.deletion",
    "mailjet.suppression",
    "mailjet.suppression.report",
    "mailjet.personal.data",
    "mailjet.acknowledgement",
    "mailjet.link.check",
    "mailjet.mailing.add",
    "mailjet.mailing.test",
    "mailjet.mailing.schedule",
    "mailjet.mailing.send",
]
# What each role may do, as the first letters of read, write, create, unlink.
RIGHTS = dict.fromkeys(ROLES.keys() - MAILERS, dict.fromkeys(MODELS, "")) | {
    "mailer": {
        "mailjet.account": "r",
        "mailjet.sender": "r",
        "mailjet.template": "r",
        "mailjet.variable": "r",
        "mailjet.target": "rwcu",
        "mailjet.mailing": "rwcu",
        "mailjet.version": "rwcu",
        "mailjet.campaign": "r",
        "mailjet.recipient": "rw",
        "mailjet.recipient.report": "r",
        "mailjet.recipient.load": "rw",
        "mailjet.recipient.load.refresh": "rwcu",
        "mailjet.recipient.overlap": "",
        "mailjet.recipient.add": "rwcu",
        "mailjet.exclusion": "r",
        "mailjet.upload": "",
        "mailjet.list": "",
        "mailjet.test.message": "",
        "mailjet.link": "r",
        "mailjet.click": "r",
        "mailjet.event": "",
        "mailjet.event.queue": "",
        "mailjet.webhook.replace": "",
        "mailjet.topic": "r",
        "mailjet.consent": "",
        "mailjet.consent.act": "",
        "mailjet.consent.key": "",
        "mailjet.rate.limit": "",
        "mailjet.measuring": "",
        "mailjet.measuring.text": "",
        "mailjet.preference.key": "",
        "mailjet.property.slot": "",
        "mailjet.consent.record.open": "",
        "mailjet.erasure": "",
        "mailjet.signup": "",
        "mailjet.retention": "",
        "mailjet.retention.archive": "",
        "mailjet.contact.deletion": "",
        "mailjet.suppression": "",
        "mailjet.suppression.report": "",
        "mailjet.personal.data": "",
        "mailjet.acknowledgement": "r",
        "mailjet.link.check": "",
        "mailjet.mailing.add": "rwcu",
        "mailjet.mailing.test": "rwcu",
        "mailjet.mailing.schedule": "rwcu",
        "mailjet.mailing.send": "rwcu",
    },
}
RIGHTS["mail_manager"] = RIGHTS["mailer"] | {
    "mailjet.account": "rwcu",
    "mailjet.variable": "rwcu",
    "mailjet.upload": "r",
    "mailjet.list": "r",
    "mailjet.test.message": "r",
    "mailjet.event": "r",
    "mailjet.event.queue": "r",
    "mailjet.webhook.replace": "rwcu",
    "mailjet.topic": "rwcu",
    "mailjet.consent": "rc",
    "mailjet.measuring": "rwc",
    "mailjet.measuring.text": "rwc",
    "mailjet.signup": "r",
    "mailjet.retention": "r",
    "mailjet.retention.archive": "rwcu",
    "mailjet.consent.act": "r",
    "mailjet.consent.record.open": "rwcu",
    "mailjet.suppression": "r",
    "mailjet.suppression.report": "r",
    "mailjet.personal.data": "rwcu",
    "mailjet.recipient.overlap": "r",
}
RIGHTS["elsewhere"] = RIGHTS["mail_manager"]
# Which addresses were opened for a mailing is for administrators.
RIGHTS["administrator"] = RIGHTS["mail_manager"] | {"mailjet.link.check": "r"}
RIGHTS["settings"] = RIGHTS["settings"] | {"mailjet.link.check": "r"}

# Models whose records belong to no company, but to all.
SHARED_MODELS = {
    "mailjet.variable",
    "mailjet.link.check",
    "mailjet.consent.key",
    "mailjet.preference.key",
    "mailjet.rate.limit",
    "mailjet.erasure",
    "mailjet.contact.deletion",
    "mailjet.property.slot",
}


@tagged("post_install", "-at_install")
class TestSecurity(MailjetCase):
    """Who may do what."""

    def test_rights_of_every_role_on_every_model(self):
        known = {"mailer": self.user, "mail_manager": self.manager}
        for role, user in (make_roles(self.env) | known).items():
            for model, letters in RIGHTS[role].items():
                for operation in ("read", "write", "create", "unlink"):
                    with self.subTest(role=role, model=model, operation=operation):
                        self.assertEqual(
                            self.env[model].with_user(user).has_access(operation),
                            operation[0] in letters,
                        )

    def test_every_model_has_been_thought_of(self):
        ours = self.env["ir.model"].search(
            [("model", "=like", "mailjet.%"), ("abstract", "=", False)]
        )
        self.assertEqual(set(ours.mapped("model")), set(MODELS))

    def test_every_model_keeps_companies_apart(self):
        rules = self.env["ir.rule"].search([("domain_force", "like", "company_ids")])
        ruled = set(rules.filtered("global").mapped("model_id.model"))
        for model in set(MODELS) - SHARED_MODELS:
            if not self.env[model]._transient:
                with self.subTest(model):
                    self.assertIn(model, ruled)

    @users("outsider_of_the_company")
    def test_companies_are_kept_apart(self):
        mailing = self.theirs.with_env(self.env)
        for record in (
            mailing,
            mailing.account_id,
            self.env["mailjet.recipient"]
            .sudo()
            .search([("mailing_id", "=", mailing.id)]),
        ):
            with self.subTest(record), self.assertRaises(AccessError):
                record.sudo(False).read(["display_name"])

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._make_stranger("outsider_of_the_company")

    def setUp(self):
        super().setUp()
        self.theirs = self._make_mailing(self.people)

    @users("mailer")
    def test_a_load_cannot_be_deleted_directly(self):
        with self.assertRaises(AccessError):
            self.theirs.with_env(self.env).load_ids.unlink()

    def test_neither_logs_nor_exports_show_the_secret(self):
        exported = self.account.with_user(self.manager).fields_get()
        self.assertNotIn("api_secret", exported)
        self.assertNotIn("api_key", exported)
