import base64

from lxml import html as lxml_html

from odoo import SUPERUSER_ID
from odoo.exceptions import AccessError
from odoo.tests import BaseCase, tagged, users

from ..tools.theme_branding import Brand, brand_theme
from .common import MailjetCase
from .test_message import PIXEL

BRAND = Brand(
    "Ash & <Sons>",
    logo="/logo.png?company=7",
    website="https://www.odoo.com",
    color="#0000FF",
    contact="Ash & <Sons> · 1 Quay, Oslo",
    social={"facebook": "https://www.facebook.com/ash"},
)
STYLE = '<style id="design-element">.o_layout { --btn-primary-color: red; }</style>'
LOGO = (
    '<a href="http://www.example.com"><img width="180" alt="Your Logo" src="'
    '/mass_mailing/static/src/img/theme_default/s_default_image_header_logo.png"></a>'
)
SOCIAL = (
    '<p><a title="Facebook" href="https://www.facebook.com/Odoo">f</a>&nbsp;'
    '<a title="X" href="https://twitter.com/Odoo">x</a>&nbsp;<a title="TikTok">t</a>'
    '<a title="News" href="https://www.odoo.com/news">n</a></p>'
)
FOOTER = (
    '<section class="o_mail_block_footer_social"><p style="color:red"><font '
    'color="white">© 2026 <b>All</b> Rights Reserved</font></p></section>'
)


@tagged("post_install", "-at_install")
class TestThemeBranding(BaseCase):
    """The identity of a company in the HTML of a theme."""

    def test_the_logo(self):
        branded = brand_theme(LOGO, BRAND)
        self.assertEqual(
            branded,
            '<a href="https://www.odoo.com"><img alt="Ash &amp; &lt;Sons&gt;" '
            'src="/logo.png?company=7" style="height: auto; max-width: 180px;"></a>',
        )

    def test_the_name_without_a_logo_or_a_website(self):
        branded = brand_theme(LOGO, Brand("Ash & <Sons>"))
        self.assertRegex(
            branded, r"^<a><span style=[^>]*>Ash &amp; &lt;Sons&gt;</span>"
        )
        for html in (
            '<div class="o_mail_block_header_logo"><a href="#"><b>A+</b> %s</a></div>',
            '<div class="o_mail_block_header_text_social"><h1>%s</h1></div>',
            '<div class="o_mail_footer_social_left"><p><b>%s</b></p><p>© x</p></div>',
        ):
            with self.subTest(html):
                branded = brand_theme(html % "Solar", Brand("Ash"))
                words = lxml_html.fromstring(branded).text_content()
                self.assertIn("Ash", words)
                self.assertNotIn("Solar", words)
                self.assertNotIn("A+", words)

    def test_the_name_can_be_read_on_any_background(self):
        section = '<section style="background-color: %s">' + LOGO + "</section>"
        for background, is_white in (("rgb(26, 36, 54)", True), ("#fafafa", False)):
            with self.subTest(background):
                branded = brand_theme(section % background, Brand("Ash"))
                self.assertEqual("color: #ffffff;" in branded, is_white)

    def test_social_networks(self):
        branded = brand_theme(SOCIAL, BRAND)
        links = lxml_html.fromstring(branded).xpath("//a/@href")
        self.assertEqual(
            links, ["https://www.facebook.com/ash", "https://www.odoo.com/news"]
        )
        self.assertNotIn("TikTok", branded)

    def test_the_address_looks_like_the_copyright(self):
        branded = brand_theme(FOOTER, BRAND)
        self.assertIn(
            '<p style="color:red"><font color="white">Ash &amp; &lt;Sons&gt; · 1 Quay, '
            "Oslo<b></b></font></p>"
            '<p style="color:red"><font color="white">© 2026 <b>All</b>',
            branded,
        )
        self.assertEqual(brand_theme(FOOTER, Brand("Ash")), FOOTER)

    def test_colors_of_buttons(self):
        self.assertEqual(brand_theme(STYLE, Brand("Ash")), STYLE)
        branded = brand_theme(STYLE, BRAND)
        self.assertIn("--btn-primary-background-color: #0000ff;", branded)
        self.assertIn("--btn-primary-color: #ffffff;", branded)
        self.assertLess(branded.index("red"), branded.index("#ffffff"))
        yellow = brand_theme(STYLE, BRAND._replace(color="yellow"))
        self.assertIn("--btn-primary-color: #000000;", yellow)
        for color in ("red;} body {display:none", "url(x)", "</style><p>"):
            with self.subTest(color):
                branded = brand_theme(STYLE, Brand("Ash", color=color))
                self.assertNotIn("display", branded)
                self.assertEqual(branded.count("<"), 2)


@tagged("post_install", "-at_install")
class TestTheme(MailjetCase):
    """The themes of the editor for a company."""

    def _brand_themes(self, company):
        View = self.env["ir.ui.view"].sudo()
        source = View.render_public_asset("mass_mailing.email_designer_themes", {})
        themes = lxml_html.fragment_fromstring(str(source), create_parent=True)
        return {
            theme.get("data-name"): self.env["mailjet.theme"].brand(
                lxml_html.tostring(theme, encoding="unicode"), company.id
            )
            for theme in themes
        }

    @users("mailer")
    def test_no_theme_has_the_logo_or_pages_of_somebody_else(self):
        self.env.company.sudo().write(
            {
                "logo": base64.b64encode(PIXEL),
                **dict.fromkeys(self.env.company._get_social_media_links()),
                "social_facebook": "https://www.facebook.com/ash",
                "email_secondary_color": "#123456",
                "street": "1 <Quay>",
            }
        )
        themes = self._brand_themes(self.env.company)
        for name, html in themes.items():
            with self.subTest(name):
                self.assertNotRegex(html, r"(?i)/mass_mailing\w*/static/\S*logo")
                self.assertNotRegex(html, r"(?:facebook|twitter)\.com/Odoo|SOLAR|A\+")
                has_buttons = "design-element" in html
                self.assertEqual("#123456" in html, has_buttons)
        url = f"/logo.png?company={self.env.company.id}"
        for name in (
            "default",
            "event",
            "coupon",
            "coffeebreak",
            "blogging",
            "bignews",
        ):
            self.assertEqual(themes[name].count(url), 1)
            self.assertIn("1 &lt;Quay&gt;", themes[name])

    @users("mailer")
    def test_the_colors_of_documents_where_emails_have_none(self):
        self.env.company.sudo().primary_color = "#654321"
        self.assertIn("#654321", self._brand_themes(self.env.company)["default"])
        self.env.company.sudo().primary_color = False
        default = self._brand_themes(self.env.company)["default"]
        self.assertNotIn("--btn-primary", default)

    @users("mailer")
    def test_no_other_company_can_be_read(self):
        companies = self.env["res.company"].with_user(SUPERUSER_ID)
        other = companies.create({"name": "Another"})
        with self.assertRaises(AccessError):
            self.env["mailjet.theme"].brand("<p>Hi</p>", other.id)
        self.assertIn("Hi", self.env["mailjet.theme"].brand("<p>Hi</p>"))
