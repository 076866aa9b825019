from odoo.tests import new_test_user, tagged

from ..tools.checks_mailing import check_company_data, check_company_details
from ..tools.email_html import add_details, complete_links
from .common import DeliveryCase

LINES = ["Lamps & Co", "1 rue de la Paix, 75002 Paris"]
LINKS = {
    "online_text": "Online",
    "unsubscribe_text": "Unsubscribe",
    "unsubscribe_url": "[[UNSUB_LINK_EN]]",
}
THEMED = (
    '<div class="o_layout" style="background-color:#000000"><table><tr>'
    '<td class="o_mail_wrapper_td" style="background-color:#222222">'
    "<p>Hi</p></td></tr></table></div>"
)


@tagged("post_install", "-at_install")
class TestCompanyDetails(DeliveryCase):
    """The block at the end of an email that says who sends it."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["res.lang"]._activate_lang("fr_FR")
        cls.france = cls.env.ref("base.fr")
        cls.france.with_context(lang="fr_FR").name = "République française"
        cls.company = cls.env.company
        cls.company.write(
            {
                "name": "Lamps & Co",
                "street": "1 rue de la Paix",
                "street2": False,
                "zip": "75002",
                "city": "Paris",
                "state_id": False,
                "country_id": cls.france.id,
                "company_registry": "44306184100047",
                "vat": False,
                "email": "office@example.com",
                "phone": "+33 1 23 45 67 89",
            }
        )

    def _find(self, mailing):
        found = mailing._find_checks()
        names = ("company_details", "company_data")
        return [f for name in names for f in found.get(name, ())]

    # === THE BLOCK === #

    def test_the_block_is_below_the_unsubscribe_link_and_inside_the_frame(self):
        for html in ("<p>Hi</p>", "<html><body><p>Hi</p></body></html>", THEMED):
            with self.subTest(html):
                added = add_details(complete_links(html, **LINKS), LINES)
                self.assertIn("Lamps &amp; Co<br>1 rue de la Paix", added)
                unsubscribe = added.index("[[UNSUB_LINK_EN]]")
                self.assertGreater(added.index("Lamps"), unsubscribe)
                ends = [added.find(end) for end in ("</body>", "</td>")]
                self.assertTrue(
                    all(end < 0 or added.index("Lamps") < end for end in ends)
                )

    def test_the_block_is_readable_on_the_background_of_the_frame(self):
        added = add_details(complete_links(THEMED, **LINKS), LINES)
        block = added[added.rindex("<div style") :]
        link = added[added.index("[[UNSUB_LINK") - 200 : added.index("[[UNSUB_LINK")]
        color = block[block.index(";color:") :][:14]
        self.assertIn(color, link)

    def test_without_lines_nothing_is_added(self):
        self.assertEqual(add_details("<p>Hi</p>", []), "<p>Hi</p>")

    # === THE EMAIL === #

    def test_what_arrives_says_who_sends_it(self):
        mailing = self._make_mailing(self.people)
        self.assertTrue(mailing.has_company_details)
        _subject, html, text, *_rest = mailing._compose()
        for part in (html, text):
            self.assertIn("1 rue de la Paix", part)
            self.assertIn("75002 Paris", part)
            self.assertIn("44306184100047", part)
            self.assertIn("office@example.com · +33 1 23 45 67 89", part)
        self._send(mailing)
        self.assertIn("1 rue de la Paix", mailing._get_message(self.ann).html)

    def test_preview_and_test_show_it(self):
        mailing = self._make_mailing(self.people)
        self.assertIn("75002 Paris", mailing._render_message()[1])
        row = self._row(mailing, self.ann)
        for part in mailing._compose_test(row, "https://example.com")[1:]:
            self.assertIn("75002 Paris", part)

    def test_the_country_is_named_in_the_language_of_the_recipients(self):
        mailing = self._make_mailing(self.people, lang="en_US")
        mailing.action_add_version("fr_FR")
        self.assertIn("France", mailing._compose().html)
        version = mailing.version_ids
        self.assertIn(
            "République française", mailing._with_version(version)._compose().html
        )
        self.assertNotIn("République", mailing._compose().html)

    def test_the_generated_text_is_without_it(self):
        self.assertNotIn("Paris", self._make_mailing(self.people)._derive_text())

    # === THE SWITCH === #

    def test_it_is_on_where_the_law_asks_for_it_and_kept_by_copies(self):
        mailing = self._make_mailing()
        mailing.has_company_details = False
        self.assertFalse(mailing.copy().has_company_details)
        self.company.country_id = self.env.ref("base.us")
        self.assertFalse(mailing.has_company_details)
        other = self._make_mailing()
        self.assertFalse(other.has_company_details)
        self.assertNotIn("75002", other._compose().html)
        other.has_company_details = True
        self.assertTrue(other.copy().has_company_details)
        self.assertIn("75002", other._compose().html)

    # === THE CHECKS === #

    def test_an_email_that_does_not_say_who_sends_it_is_found(self):
        mailing = self._make_mailing(self.people)
        self.assertEqual(self._find(mailing), [])
        mailing.has_company_details = False
        [finding] = self._find(mailing)
        self.assertEqual((finding.code, finding.level), ("no_company_details", "amber"))
        mailing.body_code = "<p>LAMPS &amp; CO, 1 Rue de la Paix, 75002 Paris</p>"
        self.assertEqual(self._find(mailing), [])
        mailing.body_code = "<p>Hi</p>"
        self.company.country_id = self.env.ref("base.us")
        self.assertEqual(self._find(mailing), [])

    def test_what_the_company_lacks_is_named_and_leads_to_it(self):
        mailing = self._make_mailing(self.people)
        self.company.write({"city": False, "company_registry": False, "email": False})
        [row] = [
            row
            for row in mailing.get_checks()["findings"]
            if row["name"] == "company_incomplete"
        ]
        self.assertIn("City, Company ID.", row["sentence"])
        self.assertFalse(row["place"])
        groups = "massmailing_mailjet.mailjet_group_manager,base.group_system"
        administrator = new_test_user(self.env, "details_administrator", groups)
        seen = mailing.with_user(administrator)
        self.assertEqual(seen._label_place("company"), "Open the company")
        action = seen.action_open_finding("company_incomplete")
        self.assertEqual(action["res_model"], "res.company")
        self.assertEqual(action["res_id"], self.company.id)

    def test_a_company_without_an_address_is_in_no_email(self):
        self.assertTrue(
            list(check_company_details("Lamps & Co", "Lamps & Co", ("", "")))
        )
        self.assertFalse(list(check_company_data("Lamps & Co", [])))
