from odoo.exceptions import AccessError, UserError
from odoo.tests import Form, tagged, users

from ..models.recipients.const import EXCLUSION_COUNTS, KIND_COUNTS
from .common import MailjetCase

CONDITIONAL_BLOCK = (
    """<div data-filter-domain="[['city', '=', 'Oslo']]"><p>For Oslo</p></div>"""
)


@tagged("post_install", "-at_install")
class TestMailing(MailjetCase):
    """The four steps of the form, as a user of the CRM takes them."""

    @users("mailer")
    def test_the_form_fills_in_the_sender(self):
        form = Form(self.env["mailjet.mailing"])
        form.name = "Spring"
        form.subject = "Spring is here"
        form.account_id = self.account.with_env(self.env)
        self.assertEqual(form.sender_id, self.sender)
        mailing = form.save()
        self.assertEqual(mailing.sender_email, "news@example.com")
        self.assertEqual(mailing.sender_name, "News")
        self.assertEqual((mailing.state, mailing.step), ("draft", "details"))

    def test_a_mailing_without_a_name_gets_one(self):
        names = {
            "Given": {"name": "Given", "subject": "A subject"},
            "A subject": {"subject": "A subject"},
            "New mailing": {"name": False},
        }
        for name, values in names.items():
            with self.subTest(name=name):
                values = {"account_id": self.account.id, **values}
                mailing = self.env["mailjet.mailing"].create(values)
                self.assertEqual(mailing.name, name)

    def test_lists_and_titles_show_the_names_of_variables(self):
        shown = {
            "Hello $contacts-firstname$": "Hello “Contact's first name”",
            "Hello $contacts-firstname|you$, $accounts-name$": (
                "Hello you, “Account's name”"
            ),
            "$contacts-surprise$ for $5": "$contacts-surprise$ for $5",
        }
        for subject, text in shown.items():
            with self.subTest(subject):
                mailing = self.env["mailjet.mailing"].create(
                    {"account_id": self.account.id, "subject": subject}
                )
                self.assertEqual(mailing.subject, subject)
                self.assertEqual(mailing.subject_display, text)
                self.assertEqual(mailing.name, text)

    def test_the_names_of_variables_are_quoted_as_in_the_language(self):
        self.env["res.lang"]._activate_lang("fr_FR")
        mailing = self.env["mailjet.mailing"].create(
            {"account_id": self.account.id, "subject": "À $contacts-city$"}
        )
        shown = mailing.with_context(lang="fr_FR").subject_display
        thin = "\N{NARROW NO-BREAK SPACE}"
        self.assertRegex(shown, f"^À «{thin}.+{thin}»$")

    def test_the_type_of_recipients_is_fixed_once_saved(self):
        mailing = self._make_mailing()
        with self.assertRefused("recipient type"):
            mailing.recipient_type = "lead"
        mailing.recipient_type = "contact"
        with Form(mailing) as form, self.assertRaises(AssertionError):
            form.recipient_type = "lead"

    def test_only_senders_that_mailjet_allows(self):
        mailing = self._make_mailing()
        mailing.sender_email = "whoever@example.org"
        for email in ("whoever@example.com", "x@example.net", "example.org"):
            with self.subTest(email), self.assertRefused(email):
                mailing.sender_email = email

    @users("mailer")
    def test_the_sender_is_one_of_the_account(self):
        other = self.account.sudo().copy({"name": "Other"})
        foreign = self.sender.sudo().copy({"account_id": other.id})
        mailing = self._make_mailing().with_env(self.env)
        with self.assertRefused("another Mailjet account"), self.env.cr.savepoint():
            mailing.sender_id = foreign
        with self.assertRefused("another Mailjet account"), self.env.cr.savepoint():
            self._make_mailing(sender_id=foreign.id)
        mailing.account_id = other
        self.assertEqual(mailing.sender_id, foreign)
        with self.assertRefused("another Mailjet account"), self.env.cr.savepoint():
            mailing.sender_id = self.sender

    def test_each_step_can_be_left_and_says_what_is_missing(self):
        for values, step, words in (
            ({"subject": " "}, "details", "Enter a subject"),
            ({"sender_name": False}, "details", "sender name"),
            ({"reply_to": "nobody"}, "details", "“nobody” has no @"),
            ({"unsubscribe_text": ""}, "details", "unsubscribe link"),
            ({"online_version_text": ""}, "details", "online version"),
            ({"body_code": "  "}, "content", "Compose it first"),
            ({"composition": "blank"}, "content", "Compose it first"),
            (
                {"composition": "blank", "body_html": CONDITIONAL_BLOCK},
                "content",
                "only to some recipients",
            ),
            (
                {"composition": "template", "body_html": CONDITIONAL_BLOCK},
                "content",
                "only to some recipients",
            ),
            ({"body_code": "$contacts-shoe$"}, "content", r"\$contacts-shoe\$"),
            ({"subject": "$leads-shoe$"}, "content", r"\$leads-shoe\$"),
            ({}, "recipients", "Load the recipients"),
        ):
            mailing = self._make_mailing(step=step, **values)
            with self.subTest(values):
                mailing.action_next_step()
                self.assertNotEqual(mailing.step, step)
                checks = mailing.get_checks()
                self.assertTrue(checks["open"][step]["red"])
                said = [row["sentence"] for row in checks["findings"]]
                said += [row["advice"] for row in checks["findings"] if row["advice"]]
                self.assertRegex(" ".join(said), words)
                with self.assertRefused(words):
                    mailing.action_send()

    def test_all_that_is_missing_is_said_at_once(self):
        mailing = self._make_mailing(subject=False, body_code=False)
        mailing.action_go_to_step("sending")
        with self.assertRaises(UserError) as caught:
            mailing.action_send()
        self.assertEqual(len(str(caught.exception).splitlines()), 3)

    def test_what_is_missing_does_not_keep_a_form_from_being_saved(self):
        """Only what the database requires does."""
        form = Form(self.env["mailjet.mailing"].with_user(self.user))
        form.name = "Unfinished"
        form.sender_name = form.online_version_text = form.unsubscribe_text = False
        mailing = form.save()
        mailing.action_next_step()
        self.assertEqual(mailing.step, "content")
        self.assertGreaterEqual(mailing.get_checks()["open"]["details"]["red"], 4)

    def test_next_and_back(self):
        mailing = self._make_mailing(self.people)
        for step in ("content", "recipients", "sending", "sending"):
            mailing.action_next_step()
            self.assertEqual(mailing.step, step)
        for step in ("recipients", "content", "details", "details"):
            mailing.action_previous_step()
            self.assertEqual(mailing.step, step)

    def test_only_the_engine_writes_states_and_counts(self):
        mailing = self._make_mailing()
        for values in (
            {"state": "done"},
            {"planned_count": 5},
            {"delivery_step": "follow"},
            {"schedule_date": "2030-01-01 00:00:00"},
        ):
            with self.subTest(values), self.assertRaises(AccessError):
                mailing.write(values)
            with self.subTest(values), self.assertRaises(AccessError):
                self._make_mailing(**values)
            # Actions of other add-ons may have defaults for fields of their own.
            defaults = {f"default_{name}": value for name, value in values.items()}
            with self.subTest(defaults):
                Mailing = mailing.with_context(**defaults)
                new = Mailing.create({"name": "By default"})
                for name in values:
                    self.assertEqual(new[name], mailing[name])
                    self.assertEqual(
                        Mailing.default_get([name]), mailing.default_get([name])
                    )

    def test_a_users_own_defaults_do_not_reach_the_engine(self):
        Default = self.env["ir.default"].with_user(self.user)
        for name, value in (
            ("state", "in_queue"),
            ("delivery_step", "list"),
            ("planned_count", 3),
        ):
            Default.set("mailjet.mailing", name, value, user_id=True)
        mailing = self._make_mailing()
        self.assertEqual(mailing.state, "draft")
        self.assertFalse(mailing.delivery_step or mailing.planned_count)

    def test_a_mailing_on_its_way_is_not_archived(self):
        mailing = self._make_mailing(self.people)
        mailing.action_send()
        with self.assertRefused("Cancel sending first"):
            mailing.active = False
        mailing.action_cancel()
        mailing.active = False

    def test_a_copy_without_its_sender(self):
        mailing = self._make_mailing()
        self.sender.status = "inactive"
        self.assertFalse(mailing.copy().sender_email)

    def test_what_was_sent_stays_as_it_was(self):
        mailing = self._make_mailing(self.people)
        mailing.sudo().state = "done"
        with self.assertRefused("cannot be changed"):
            mailing.subject = "Other"
        with self.assertRefused("cannot be changed"):
            mailing.action_load_filter(self.filter.id)
        with self.assertRefused("kept as proof"):
            mailing.unlink()
        mailing.action_go_to_step("details")
        self.assertEqual(mailing.step, "details")

    def test_a_copy_starts_anew(self):
        mailing = self._make_mailing(self.people, recipient_type="contact")
        self._make_campaign(mailing, state="done", mailjet_list_id="7")
        copy = mailing.copy()
        self.assertEqual(copy.body_code, mailing.body_code)
        self.assertEqual((copy.state, copy.step), ("draft", "details"))
        self.assertFalse(copy.recipient_count or copy.mailjet_campaign_ids)
        self.assertNotEqual(copy.name, mailing.name)

    def test_counts_open_their_rows(self):
        self.bob.massmailing_unsubscribed = True
        self.cat.email = "nobody"
        mailing = self._make_mailing(self.people)
        for figure in (
            "recipient_count",
            "planned_count",
            "excluded_count",
            *EXCLUSION_COUNTS,
            *KIND_COUNTS.values(),
        ):
            action = mailing.with_context(count=figure).action_view_recipients()
            found = self.env["mailjet.recipient"].search_count(action["domain"])
            self.assertEqual(found, mailing[figure], figure)
        self.assertEqual((mailing.unsubscribed_count, mailing.invalid_count), (1, 1))
