from odoo import fields
from odoo.tests import tagged, users

from ..models.checks import mailjet_link_check
from .test_link_checker import SITE, LinkCase


@tagged("post_install", "-at_install")
class TestLinksOfAMailing(LinkCase):
    """Opening the links of a mailing, and keeping what became of them."""

    def _make(self):
        links = ("/good", "/gone", "/unsubscribe", "/$contacts-city$")
        body = "".join(f'<a href="{SITE}{link}">Here</a>' for link in links)
        self.web.pages["site.odoo.com/good"] = 200
        return self._make_mailing(self.people, body_code=f"<p>{body}</p>")

    def _names(self, mailing):
        return {row["name"] for row in mailing.get_checks()["findings"]}

    @users("mailer")
    def test_links_that_lead_nowhere_are_amber(self):
        mailing = self._make()
        checks = mailing.get_checks()
        self.assertEqual((checks["has_links"], checks["unchecked_links"]), (True, 2))
        self.assertFalse(self.web.asked)
        mailing.action_check_links()
        checks = mailing.get_checks()
        self.assertEqual((checks["has_links"], checks["unchecked_links"]), (True, 0))
        (finding,) = (
            row for row in checks["findings"] if row["name"] == "answers_gone"
        )
        self.assertIn(f"{SITE}/gone", finding["sentence"])
        self.assertNotIn(f"{SITE}/good", finding["sentence"])
        self.assertEqual(finding["place"], "Go to “Composition”")
        self.assertEqual(finding["level"], "amber")
        self.assertFalse({"/unsubscribe"} & {path for _m, path, _h in self.web.asked})

    @users("mailer")
    def test_outcomes_are_kept_for_a_while(self):
        mailing = self._make()
        mailing.action_check_links()
        asked = len(self.web.asked)
        mailing.copy().action_check_links()
        self.assertEqual(len(self.web.asked), asked)
        self.web.pages["site.odoo.com/gone"] = 200
        mailing.action_check_links(again=True)
        self.assertNotIn("answers_gone", self._names(mailing))
        self.assertEqual(len(self.web.asked), asked + 1)
        links = self.env["mailjet.link.check"].sudo().search([("url", "like", SITE)])
        links.checked_date = fields.Datetime.now() - 2 * mailjet_link_check.LIFETIME
        self.assertEqual(mailing.get_checks()["unchecked_links"], 2)
        self.env["mailjet.link.check"].sudo()._gc_links()
        self.assertFalse(links.exists())

    @users("mailer")
    def test_it_can_be_switched_off(self):
        mailing = self._make()
        mailing.action_check_links()
        self.assertIn("answers_gone", self._names(mailing))
        settings = self.env["res.config.settings"].sudo()
        settings.create({"mailjet_check_links": False}).execute()
        asked = len(self.web.asked)
        self.assertNotIn("answers_gone", self._names(mailing))
        mailing.action_check_links(again=True)
        self.assertEqual(len(self.web.asked), asked)
        checks = mailing.get_checks()
        self.assertEqual((checks["has_links"], checks["unchecked_links"]), (False, 0))

    @users("mailer")
    def test_nobody_lets_links_of_a_sent_mailing_be_opened(self):
        mailing = self._make()
        mailing.sudo().state = "done"
        with self.assertRefused("cannot be changed"):
            mailing.action_check_links()
        self.assertFalse(self.web.asked)
