from datetime import datetime, timezone

from odoo.exceptions import AccessError, UserError
from odoo.tests import new_test_user, tagged, users

from .common import MailjetCase

TEMPLATE = "GET template/*/detailcontent"

DOCUMENT = (
    "<!DOCTYPE html><html><head><style>p{}</style></head><BODY>\r\n"
    '<p>Dear [[data:firstname:"Sir"]]</P></BODY></html>'
)
FRAGMENT = "<p>Dear [[data:firstname]], [[data:shoe]]</p>"


class GalleryCase(MailjetCase):
    """A mailing without an e-mail, and the gallery as its user sees it."""

    def setUp(self):
        super().setUp()
        self.mailing = self._make_mailing(
            composition="template", body_code=False, subject=False, sender_name=False
        )
        self.gallery = self.env["mailjet.gallery"].with_user(self.user)

    def _cards(self, source, **arguments):
        answered = self.gallery.get_cards(self.mailing.id, source, **arguments)
        return {card["name"]: card for card in answered["cards"]}

    def _preview(self, source, card):
        return self.gallery.get_preview(self.mailing.id, source, card["id"])

    def _use(self, source, card, **arguments):
        return self.gallery.action_use_template(
            self.mailing.id, source, card["id"], **arguments
        )


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
        self.assertEqual(cards["Fragment"]["details"], ["HTML", "en_US"])
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


