from odoo.exceptions import UserError
from odoo.tests import new_test_user, tagged, users

from .common import MailjetCase

# Ways out of an expression into memory, other users' data and endless work: as texts of
# domains on contacts.
ATTACKS = (
    "[('name', '=', '{0.__globals__}'.format(context_today))]",
    "[('name', '=', '{0.__init__.__globals__}'.format(relativedelta))]",
    "[('name', '=', '{0.time.sys.modules}'.format(datetime))]",
    "[('name', '=', '{0.__cla' + 'ss__}'.format(uid))]",
    "[('name', '=', context_today.__globals__)]",
    "[('name', '=', relativedelta.__init__.__globals__['os'])]",
    "[('name', '=', ''.join(str(c) for c in context_today.__globals__))]",
    "[('name', '=', '%(x)s' % {'x': context_today})]",
    "[('name', '=', f'{context_today.__globals__}')]",
    "[('name', '=', 'a' * 10 ** 9)]",
    "[('id', 'in', [0] * 10 ** 8)]",
    "[" * 100_000,
    "[('name', '=', time.strftime('%Y'))]",
)
# Fields that a plain user may not read, on contacts and behind them.
ORACLES = (
    ("create_uid.password", "=like", "a%"),
    ("create_uid", "any", [("password", "=like", "a%")]),
    ("user_ids.totp_secret", "!=", False),
    ("user_ids", "any", [("totp_secret", "=like", "A%")]),
    ("user_ids.all_group_ids.model_access.name", "like", "a"),
    ("message_ids.account_audit_log_activated", "=", True),
    ("company_id.parent_ids.secret", "=", 1),
    ("signup_type", "=like", "r%"),
    ("!", "user_ids", "any", [("totp_secret", "!=", False)]),
)


@tagged("post_install", "-at_install")
class TestCondition(MailjetCase):
    """Conditions of users are read, never run, and with the users' own rights."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["ir.config_parameter"].set_param("database.secret", "hush-hush")

    def _ways(self):
        """Yield every way by which a user has a condition read, as functions of its
        text."""
        mailing = self._make_mailing()
        own_filter = self.env["ir.filters"].create(
            {"name": "Own", "model_id": "res.partner", "user_ids": self.env.user.ids}
        )
        target = self.env["mailjet.target"].create({"name": "Own"})

        def load_filter(text):
            own_filter.domain = text
            mailing.action_load_filter(own_filter.id)

        def refresh(text):
            own_filter.domain = f"[('id', '=', {self.ann.id})]"
            mailing.action_load_filter(own_filter.id)
            own_filter.domain = text
            action = mailing.load_ids[0].action_open_refresh()
            self.env[action["res_model"]].browse(action["res_id"]).read()

        def select(text):
            self.env["mailjet.mailing.add"].create(
                {
                    "mailing_id": mailing.id,
                    "res_model": "res.partner",
                    "domain": text,
                }
            ).action_add()

        def add(text):
            self.env["mailjet.recipient.add"].create(
                {"mailing_id": mailing.id, "kind": "contact", "domain": text}
            ).action_load()

        yield "filter", load_filter
        yield "refresh", refresh
        yield "condition", mailing.action_load_domain
        yield "wizard", add
        yield "selection", select
        yield "target", lambda text: target.write({"contact_domain": text})
        yield (
            "new target",
            lambda text: self.env["mailjet.target"].create(
                {"name": "New", "contact_domain": text}
            ),
        )

    @users("mailer")
    def test_attacks_are_refused_in_a_sentence(self):
        for way, act in self._ways():
            for text in ATTACKS:
                with self.subTest(way=way, text=text[:60]):
                    self._assert_refused(act, text)

    @users("mailer")
    def test_fields_that_may_not_be_read_are_not_searched(self):
        for way, act in self._ways():
            for condition in ORACLES:
                with self.subTest(way=way, condition=condition):
                    text = str([condition])
                    if condition[0] == "!":
                        text = str(["!", condition[1:]])
                    self._assert_refused(act, text)

    def _assert_refused(self, act, text):
        """Check that the user is refused, that nobody is loaded, and that neither the
        words nor what the client gets beside them quote the condition."""
        with self.assertRaises(UserError) as caught:
            act(text)
        error = caught.exception
        self.assertTrue(error.__suppress_context__ or not error.__context__)
        self.assertNotIn("hush", str(error))
        self.assertNotIn("__", str(error))

    @users("mailer")
    def test_a_target_of_somebody_with_more_rights_can_be_opened(self):
        administrator = new_test_user(
            self.env(su=True),
            "target_administrator",
            "massmailing_mailjet.mailjet_group_user,base.group_system",
        )
        target = (
            self.env["mailjet.target"]
            .with_user(administrator)
            .create({"name": "Theirs", "contact_domain": "[('signup_type', '=', 'x')]"})
        )
        seen = target.with_user(self.env.user)
        self.assertEqual(seen.read(["contact_count"])[0]["contact_count"], 0)
        mailing = self._make_mailing(recipient_type="target")
        with self.assertRefused("can no longer be evaluated"):
            mailing.action_load_target(target.id)

    @users("mailer")
    def test_today_is_the_users_own(self):
        self.env.user.tz = "Pacific/Auckland"
        zone = self.env["mailjet.condition"]._get_now().zone
        self.assertEqual(zone.zone, "Pacific/Auckland")

    @users("mailer")
    def test_whatever_fits_no_column_is_refused_in_a_sentence(self):
        mailing = self._make_mailing()
        for condition in (
            ("id", "=", "abc"),
            ("create_date", ">", 5),
            ("create_date", ">", "yesterday-ish"),
            ("name", "any", [("x", "=", 1)]),
            ("company_id", "any", 5),
            ("id", "child_of", {}),
            ("partner_latitude", "<", "north"),
            ("name", "=", [1, [2]]),
            ("no_such_field", "=", 1),
            ("name.name", "=", 1),
            ("name", "wild", 1),
        ):
            with self.subTest(condition), self.assertRefused("cannot be used here"):
                mailing.action_load_domain(str([condition]))
