from datetime import timedelta

from odoo import fields
from odoo.exceptions import AccessError
from odoo.tests import tagged, users

from .check_mailing_common import CheckMailingCase

# A mailing about which no check has anything to say, once it was tested.


@tagged("post_install", "-at_install")
class TestCheckMailing(CheckMailingCase):
    """The list of checks in step 4, as a user of the CRM reads and acknowledges it."""

    # === FINDINGS === #

    @users("mailer")
    def test_a_flawless_mailing_needs_no_word(self):
        mailing = self._make()
        self._test(mailing)
        checks = mailing.get_checks()
        self.assertEqual(checks["findings"], [])
        self.assertEqual(checks["passed"], 24)
        mailing.action_send_checked()
        self.assertEqual(mailing.state, "in_queue")

    @users("mailer")
    def test_each_flaw_is_found_in_its_mailing(self):
        link = '<p>Hi</p><a href="%s">Here</a>'
        image = '<p>Hi</p><img src="%s" alt="Lamp">'
        for values, name, level in (
            ({"subject": "$contacts-firstname$!"}, "subject_only_variable", "amber"),
            ({"preview": False}, "no_preview", "amber"),
            ({"body_code": link % "javascript:go()"}, "links_unsafe", "red"),
            ({"body_code": link % "htp://shop.odoo.com"}, "links_malformed", "red"),
            ({"body_code": link % "http://10.0.0.1/"}, "links_private", "amber"),
            ({"body_code": link % "#"}, "links_nowhere", "amber"),
            ({"body_code": link % "https://example.com"}, "placeholder_links", "amber"),
            ({"body_code": image % "cid:1"}, "images_inline", "amber"),
            (
                {"body_code": image % "http://localhost/a.png"},
                "images_private",
                "amber",
            ),
            ({"body_code": image % "a.png"}, "images_relative", "amber"),
            (
                {"body_code": "<p>Hi</p><img src='//x.odoo.com/a.png'>"},
                "images_without_text",
                "amber",
            ),
            ({"body_code": "<p>Lorem ipsum</p>"}, "placeholder_text", "amber"),
            ({"body_code": "<p>{{ object.name }}</p>"}, "template_language", "amber"),
            (
                {"body_code": "<img src='https://www.odoo.com/a.png' alt=''>"},
                "text_empty",
                "amber",
            ),
            ({"body_code": "<p>Hi</p>" + "<b></b>" * 20_000}, "too_large", "amber"),
            (
                {"body_code": "<p>Hi, [[UNSUB_LINK_EN]]</p>"},
                "unsubscribe_missing",
                "red",
            ),
            (
                {
                    "body_code": "<p>Hi</p><a href='[[UNSUB_LINK_EN]]' "
                    "style='display:none'>x</a>"
                },
                "unsubscribe_hidden",
                "red",
            ),
            ({"body_code": "<p>$contacts-shoe$</p>"}, "variables_unknown", "red"),
            ({"body_code": "<p>$Contacts-FirstName$</p>"}, "variables_unknown", "red"),
        ):
            with self.subTest(name, **values):
                self.assertEqual(self._codes(self._make(**values)).get(name), level)

    @users("mailer")
    def test_every_finding_has_a_sentence_and_its_place(self):
        mailing = self._make(
            body_code="<p>$contacts-city$</p><a href='#'>Here</a>", preview=False
        )
        self.ann.city = False
        found = {row["name"]: row for row in mailing.get_checks()["findings"]}
        self.assertEqual(
            {name: row["place"] for name, row in found.items()},
            {
                "no_preview": "Go to “Details”",
                "links_nowhere": "Go to “Composition”",
                "value_empty:$contacts-city$": "Show these recipients",
                "not_tested": "Send a test",
            },
        )
        for row in found.values():
            self.assertTrue(row["sentence"] and row["advice"])
        self.assertIn("Here", found["links_nowhere"]["sentence"])

    @users("mailer")
    def test_the_button_of_a_finding_leads_to_its_place(self):
        mailing = self._make(preview=False)
        mailing.action_go_to_step("sending")
        self.assertIs(mailing.action_open_finding("no_preview"), True)
        self.assertEqual(mailing.step, "details")
        action = mailing.action_open_finding("not_tested")
        self.assertEqual(action["res_model"], "mailjet.mailing.test")

    # === RED === #

    @users("mailer")
    def test_red_blocks_on_the_server_with_its_sentence(self):
        tomorrow = fields.Datetime.now() + timedelta(days=1)
        mailing = self._make(body_code="<a href='file:///home/a'>Here</a>")
        for send in (
            mailing.action_send,
            mailing.action_send_checked,
            lambda: mailing.action_schedule(tomorrow),
        ):
            with self.assertRefused("file:///home/a"):
                send()
        self.assertEqual(mailing.state, "draft")
        mailing.body_code = "<p>Hello</p>"
        mailing.action_send()
        self.assertEqual(mailing.state, "in_queue")

    @users("mailer")
    def test_red_cannot_be_acknowledged(self):
        mailing = self._make(body_code="<a href='file:///home/a'>Here</a>")
        finding = self._finding(mailing, "links_unsafe")
        with self.assertRefused("must be fixed"):
            mailing.acknowledge_check(finding["name"], finding["fingerprint"])

    @users("mailer")
    def test_a_sender_that_mailjet_does_not_allow_any_more(self):
        mailing = self._make()
        self.sender.status = "inactive"
        with self.assertRefused("no longer sends from news@example.com"):
            mailing.action_send()

    @users("mailer")
    def test_the_quota_of_this_month_and_the_next(self):
        mailing = self._make()
        self.account.write({"monthly_limit": 10, "sent_this_month": 8})
        with self.assertRefused("remaining: 2"):
            mailing.action_send()
        mailing.action_schedule(fields.Datetime.now() + timedelta(days=32))

    # === AMBER === #

    @users("mailer")
    def test_amber_waits_for_somebody(self):
        mailing = self._make(preview=False)
        with self.assertRefused("preview text is missing") as caught:
            mailing.action_send_checked()
        self.assertIn("No test email", str(caught.exception))
        self._acknowledge(mailing)
        mailing.action_send_checked()
        self.assertEqual(mailing.state, "in_queue")

    @users("mailer")
    def test_an_acknowledgement_says_who_and_is_in_the_chatter(self):
        mailing = self._make(preview=False)
        finding = self._finding(mailing, "no_preview")
        self.assertFalse(finding["acknowledged"])
        mailing.acknowledge_check("no_preview", finding["fingerprint"])
        acknowledged = self._finding(mailing, "no_preview")["acknowledged"]
        self.assertEqual(acknowledged["by"], self.env.user.name)
        message = mailing.message_ids[0]
        self.assertIn("Accepted: The preview text is missing.", message.body)
        self.assertEqual(message.author_id, self.env.user.partner_id)
        mailing.revoke_acknowledgement("no_preview")
        self.assertFalse(self._finding(mailing, "no_preview")["acknowledged"])
        self.assertIn("No longer accepted", mailing.message_ids[0].body)
        posts = len(mailing.message_ids)
        mailing.revoke_acknowledgement("no_preview")
        self.assertEqual(len(mailing.message_ids), posts)

    @users("mailer")
    def test_an_acknowledgement_ends_with_what_it_was_given_for(self):
        mailing = self._make(body_code="<p>Hi</p><a href='#'>One</a>")
        finding = self._finding(mailing, "links_nowhere")
        mailing.acknowledge_check("links_nowhere", finding["fingerprint"])
        mailing.preview = "Another text beside the subject"
        self.assertTrue(self._finding(mailing, "links_nowhere")["acknowledged"])
        mailing.body_code = "<p>Hi</p><a href='#'>Two</a>"
        self.assertFalse(self._finding(mailing, "links_nowhere")["acknowledged"])
        with self.assertRefused("has changed in the meantime"):
            mailing.acknowledge_check("links_nowhere", finding["fingerprint"])
        with self.assertRefused("has changed in the meantime"):
            mailing.acknowledge_check("no_such_thing", "")

    @users("mailer")
    def test_nobody_acknowledges_for_a_mailing_on_its_way(self):
        mailing = self._make()
        finding = self._finding(mailing, "not_tested")
        mailing.action_send()
        with self.assertRefused("cannot be changed"):
            mailing.acknowledge_check("not_tested", finding["fingerprint"])

    def test_users_do_not_write_acknowledgements(self):
        mailing = self._make()
        values = {"mailing_id": mailing.id, "name": "x", "fingerprint": "x"}
        with self.assertRaises(AccessError):
            self.env["mailjet.acknowledgement"].with_user(self.manager).create(values)
        with self.assertRaises(AccessError):
            mailing.tested_content = "x"

    # === EMPTY VALUES === #
