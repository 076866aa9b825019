from odoo import fields
from odoo.exceptions import AccessError, UserError
from odoo.models import MAGIC_COLUMNS
from odoo.tests import tagged, users

from .common import MailjetCase
from .roles import MAILERS, MANAGERS, ROLES, SECRET, WRITABLE, make_roles

MANAGED = (
    "mailjet.account",
    "mailjet.measuring.text",
    "mailjet.topic",
    "mailjet.variable",
)
MODULE = "massmailing_mailjet"

# Read-only fields of a mailing, with what somebody might like them to be.
ENGINE = {
    "state": "done",
    "schedule_date": "2099-01-01 08:00:00",
    "calendar_date": "2099-01-01 08:00:00",
    "favorite_date": "2099-01-01 08:00:00",
    "sent_date": "2024-01-01 08:00:00",
    "planned_count": 7,
    "opened_count": 7,
    "delivery_step": "follow",
    "origin_id": 1,
    "tested_content": "x",
    "empty_values": {"key": "x"},
    "sender_counts": {"key": "x"},
    "basis_counts": {"key": "x"},
}


@tagged("post_install", "-at_install")
class TestFields(MailjetCase):
    """Which fields each role writes, whatever the screens show."""

    maxDiff = None

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["res.lang"]._activate_lang("fr_FR")
        known = {"mailer": cls.user, "mail_manager": cls.manager}
        cls.roles = make_roles(cls.env) | known

    def setUp(self):
        super().setUp()
        self.mailing = self._make_mailing(self.people)
        self.mailing.action_add_version("fr_FR")
        self.records = {
            "mailjet.account": self.account,
            "mailjet.mailing": self.mailing,
            "mailjet.recipient": self._row(self.mailing, self.ann).sudo(),
            "mailjet.recipient.load": self.mailing.load_ids.sudo(),
            "mailjet.target": self.env["mailjet.target"].create({"name": "People"}),
            "mailjet.topic": self.env["mailjet.topic"].create({"name": "Offers"}),
            "mailjet.variable": self.env["mailjet.variable"].search([], limit=1),
            "mailjet.measuring": self.env["mailjet.measuring"]
            .with_user(self.manager)
            .create(
                {
                    "email": "ann@example.com",
                    "kind": "open",
                    "choice": "refused",
                    "source_text": "Phone call",
                }
            ),
            "mailjet.measuring.text": self.env["mailjet.measuring.text"].create(
                {"body": "May we?", "company_id": self.env.company.id}
            ),
            "mailjet.version": self.mailing.version_ids,
        }

    def test_every_role_on_every_field(self):
        for name in self._find_models():
            for role in ROLES:
                with self.subTest(model=name, role=role):
                    self.assertEqual(
                        self._find_writable(name, self.roles[role]),
                        self._get_expected(name, role),
                    )

    def _find_models(self):
        return sorted(
            name
            for name, model in self.registry.items()
            if name.startswith("mailjet.")
            and not model._abstract
            and not model._transient
        )

    def _get_expected(self, name, role):
        may = role in (MANAGERS if name in MANAGED else MAILERS)
        words = WRITABLE.get(name, "") if may else ""
        if role == "administrator":
            words += " " + SECRET.get(name, "")
        # Variables belong to no company.
        if name == "mailjet.variable" and role == "elsewhere":
            words = WRITABLE[name]
        return set(words.split())

    def _find_writable(self, name, user):
        """Return the names of our fields that a user of the role can write, each by an
        attempt; a model whose records are not here is one that nobody may write."""
        if not self.env[name].with_user(user).has_access("write"):
            return set()
        record = self.records[name]
        ours = [
            field
            for field in record._fields.values()
            if MODULE in field._modules and field.name not in MAGIC_COLUMNS
        ]
        return {field.name for field in ours if self._can_write(record, field, user)}

    def _can_write(self, record, field, user):
        value = field.convert_to_write(record.sudo()[field.name], record.sudo())
        savepoint = self.env.cr.savepoint()
        try:
            record.with_user(user).write({field.name: value})
        except AccessError:
            return False
        except UserError:
            # A complaint about the value: it was let in.
            return True
        finally:
            savepoint.close(rollback=True)
        return True

    @users("mailer")
    def test_every_way_to_write_is_guarded(self):
        mailing = self.mailing.with_env(self.env)
        before = mailing.read(list(ENGINE))
        for name, value in ENGINE.items():
            for act in (
                lambda name=name, value=value: mailing.write({name: value}),
                lambda name=name, value=value: mailing.web_save({name: value}, {}),
                lambda name=name, value=value: mailing.create({name: value}),
                lambda name=name, value=value: mailing.browse().web_save(
                    {"name": "New", name: value}, {}
                ),
            ):
                with self.subTest(name), self.assertRaises(AccessError):
                    act()
        mailing.invalidate_recordset()
        self.assertEqual(mailing.read(list(ENGINE)), before)

    @users("mailer")
    def test_copies_defaults_and_imports_are_guarded(self):
        mailing = self.mailing.with_env(self.env)
        for name in ENGINE.keys() - {"empty_values", "favorite_date"}:
            new = mailing.create({"name": "New"})
            for way, made in (
                ("copy", new.copy({name: ENGINE[name]})),
                (
                    "context",
                    mailing.with_context(**{f"default_{name}": ENGINE[name]}).create(
                        {"name": "By default"}
                    ),
                ),
                ("import", self._import(name)),
            ):
                with self.subTest(name, way=way):
                    for record in made:
                        self.assertEqual(record[name], new[name])

    def _import(self, name):
        result = self.env["mailjet.mailing"].load(
            ["name", name], [["Imported", str(ENGINE[name])]]
        )
        return self.env["mailjet.mailing"].browse(result["ids"] or [])

    @users("mail_manager")
    def test_an_account_is_copied_without_what_the_engine_knows(self):
        self.account.sudo().write(
            {
                "sent_this_month": 5,
                "last_sync": fields.Datetime.now(),
                "webhook_token": "x",
                "connection_facts": "x",
            }
        )
        copied = self.account.with_env(self.env).copy()
        self.assertFalse(copied.sent_this_month or copied.last_sync)
        self.assertFalse(copied.sudo().webhook_token or copied.connection_error)
        for values in ({"sent_this_month": 0}, {"counted_date": False}):
            with self.assertRaises(AccessError):
                copied.write(values)

    def test_administrators_do_not_bind_accounts_directly(self):
        administrator = self.roles["administrator"]
        account = self.account.with_user(administrator)
        for values in (
            {"database_uuid": "x"},
            {"webhook_token": "x"},
            {"webhook_password": "x"},
            {"webhook_replaced": {}},
        ):
            with self.subTest(values), self.assertRaises(AccessError):
                account.write(values)
