from odoo.exceptions import AccessError
from odoo.tests import new_test_user, users

from .common import MailjetCase

MODELS = [
    "mailjet.account",
    "mailjet.sender",
    "mailjet.template",
    "mailjet.variable",
    "mailjet.target",
    "mailjet.mailing",
    "mailjet.recipient",
    "mailjet.recipient.report",
    "mailjet.recipient.load",
    "mailjet.recipient.load.refresh",
    "mailjet.recipient.overlap",
    "mailjet.recipient.add",
    "mailjet.exclusion",
    "mailjet.upload",
    "mailjet.list",
    "mailjet.test",
    "mailjet.link",
    "mailjet.click",
    "mailjet.event",
    "mailjet.webhook.replace",
    "mailjet.suppression",
    "mailjet.disagreement",
    "mailjet.personal.data",
    "mailjet.acknowledgement",
    "mailjet.link.check",
    "mailjet.mailing.add",
    "mailjet.mailing.test",
    "mailjet.mailing.schedule",
]
# What each role may do, as the first letters of read, write, create, unlink.
RIGHTS = {
    "outsider": dict.fromkeys(MODELS, ""),
    "mailer": {
        "mailjet.account": "r",
        "mailjet.sender": "r",
        "mailjet.template": "r",
        "mailjet.variable": "r",
        "mailjet.target": "rwcu",
        "mailjet.mailing": "rwcu",
        "mailjet.recipient": "rw",
        "mailjet.recipient.report": "r",
        "mailjet.recipient.load": "r",
        "mailjet.recipient.load.refresh": "rwcu",
        "mailjet.recipient.overlap": "",
        "mailjet.recipient.add": "rwcu",
        "mailjet.exclusion": "r",
        "mailjet.upload": "",
        "mailjet.list": "",
        "mailjet.test": "",
        "mailjet.link": "r",
        "mailjet.click": "r",
        "mailjet.event": "",
        "mailjet.webhook.replace": "",
        "mailjet.suppression": "",
        "mailjet.disagreement": "",
        "mailjet.personal.data": "",
        "mailjet.acknowledgement": "r",
        "mailjet.link.check": "",
        "mailjet.mailing.add": "rwcu",
        "mailjet.mailing.test": "rwcu",
        "mailjet.mailing.schedule": "rwcu",
    },
}
RIGHTS["mail_manager"] = RIGHTS["mailer"] | {
    "mailjet.account": "rwcu",
    "mailjet.variable": "rwcu",
    "mailjet.upload": "r",
    "mailjet.list": "r",
    "mailjet.test": "r",
    "mailjet.event": "r",
    "mailjet.webhook.replace": "rwcu",
    "mailjet.suppression": "r",
    "mailjet.disagreement": "r",
    "mailjet.personal.data": "rwcu",
    "mailjet.recipient.overlap": "r",
}


class TestSecurity(MailjetCase):
    """Who may do what."""

    def test_rights_of_every_role_on_every_model(self):
        outsider = new_test_user(self.env, "outsider", "sales_team.group_sale_salesman")
        for user in (outsider, self.user, self.manager):
            for model, letters in RIGHTS[user.login].items():
                for operation in ("read", "write", "create", "unlink"):
                    with self.subTest(
                        user=user.login, model=model, operation=operation
                    ):
                        self.assertEqual(
                            self.env[model].with_user(user).has_access(operation),
                            operation[0] in letters,
                        )

    def test_every_model_has_been_thought_of(self):
        ours = self.env["ir.model"].search(
            [("model", "=like", "mailjet.%"), ("abstract", "=", False)]
        )
        self.assertEqual(set(ours.mapped("model")), set(MODELS))

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
        company = cls.env["res.company"].create({"name": "Elsewhere"})
        new_test_user(
            cls.env,
            "outsider_of_the_company",
            "massmailing_mailjet.mailjet_group_manager",
            company_id=company.id,
            company_ids=[company.id],
        )

    def setUp(self):
        super().setUp()
        self.theirs = self._make_mailing(self.people)

    @users("mailer")
    def test_a_load_cannot_be_deleted_by_hand(self):
        with self.assertRaises(AccessError):
            self.theirs.with_env(self.env).load_ids.unlink()

    def test_neither_logs_nor_exports_show_the_secret(self):
        exported = self.account.with_user(self.manager).fields_get()
        self.assertNotIn("api_secret", exported)
        self.assertNotIn("api_key", exported)
