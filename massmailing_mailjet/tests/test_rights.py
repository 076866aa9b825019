from odoo.exceptions import AccessError
from odoo.tests import new_test_user, tagged

from .common import MailjetCase
from .roles import find_public_methods


def find_wizards(env):
    """Return the names of our transient models."""
    return {
        name
        for name, model in env.registry.items()
        if model._transient
        and not model._abstract
        and name.startswith("mailjet.")
        and model._original_module == "massmailing_mailjet"
    }


@tagged("post_install", "-at_install")
class TestWizardsOfOthers(MailjetCase):
    """A wizard belongs to its creator, even if others have the same rights."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.colleague = new_test_user(
            cls.env, "colleague", "massmailing_mailjet.mailjet_group_manager"
        )
        cls._make_stranger()
        cls.stranger = cls.env["res.users"].search([("login", "=", "stranger")])
        cls.env["ir.default"].search([]).unlink()
        cls.prospect = cls.env["mailjet.retention"].create(
            {
                "email": "silent@example.com",
                "company_id": cls.env.company.id,
                "last_contact_date": "2020-01-01",
                "contact_kind": "record",
            }
        )

    def setUp(self):
        super().setUp()
        self.mailing = self._make_mailing(self.people)

    def _get_values(self):
        """Return values of a wizard of each kind."""
        of_mailing = {"mailing_id": self.mailing.id}
        return {
            "mailjet.consent.record.open": {"email": "ann@example.com"},
            "mailjet.mailing.add": {
                **of_mailing,
                "res_model": "res.partner",
                "domain": "[]",
            },
            "mailjet.mailing.schedule": of_mailing,
            "mailjet.mailing.send": of_mailing,
            "mailjet.mailing.test": {**of_mailing, "email_to": "a@example.com"},
            "mailjet.personal.data": {"partner_ids": self.ann.ids},
            "mailjet.recipient.add": {**of_mailing, "kind": "contact"},
            "mailjet.recipient.load.refresh": {"load_id": self.mailing.load_ids.id},
            "mailjet.retention.archive": {"retention_ids": self.prospect.ids},
            "mailjet.webhook.replace": {"account_id": self.account.id, "hosts": "x"},
        }

    def _make_wizards(self):
        values = self._get_values()
        # One that is not listed here fails.
        for name in sorted(find_wizards(self.env)):
            yield self.env[name].with_user(self.manager).create(values[name])

    def test_nobody_touches_the_wizard_of_a_colleague(self):
        for wizard in self._make_wizards():
            theirs = wizard.with_user(self.colleague)
            theirs.invalidate_model()
            name = next(iter(self._get_values()[wizard._name]))
            for act in (
                lambda row=theirs: row.read(),
                lambda row=theirs, name=name: row.write({name: False}),
                lambda row=theirs: row.unlink(),
                lambda row=theirs: row.copy(),
            ):
                with self.subTest(wizard), self.assertRaises(AccessError):
                    act()
            self.assertFalse(theirs.search([("id", "in", theirs.ids)]))
            wizard.read()

    def test_nobody_presses_the_buttons_of_a_colleague(self):
        for wizard in self._make_wizards():
            # What closes a window touches nothing.
            methods = find_public_methods(self.registry)[wizard._name]
            for method in methods - {"action_close"}:
                with self.subTest(wizard=wizard, method=method):
                    with self.assertRaises(AccessError):
                        getattr(wizard.with_user(self.colleague), method)()

    def test_the_file_of_a_colleague_is_not_downloaded(self):
        wizard = (
            self.env["mailjet.personal.data"]
            .with_user(self.manager)
            .create({"partner_ids": self.ann.ids})
        )
        wizard.action_export()
        self.env.flush_all()
        self.assertTrue(self._download(wizard, self.manager))
        self.env.invalidate_all()
        with self.assertRaises(AccessError):
            self._download(wizard, self.colleague)

    def _download(self, wizard, user):
        """Return what ``/web/content`` reads of the file."""
        record = (
            self.env["ir.binary"]
            .with_user(user)
            ._find_record(res_model=wizard._name, res_id=wizard.id, field="export_file")
        )
        return record.export_file

    def test_a_wizard_does_not_point_to_what_its_user_may_not_read(self):
        foreign = {
            "mailing_id": self.mailing.id,
            "load_id": self.mailing.load_ids.id,
            "account_id": self.account.id,
            "recipient_id": self._row(self.mailing, self.ann).id,
        }
        self.ann.company_id = self.env.company
        values = self._get_values()
        # It is about an address, and links to no record.
        for name in sorted(find_wizards(self.env) - {"mailjet.consent.record.open"}):
            Wizard = self.env[name].with_user(self.stranger)
            with self.subTest(name), self.assertRaises(AccessError):
                Wizard.create(values[name])
            for field in foreign.keys() & Wizard._fields.keys():
                with self.subTest(name, field=field), self.assertRaises(AccessError):
                    Wizard.create({**values[name], field: foreign[field]})

    def test_a_wizard_computes_with_the_rights_of_its_user(self):
        for name in find_wizards(self.env):
            for field in self.env[name]._fields.values():
                if field.compute or field.related:
                    with self.subTest(field):
                        self.assertFalse(field.compute_sudo)

    def test_onchange_tells_nothing_of_another_companys_mailing(self):
        for name in (
            "mailjet.mailing.test",
            "mailjet.mailing.schedule",
            "mailjet.mailing.send",
        ):
            Wizard = self.env[name].with_user(self.stranger)
            spec = {field: {} for field in Wizard._fields}
            with self.subTest(name), self.assertRaises(AccessError):
                Wizard.onchange({"mailing_id": self.mailing.id}, ["mailing_id"], spec)


@tagged("post_install", "-at_install")
class TestSharedAccount(MailjetCase):
    """Companies that share an account do not see each other's people."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.stranger = cls._make_stranger()
        cls.account.company_id = False

    def setUp(self):
        super().setUp()
        self.mailing = self._make_mailing(self.people)
        self.people.company_id = self.env.company
        self.ours = (self.user, self.manager)

    def _assert_kept(self, rows):
        """Check that rows of our company are seen here, and not there."""
        self.env.flush_all()
        Model = rows.browse().with_user(self.manager)
        self.assertEqual(Model.search([("id", "in", rows.ids)]).ids, rows.ids)
        rows.with_user(self.manager).read(["account_id"])
        theirs = rows.with_user(self.stranger)
        self.assertFalse(theirs.search([("id", "in", rows.ids)]))
        self.assertFalse(theirs.search_count([("id", "in", rows.ids)]))
        rows.invalidate_model()
        with self.assertRaises(AccessError):
            theirs.read(["account_id"])

    def _make_event(self, **values):
        return self.env["mailjet.event"].create(
            {
                "account_id": self.account.id,
                "email": "ann@example.com",
                "received_date": "2024-01-01 00:00:00",
                "dedupe_hash": str(values),
                **values,
            }
        )

    def test_events(self):
        self._assert_kept(self._make_event(mailing_id=self.mailing.id))

    def test_events_of_no_mailing_are_everybodys_who_shares(self):
        event = self._make_event()
        self.assertTrue(event.with_user(self.stranger).read(["email"]))
        self.account.company_id = self.env.company
        self.env.invalidate_all()
        with self.assertRaises(AccessError):
            event.with_user(self.stranger).read(["email"])

    def test_lists(self):
        self._assert_kept(
            self.env["mailjet.list"].create(
                {
                    "name": "L",
                    "mailjet_id": "1",
                    "account_id": self.account.id,
                    "mailing_id": self.mailing.id,
                }
            )
        )

    def _exclude(self, email):
        return self.env["mailjet.suppression"].create(
            {"account_id": self.account.id, "email": email, "origin": "mailjet"}
        )

    def test_suppressions(self):
        self._assert_kept(self._exclude("ann@example.com"))

    def test_suppressions_of_records_of_all_companies(self):
        self.people.company_id = False
        row = self._exclude("bob@example.com")
        self.assertTrue(row.with_user(self.stranger).read(["email"]))
        self.assertTrue(row.with_user(self.stranger).search([("id", "=", row.id)]))

    def test_suppressions_of_nobody(self):
        row = self._exclude("nobody@example.com")
        self.assertFalse(row.owner_ids)
        for user in (self.stranger, self.manager):
            self.assertFalse(row.with_user(user).search([("id", "=", row.id)]))

    def test_mismatches(self):
        self._exclude("ann@example.com")
        self.env.flush_all()
        rows = self.env["mailjet.suppression.report"].search(
            [("email", "=", "ann@example.com"), ("account_id", "=", self.account.id)]
        )
        self.assertEqual(len(rows), 1)
        self._assert_kept(rows)
        with self.assertRaises(AccessError):
            rows.with_user(self.stranger).action_exclude_on_both_sides()

    def test_counts_of_mailings(self):
        theirs = self.mailing.with_user(self.stranger)
        for act in (theirs.get_statistics, theirs.get_checks, theirs.get_progress):
            with self.assertRaises(AccessError):
                act()
        with self.assertRaises(AccessError):
            self.env["mailjet.export"].with_user(self.stranger)._check_allowed(theirs)