@tagged("post_install", "-at_install")
class TestOdooSource(GalleryCase):
    """Odoo's own e-mail templates."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.partner_template, cls.lead_template, cls.order_template = cls.env[
            "mail.template"
        ].create(
            [
                {
                    "name": "Gallery: welcome",
                    "model_id": cls.env["ir.model"]._get_id("res.partner"),
                    "subject": "Welcome {{ object.name }} {{ object.color }}",
                    "body_html": '<p>Dear <t t-out="object.name.split()[0]"/>, '
                    '<t t-out="object.email"/> of <t t-out="object.parent_id.name"/>: '
                    "<t t-out=\"object.comment or 'no comment'\"/> "
                    '<t t-out="user.company_id.name"/></p>',
                },
                {
                    "name": "Gallery: lead",
                    "model_id": cls.env["ir.model"]._get_id("crm.lead"),
                    "body_html": '<p><t t-out="object.name"/> '
                    '<t t-out="object.email_from"/> '
                    '<t t-out="object.user_id.name"/> <t t-out="object.contact_name"/> '
                    '<t t-out="object.partner_id.name"/></p>',
                    "attachment_ids": [(0, 0, {"name": "a.txt", "raw": b"a"})],
                },
                {
                    "name": "Gallery: user",
                    "model_id": cls.env["ir.model"]._get_id("res.users"),
                    "body_html": "<p>x</p>",
                },
            ]
        )

    def _body(self, template, recipient_type):
        self.mailing = self._make_mailing(
            recipient_type=recipient_type, composition="blank", body_code=False
        )
        self._use("crm", {"id": template.id})
        return str(self.mailing.body_html)

    def test_what_is_offered(self):
        cards = self._cards("crm", term="gallery:")
        self.assertEqual(set(cards), {"Gallery: welcome", "Gallery: lead"})
        self.assertIn("For leads", cards["Gallery: lead"]["details"])
        with self.assertRefused("no longer exists"):
            self._preview("crm", {"id": self.order_template.id})

    def test_values_become_variables_of_the_right_kind(self):
        company = self.mailing.company_id.name
        for template, kind, expected in (
            (
                self.partner_template,
                "contact",
                "Dear $contacts-firstname$, $contacts-email$ of $accounts-name$: "
                f"no comment {company}",
            ),
            (
                self.partner_template,
                "account",
                f"Dear , $accounts-email$ of : no comment {company}",
            ),
            (
                self.lead_template,
                "lead",
                "$leads-name$ $leads-email$ $leads-salesperson$ $leads-contact$ "
                "$contacts-name$",
            ),
            (
                self.lead_template,
                "contact",
                " $contacts-email$ $contacts-salesperson$ $contacts-name$ "
                "$contacts-name$",
            ),
            (
                self.lead_template,
                "target",
                "$leads-name$ $contacts-email$ $contacts-salesperson$ $contacts-name$ "
                "$contacts-name$",
            ),
        ):
            with self.subTest(template.name, kind=kind):
                self.assertEqual(self._body(template, kind), f"<p>{expected}</p>")

    def test_what_becomes_of_the_code_is_told(self):
        notes = self._preview("crm", {"id": self.partner_template.id})["notes"]
        lines = " ".join(line for note in notes for line in note["lines"])
        for told in (
            "object.email → $contacts-email$",
            "object.comment or 'no comment' → no comment",
            f"user.company_id.name → {self.mailing.company_id.name}",
        ):
            self.assertIn(told, lines)
        notes = self._preview("crm", {"id": self.lead_template.id})["notes"]
        self.assertIn("attachments are not copied", notes[-1]["title"])

    def test_the_subject_is_offered_where_there_is_none(self):
        self._use("crm", {"id": self.partner_template.id})
        self.assertEqual(self.mailing.subject, "Welcome $contacts-name$")

    def test_a_template_in_the_language_of_the_recipients(self):
        self.env["res.lang"]._activate_lang("fr_FR")
        self.partner_template.with_context(lang="fr_FR").body_html = "<p>Bonjour</p>"
        self.user.lang = "fr_FR"
        self._use("crm", {"id": self.partner_template.id})
        self.assertEqual(self.mailing.body_html, "<p>Bonjour</p>")

    def test_constants_are_read_with_the_users_rights(self):
        source = self.env["mailjet.gallery.odoo"].with_user(self.user)
        company, user = self.mailing.company_id, self.user.with_env(source.env)
        for record, path, readable in (
            (company, "name", True),
            (company, "partner_id.name", True),
            (user, "name", True),
            (user, "password", False),
            (user, "totp_secret", False),
            (user, "group_ids", False),
            (user, "no_such_field", False),
            (user, "partner_id.no.such", False),
            (self.account.with_user(self.user), "api_secret", False),
            (self.account.with_user(self.user), "api_key", False),
        ):
            with self.subTest(path):
                value = source._read_constant(record, path.split("."))
                self.assertEqual(bool(value and value.text), readable)

    def test_using_it_leaves_the_original_alone(self):
        before = self.partner_template.body_html
        self._use("crm", {"id": self.partner_template.id})
        self.mailing.body_html = "<p>Other</p>"
        self.assertEqual(self.partner_template.body_html, before)


@tagged("post_install", "-at_install")
class TestGallery(GalleryCase):
    """What holds for templates of every source."""

    def setUp(self):
        super().setUp()
        self.favorite = self._make_mailing(
            name="Model", composition="blank", body_html="<p>Model</p>", favorite=True
        )
        self.card = self._cards("mailing")["Model"]

    def test_work_is_never_replaced_without_asking(self):
        for values, editor in (
            ({"body_arch": "<p>Work</p>", "composition": "template"}, "visual"),
            ({"body_html": "<p>Work</p>", "composition": "blank"}, "visual"),
            ({"body_html": "<p>Work</p>", "composition": "html"}, "visual"),
            ({"body_text": "Work", "composition": "html"}, "visual"),
        ):
            self.mailing = self._make_mailing(**values)
            with self.subTest(values):
                (choice,) = self._preview("mailing", self.card)["editors"]
                self.assertEqual((choice["name"], choice["replaced"]), (editor, True))
                with self.assertRefused("would be lost"):
                    self._use("mailing", self.card)
                self._use("mailing", self.card, replace=True)
                self.assertEqual(self.mailing.body_html, "<p>Model</p>")
                self.assertFalse(self.mailing.body_text)

    def test_the_other_editor_keeps_what_it_holds(self):
        self.mailing = self._make_mailing(body_code="<p>Code</p>")
        self._use("mailing", self.card)
        self.assertEqual(self.mailing.composition, "template")
        self.assertEqual(self.mailing.body_code, "<p>Code</p>")
        self.mailing.composition = "html"
        self.favorite.write({"composition": "html", "body_code": "<p>Other</p>"})
        with self.assertRefused("would be lost"):
            self._use("mailing", self.card)

    def test_an_empty_template_is_none(self):
        for html in (False, "<p><br></p>"):
            self.favorite.body_html = html
            with self.subTest(html), self.assertRefused("template is empty"):
                self._use("mailing", self.card)

    def test_a_mailing_on_its_way_takes_no_template(self):
        mailing = self.mailing = self._make_mailing(self.people)
        mailing.action_send()
        with self.assertRefused("cannot be changed"):
            self._use("mailing", self.card)

    def test_an_unknown_editor_or_source(self):
        self._use("mailing", self.card, editor="anything")
        self.assertEqual(self.mailing.composition, "template")
        with self.assertRefused("no templates of this kind"):
            self._cards("res.users")

    @users("elsewhere")
    def test_companies_are_kept_apart(self):
        gallery = self.env["mailjet.gallery"]
        for call in (
            lambda: gallery.get_cards(self.mailing.id, "mailing"),
            lambda: gallery.get_preview(self.mailing.id, "mailing", self.favorite.id),
            lambda: gallery.action_use_template(
                self.mailing.id, "mailing", self.favorite.id
            ),
            lambda: gallery.action_refresh(self.mailing.id),
        ):
            with self.assertRaises(AccessError):
                call()
        template = {"account_id": self.account.id, "mailjet_id": "1", "name": "Theirs"}
        self.env["mailjet.template"].sudo().create(template)
        self.assertFalse(self.env["mailjet.template"].search([("name", "=", "Theirs")]))
        account = self.account.sudo().copy(
            {"company_id": self.env.company.id, "api_key": "e", "api_secret": "e"}
        )
        own = self.env["mailjet.mailing"].create(
            {"name": "Own", "account_id": account.id}
        )
        self.assertFalse(gallery.get_cards(own.id, "mailing")["cards"])
        with self.assertRaises(UserError):
            gallery.action_use_template(own.id, "mailing", self.favorite.id)

    @users("outsider")
    def test_only_users_of_mass_mailing(self):
        with self.assertRaises(AccessError):
            self.env["mailjet.gallery"].get_cards(self.mailing.id, "crm")

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._make_stranger("elsewhere")
        new_test_user(cls.env, "outsider", "sales_team.group_sale_salesman")
