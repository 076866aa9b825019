from odoo.exceptions import AccessError, UserError
from odoo.tests import new_test_user, tagged

from .feedback_common import FeedbackCase

FLAG = "massmailing_unsubscribed"
CAUSE = "massmailing_unsubscribed_cause"


@tagged("post_install", "-at_install")
class TestConsentRights(FeedbackCase):
    """Nobody lifts a refusal who may not, whichever way he takes."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.seller = new_test_user(
            cls.env, "seller", "sales_team.group_sale_salesman_all_leads"
        )
        cls.elsewhere = cls._make_stranger("consent_elsewhere")
        cls.admin = new_test_user(
            cls.env,
            "consent_admin",
            "base.group_system,massmailing_mailjet.mailjet_group_manager",
        )

    def assertStays(self, cause="unsubscribed"):
        self.env.flush_all()
        self.env.invalidate_all()
        self.assertEqual(self.ann[CAUSE], cause)
        self.assertTrue(self.ann[FLAG])
        self.assertTrue(self.ann.is_blacklisted)

    def _refuses(self, error, call, words=None):
        with self.assertRaises(error) as caught, self.env.cr.savepoint():
            call()
        if words:
            self.assertIn(words, str(caught.exception))
        self.env.invalidate_all()

    def test_a_record_s_writer_without_our_group_lifts_nothing(self):
        lead = self._make_lead("ann@example.com", user_id=self.seller.id)
        self._tell(self._event("unsub"))
        for record in (self.ann, lead):
            self._refuses(
                AccessError,
                lambda record=record: record.with_user(self.seller).write(
                    {FLAG: False}
                ),
                "Only Mass Mailing users",
            )
        self.assertStays()

    def test_lifting_needs_write_access_to_the_record(self):
        self._tell(self._event("unsub"))
        self.ann.company_id = self.env.company
        user = self.ann.with_user(self.elsewhere)
        self._refuses(AccessError, lambda: user.write({FLAG: False}))
        self.assertStays()

    def test_complaints_and_bounces_take_a_manager(self):
        for kind, cause in (("hard", "bounced"), ("spam", "complained")):
            with self.subTest(kind):
                self._tell(self._event(kind))
                self._refuses(
                    AccessError,
                    lambda: self.ann.with_user(self.user).write({FLAG: False}),
                    "Only Mass Mailing managers",
                )
                self.assertStays(cause)
        self.ann.with_user(self.manager).write({FLAG: False})
        self.assertFalse(self.ann[FLAG])
        self.assertIn("mail_manager", self.ann.message_ids[0].body)

    def test_what_the_flag_shows_cannot_be_written_around(self):
        self._tell(self._event("spam"))
        ann = self.ann.with_user(self.seller)
        ann.write({CAUSE: "bounced"})
        ann.write({f"{FLAG}_date": "2020-01-01 00:00:00"})
        ann.write({CAUSE: False, f"{FLAG}_date": False, "massmailing_marked": False})
        self.assertStays("complained")
        self.assertEqual(self.ann[f"{FLAG}_date"].year, 2026)
        marked = self.env["res.partner"].create({"name": "Silent", FLAG: True})
        marked.with_user(self.seller).write({"massmailing_marked": False})
        self.env.invalidate_all()
        self.assertTrue(marked[FLAG])

    def test_what_is_in_the_store_is_changed_by_nobody(self):
        self._tell(self._event("unsub"))
        rows = self.env["mailjet.consent"].search([])
        for user in (self.seller, self.user, self.manager, self.admin):
            store = rows.with_user(user)
            with self.subTest(user.login):
                self._refuses(
                    AccessError, lambda s=store: s.write({"cause": "bounced"})
                )
                self._refuses(AccessError, store.unlink)
        # Managers enter what recipients have asked for.
        for user in (self.seller, self.user):
            store = rows.with_user(user)
            with self.subTest(user.login):
                self._refuses(
                    AccessError,
                    lambda s=store: s.create(
                        {"email": "x@example.com", "cause": "unsubscribed"}
                    ),
                )
        self.assertStays()

    def test_nobody_reads_the_key_or_a_digest(self):
        for user in (self.manager, self.admin):
            key = self.env["mailjet.consent.key"].with_user(user)
            self.assertFalse(key.has_access("read"))
            shown = self.env["mailjet.consent"].with_user(user).fields_get()
            self.assertNotIn("digest", shown)

    def test_managers_see_what_was_said_in_their_companies(self):
        self.ann.with_user(self.user).write({FLAG: True})
        for user, count in ((self.manager, 1), (self.elsewhere, 0)):
            store = self.env["mailjet.consent"].with_user(user)
            found = store.search_count([("email", "=", "ann@example.com")])
            self.assertEqual(found, count)

    def test_no_program_lifts_anything(self):
        self._tell(self._event("unsub"))
        by_manager = self.ann.with_user(self.manager)
        acts = {
            "superuser": lambda: by_manager.sudo().write({FLAG: False}),
            "OdooBot": lambda: self.ann.with_user(1).write({FLAG: False}),
            "import": lambda: by_manager.with_context(import_file=True).write(
                {FLAG: False}
            ),
            "load": lambda: (
                self.env["res.partner"]
                .with_user(self.manager)
                .load([".id", FLAG], [[str(self.ann.id), "False"]])
            ),
            "new record": lambda: (
                self.env["res.partner"]
                .with_user(self.manager)
                .create({"name": "A", "email": "ann@example.com", FLAG: False})
            ),
            "server action": self._run_action,
            "scheduled action": self._run_cron_action,
            "blacklist": lambda: self.env["mail.blacklist"]._remove("ann@example.com"),
        }
        for name, act in acts.items():
            with self.subTest(name):
                act()
                self.env.flush_all()
                self.env.invalidate_all()
                self.assertEqual(self.ann[CAUSE], "unsubscribed")

    def _make_action(self):
        return self.env["ir.actions.server"].create(
            {
                "name": "Deselect",
                "model_id": self.env["ir.model"]._get_id("res.partner"),
                "state": "code",
                "code": f"env['res.partner'].browse({self.ann.id})"
                f".write({{'{FLAG}': False}})",
            }
        )

    def _run_action(self):
        self._make_action().with_user(self.manager).run()

    def _run_cron_action(self):
        action = self._make_action()
        cron = self.env["ir.cron"].create(
            {
                "ir_actions_server_id": action.id,
                "user_id": self.manager.id,
                "interval_number": 1,
                "interval_type": "days",
            }
        )
        with self.enter_registry_test_mode():
            cron.method_direct_trigger()

    def test_taking_off_the_blacklist_lifts_the_blacklisting_alone(self):
        people = self.env["mail.blacklist"].with_user(self.env.ref("base.user_admin"))
        people._add("ann@example.com")
        self._tell(self._event("unsub"))
        people._remove("ann@example.com")
        self.assertEqual(self.ann[CAUSE], "unsubscribed")
        self.ann.with_user(self.user).write({FLAG: False})
        self.assertFalse(self.ann[FLAG])

    def test_unticking_leaves_what_somebody_blacklisted_and_says_so(self):
        people = self.env["mail.blacklist"].with_user(self.env.ref("base.user_admin"))
        people._add("ann@example.com")
        self._refuses(
            UserError,
            lambda: self.ann.with_user(self.user).write({FLAG: False}),
            "on Odoo's blacklist",
        )
        self.assertStays("blacklisted")

    def test_the_proof_is_edited_and_deleted_by_nobody(self):
        self.ann.with_user(self.user).write({FLAG: True})
        self._tell(self._event("spam"))
        notes = self.ann.message_ids[:2]
        for user in (self.user, self.manager, self.admin):
            for note in notes.with_user(user):
                with self.subTest(user=user.login, note=note.body):
                    self._refuses(AccessError, lambda n=note: n.write({"body": "-"}))
                    self._refuses(
                        AccessError, lambda n=note: n.write({"subtype_id": False})
                    )
                    self._refuses(AccessError, note.unlink)
                    thread = self.ann.with_user(user)
                    self._refuses(
                        UserError,
                        lambda n=note, t=thread: t._message_update_content(n, body=""),
                    )
        other = self.ann.with_user(self.user).message_post(body="Mine")
        other.write({"body": "Mine, edited"})

    def test_the_proof_says_its_zone(self):
        self._tell(self._event("unsub"))
        self.assertIn("(UTC)", self.ann.message_ids[0].body)
