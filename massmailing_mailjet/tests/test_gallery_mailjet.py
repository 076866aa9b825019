from datetime import datetime, timezone

from lxml import html as lxml_html

from odoo.tests import tagged

from .gallery_common import GalleryCase

TEMPLATE = "GET template/*/detailcontent"

DOCUMENT = (
    "<!DOCTYPE html><html><head><style>p{}</style></head><BODY>\r\n"
    '<p>Dear [[data:firstname:"Sir"]]</P></BODY></html>'
)
FRAGMENT = "<p>Dear [[data:firstname]], [[data:shoe]]</p>"


def find_layers(arch):
    """Return the elements of the editor's layout, from the outermost inwards."""
    layout = lxml_html.fragment_fromstring(arch)
    return [layout, *layout.iterdescendants("div")][:4]


@tagged("post_install", "-at_install")
class TestMailjetSource(GalleryCase):
    """Templates made at Mailjet."""

    def setUp(self):
        super().setUp()
        headers = {
            "Subject": "Hi [[data:firstname]]",
            "From": "The Team <news@example.com>",
        }
        self.mailjet.add_template("Document", DOCUMENT, headers=headers)
        self.fragment = self.mailjet.add_template(
            "Fragment",
            FRAGMENT,
            author="",
            created_at=datetime(2026, 1, 2, 3, 4, 5, tzinfo=timezone.utc).timestamp(),
        )
        self.source = self.mailjet.add_template("Source", None, edit_mode=4)
        self.mailjet.add_template("Invoice", "<p>x</p>", purposes=["transactional"])
        self.mailjet.add_template("Gallery", "<p>x</p>", owner_type="global")
        self.mailjet.add_template("Section", "<p>x</p>", edit_mode=3)
        self.account.with_user(self.manager).action_synchronize()

    def test_what_is_offered(self):
        cards = self._cards("mailjet")
        self.assertEqual(set(cards), {"Document", "Fragment", "Source"})
        self.assertEqual(cards["Fragment"]["details"], ["HTML", "English"])
        self.assertEqual(cards["Fragment"]["date"], "2026-01-02 03:04:05")
        self.assertEqual(set(self._cards("mailjet", term="ocu")), {"Document"})
        self.assertEqual(len(self._cards("mailjet", offset=1)), 2)

    def test_a_filter_that_mailjet_ignores_offers_nothing_else(self):
        rows = self.mailjet.ask("GET", "template")
        others = [
            {**rows[0], "ID": number, "Name": f"Other {number}", **values}
            for number, values in enumerate(
                (
                    {"Purposes": ["transactional"]},
                    {"Purposes": None},
                    {"OwnerType": "global"},
                    {"EditMode": 3},
                    {"EditMode": None},
                )
            )
        ]
        self.mailjet.reply("GET template", 200, {"Data": rows + others})
        self.account.with_user(self.manager).action_synchronize()
        self.assertEqual(
            set(self._cards("mailjet")), {"Document", "Fragment", "Source"}
        )

    def test_pages(self):
        for number in range(30):
            self.mailjet.add_template(f"Many {number}", "x")
        self.gallery.action_refresh(self.mailing.id)
        first = self.gallery.get_cards(self.mailing.id, "mailjet", "Many")
        self.assertTrue(first["more"])
        offset = len(first["cards"])
        rest = self.gallery.get_cards(self.mailing.id, "mailjet", "Many", offset)
        self.assertFalse(rest["more"])
        self.assertEqual(offset + len(rest["cards"]), 30)

    def test_the_index_follows_mailjet(self):
        known = self.env["mailjet.template"].search(
            [("account_id", "=", self.account.id)]
        )
        self.mailjet.ask("DELETE", f"template/{self.source}")
        self.mailjet.ask("PUT", f"template/{self.fragment}", {"Name": "Renamed"})
        self.mailjet.add_template("New", "x")
        self.gallery.action_refresh(self.mailing.id)
        found = self.env["mailjet.template"].search(
            [("account_id", "=", self.account.id)]
        )
        self.assertEqual(set(found.mapped("name")), {"Document", "Renamed", "New"})
        self.assertEqual(len(found & known), 2)
        with self.enter_registry_test_mode():
            self.mailjet.ask(
                "PUT", f"template/{self.fragment}", {"Name": "By the cron"}
            )
            self.env.ref("massmailing_mailjet.ir_cron_account").method_direct_trigger()
        self.assertIn("By the cron", found.mapped("name"))

    def test_a_document_goes_to_the_html_editor(self):
        card = self._cards("mailjet")["Document"]
        preview = self._preview("mailjet", card)
        self.assertEqual(
            [editor["name"] for editor in preview["editors"]], ["html", "visual"]
        )
        self.assertIn("complete HTML document", preview["editors"][0]["remark"])
        message = self._use("mailjet", card)
        self.assertIn("complete HTML document", message)
        self.assertEqual(self.mailing.composition, "html")
        expected = DOCUMENT.replace(
            '[[data:firstname:"Sir"]]', "$contacts-firstname|Sir$"
        )
        self.assertEqual(self.mailing.body_code, expected)
        self.assertEqual(self.mailing.subject, "Hi $contacts-firstname$")
        self.assertEqual(self.mailing.sender_name, "The Team")
        self.assertEqual(self.mailing.template_name, "Document")

    def test_languages_have_the_names_that_the_user_knows(self):
        self.env["res.lang"]._activate_lang("fr_FR")
        for language, code, name in (
            ("en_US", "de_DE", "German"),
            ("fr_FR", "de_DE", "Allemand"),
            ("en_US", "xx_1", "xx_1"),
            ("en_US", False, False),
        ):
            with self.subTest(language=language, code=code):
                templates = self.env["mailjet.template"].with_context(lang=language)
                self.assertEqual(templates._get_language_name(code), name)

    def test_a_document_made_from_blocks_goes_to_the_visual_editor(self):
        self.mailjet.add_template("Blocks", DOCUMENT, edit_mode=1)
        self.gallery.action_refresh(self.mailing.id)
        card = self._cards("mailjet")["Blocks"]
        self.assertEqual(card["details"], ["Drag and drop", "English"])
        self.assertIn("Outlook", self._use("mailjet", card))
        self.assertEqual(self.mailing.composition, "template")
        self.assertIn("Dear $contacts-firstname|Sir$", self.mailing.body_html)

    def test_a_document_in_the_visual_editor_by_choice(self):
        card = self._cards("mailjet")["Document"]
        self.assertIn("Outlook", self._use("mailjet", card, editor="visual"))
        self.assertEqual(self.mailing.composition, "template")
        self.assertIn("o_layout", self.mailing.body_arch)
        self.assertIn("Dear $contacts-firstname|Sir$", self.mailing.body_html)
        self.assertNotIn("style>", self.mailing.body_arch)

    def test_a_fragment_goes_to_the_visual_editor(self):
        card = self._cards("mailjet")["Fragment"]
        lines = [note["lines"] for note in self._preview("mailjet", card)["notes"]]
        self.assertEqual(
            lines,
            [["[[data:firstname]] → $contacts-firstname$"], ["[[data:shoe]]"]],
        )
        self._use("mailjet", card)
        self.assertEqual(self.mailing.composition, "template")
        self.assertEqual(
            self.mailing.body_html, "<p>Dear $contacts-firstname$, [[data:shoe]]</p>"
        )
        self.assertFalse(self.mailing.body_code)

    def test_a_background_is_that_of_the_whole_email(self):
        html = '<body bgcolor="#f7f3ee"><p style="background: #fff;">Hi</p></body>'
        self.mailjet.add_template("Sand", html, edit_mode=1)
        self.gallery.action_refresh(self.mailing.id)
        self._use("mailjet", self._cards("mailjet")["Sand"])
        layout, *_row, cell = find_layers(self.mailing.body_arch)
        for element in (layout, cell):
            self.assertEqual(element.get("style"), "background-color: #f7f3ee;")
        self.assertNotIn("bg-white", cell.get("class"))
        # Until it is edited, the editor has not written the layout as an email.
        html = self.mailing.get_preview()["html"]
        self.assertRegex(html, "<body[^>]*background-color:#f7f3ee;")

    def test_the_page_is_white_where_a_template_has_no_background(self):
        self._use("mailjet", self._cards("mailjet")["Fragment"])
        layout, *_row, cell = find_layers(self.mailing.body_arch)
        self.assertIsNone(layout.get("style"))
        self.assertIn("bg-white", cell.get("class"))

    def test_what_the_mailing_says_already_stays(self):
        self.mailing.write({"subject": "Ours", "sender_name": "We"})
        self._use("mailjet", self._cards("mailjet")["Document"])
        self.assertEqual(
            (self.mailing.subject, self.mailing.sender_name), ("Ours", "We")
        )

    def test_sources_of_mailjets_editor_are_explained(self):
        card = self._cards("mailjet")["Source"]
        for html in (None, "", " \n", {"tagName": "mjml"}):
            content = {"Html-part": html, "MJMLContent": None, "Headers": {}}
            self.mailjet.reply(TEMPLATE, 200, {"Data": [content]}, count=2)
            with self.subTest(html):
                self.assertIn("MJML", self._preview("mailjet", card)["refusal"])
                with self.assertRefused("MJML"):
                    self._use("mailjet", card)

    def test_troubles_are_sentences(self):
        card = self._cards("mailjet")["Document"]
        for kind, status, words in (
            ("hang", 0, "cannot be reached"),
            ("given", 404, "no longer exists at"),
            ("given", 401, "does not accept the keys"),
        ):
            self.mailjet.fail(TEMPLATE, kind, status=status)
            with self.subTest(words), self.assertRefused(words):
                self._preview("mailjet", card)

    def test_variables_of_the_recipients_kind_come_first(self):
        for kind, token in (
            ("contact", "$contacts-name$"),
            ("account", "$accounts-name$"),
            ("lead", "$leads-contact$"),
            ("target", "$contacts-name$"),
        ):
            mailing = self._make_mailing(recipient_type=kind)
            codes = self.env["mailjet.template"]._get_codes(mailing)
            with self.subTest(kind):
                self.assertEqual(codes["name"], token)

    def test_a_template_of_another_account_is_not_found(self):
        other = self.account.copy({"name": "Other", "api_key": "o", "api_secret": "o"})
        card = self._cards("mailjet")["Document"]
        self.env["mailjet.template"].browse(card["id"]).account_id = other
        with self.assertRefused("no longer exists"):
            self._preview("mailjet", card)
