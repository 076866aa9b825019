from odoo.tests import tagged

from .gallery_common import GalleryCase


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

    def test_what_becomes_of_the_code_is_said(self):
        notes = self._preview("crm", {"id": self.partner_template.id})["notes"]
        lines = " ".join(line for note in notes for line in note["lines"])
        for sentence in (
            "object.email → $contacts-email$",
            "object.comment or 'no comment' → no comment",
            f"user.company_id.name → {self.mailing.company_id.name}",
        ):
            self.assertIn(sentence, lines)
        notes = self._preview("crm", {"id": self.lead_template.id})["notes"]
        self.assertIn("attachments are not copied", notes[-1]["title"])

    def test_the_subject_is_offered_where_there_is_none(self):
        self._use("crm", {"id": self.partner_template.id})
        self.assertEqual(self.mailing.subject, "Welcome $contacts-name$")

    def test_a_template_in_the_language_of_the_recipients(self):
        self.env["res.lang"]._activate_lang("fr_FR")
        self.partner_template.with_context(lang="fr_FR").body_html = "<p>Bonjour</p>"
        self.mailing.lang = "fr_FR"
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
