from odoo.tests import tagged

from ..tools import checks_email
from ..tools.email_reader import read_email
from ..tools.finding import AMBER, RED
from .checks_common import CITY, HIDDEN, SHOE, ChecksCase, codes


@tagged("post_install", "-at_install")
class TestChecksEmail(ChecksCase):
    """Each check of the email with what it finds, and with what it lets pass."""

    def test_body(self):
        self.assertFound(
            checks_email.check_body,
            (
                (("<p>Hi</p>", False, True), {}),
                (("", True, True), {"body_empty": RED}),
                (("<p t-if='x'>Hi</p>", False, True), {"body_conditional": RED}),
                (("<p t-if='x'>Hi</p>", False, False), {}),
            ),
        )

    def test_variables(self):
        check, unknown = checks_email.check_variables, {"variables_unknown": RED}
        self.assertFound(
            lambda used, *texts: check(used, {CITY}, texts),
            (
                (({CITY}, "$contacts-city$ and $contacts-city|town$"), {}),
                ((set(), "It costs 5$ or 10$", None), {}),
                (({SHOE}, "$contacts-shoe$"), unknown),
                ((set(), "$Contacts-City$"), unknown),
                ((set(), "$contact_city$"), unknown),
                ((set(), "$leads$"), unknown),
            ),
        )
        (finding,) = check({SHOE, CITY}, {CITY}, ["$contacts-shoe$ $Leads.x$"])
        self.assertEqual(finding.values["tokens"], ["$Leads.x$", "$contacts-shoe$"])

    def test_unsubscribe(self):
        missing = {"unsubscribe_missing": RED}
        hidden = {"unsubscribe_hidden": RED}
        styles = ("display:none", "visibility: hidden", "font-size:0", "opacity:0")
        styles += (
            "color:#FFF",
            "color: white !important",
            "max-height:0;overflow:hidden",
        )
        self.assertFoundInHtml(
            checks_email.check_unsubscribe,
            (
                (HIDDEN % "", {}),
                ("<a href='[[UNSUB_LINK_FR]]'><img src='x' alt='Leave'></a>", {}),
                ("<td bgcolor='#000'>" + HIDDEN % "color:#fff", {}),
                ("<td class='dark'>" + HIDDEN % "color:#fff", {}),
                ("<td style='background:url(x)'>" + HIDDEN % "color:#fff", {}),
                ("<td style='font-size:0'>" + HIDDEN % "font-size:12px", {}),
                ("<p>Hi</p>", missing),
                ("<p>[[UNSUB_LINK_EN]]</p>", missing),
                ("<!-- " + HIDDEN % "" + " -->", missing),
                ("<a href='[[UNSUB_LINK_EN]]'></a>", hidden),
                ("<div style='display:none'>" + HIDDEN % "", hidden),
                ("<td bgcolor='black'>" + HIDDEN % "color:#000000", hidden),
                *((HIDDEN % style, hidden) for style in styles),
                (HIDDEN % styles[0] + HIDDEN % "", {}),
            ),
        )

    def test_links(self):
        link = "<a href='%s'>Here</a>"
        self.assertFoundInHtml(
            checks_email.check_links,
            (
                (link % "https://www.odoo.com", {}),
                (link % "mailto:a@example.com", {}),
                (link % "[[UNSUB_LINK_EN]]", {}),
                (link % "#top", {}),
                ("<a name='top'>Here</a>", {}),
                (link % "javascript:x()", {"links_unsafe": RED}),
                (link % "file:///a", {"links_unsafe": RED}),
                (link % "www.odoo.com", {"links_malformed": RED}),
                (link % "http://localhost/", {"links_private": AMBER}),
                (link % "", {"links_nowhere": AMBER}),
                ("<area href='#'>", {"links_nowhere_images": AMBER}),
                ("<a href='#'><img src='a.png'></a>", {"links_nowhere_images": AMBER}),
                (
                    link % "#" + link % "data:x",
                    {"links_unsafe": RED, "links_nowhere": AMBER},
                ),
            ),
        )

    def test_image_texts(self):
        found = {"images_without_text": AMBER}
        self.assertFoundInHtml(
            checks_email.check_image_texts,
            (
                ("<img src='a.png' alt='Lamp'>", {}),
                ("<img src='line.png' alt=''>", {}),
                ("<img src='pixel.png' width='1' height='1'>", {}),
                ("<div style='display:none'><img src='a.png'></div>", {}),
                ("<img src='a.png'>", found),
                ("<a href='b'><img src='a.png' title='Lamp'></a>", found),
            ),
        )

    def test_image_addresses(self):
        image = "<img src='%s' alt=''>"
        self.assertFoundInHtml(
            checks_email.check_image_addresses,
            (
                (image % "https://cdn.odoo.com/a.png", {}),
                (image % 'https://x.odoo.com/[[data:odoo_a:""]].png', {}),
                (image % "data:image/png;base64,AAAA", {"images_inline": AMBER}),
                (image % "cid:logo", {"images_inline": AMBER}),
                (image % "http://localhost:8069/a.png", {"images_private": AMBER}),
                (image % "http://192.168.1.4/a.png", {"images_private": AMBER}),
                (image % "https://", {"images_private": AMBER}),
                (image % "a.png", {"images_relative": AMBER}),
                (image % "", {"images_relative": AMBER}),
            ),
        )

    def test_size(self):
        limit = 102 * 1024
        self.assertFoundInHtml(
            checks_email.check_size,
            (("x" * limit, {}), ("é" * (limit // 2 + 1), {"too_large": AMBER})),
        )

    def test_text(self):
        found = {"text_empty": AMBER}
        self.assertFound(
            checks_email.check_text,
            (
                (("Dear reader",), {}),
                (("Привет",), {}),
                (("",), found),
                (
                    ("<https://www.odoo.com/a>\n\nhttps://odoo.com [[PERMALINK]]",),
                    found,
                ),
                (("— · —",), found),
            ),
        )

    def test_leftovers(self):
        for text in (
            "Dear {{ object.name }}",
            "{{contact.FIRSTNAME}}",
            "{% if x %}",
            "<%= name %>",
            "${object.name}",
            "*|FNAME|*",
            "%%first_name%%",
            't-out="object.name"',
        ):
            with self.subTest(text):
                self.assertEqual(
                    codes(checks_email.check_leftovers("Hi", None, text)),
                    {"template_language": AMBER},
                )
        for text in ("100 %", "{a}", "5% to 10%", "$contacts-city$", "[[PERMALINK]]"):
            with self.subTest(text):
                self.assertFalse(list(checks_email.check_leftovers(text)))

    def test_placeholders(self):
        text, links = {"placeholder_text": AMBER}, {"placeholder_links": AMBER}
        self.assertFoundInHtml(
            checks_email.check_placeholders,
            (
                ("<p>Todo el mundo</p>", {}),
                ("<style>.lorem-ipsum{}</style><p>Hi</p>", {}),
                ("<a href='https://www.odoo.com'>Here</a>", {}),
                ("<p>Lorem <b>ipsum</b></p>", text),
                ("<p>TODO</p>", text),
                ("<a href='https://www.example.com/a'>Here</a>", links),
            ),
        )
        check = checks_email.check_placeholders
        email = read_email("<p>Hi</p>")
        self.assertEqual(codes(check(email, "XXXX in Oslo")), text)
        self.assertEqual(codes(check(email, stock=["Your Title"])), text)

    def test_sample_images(self):
        found = {"placeholder_images": AMBER}
        theme = "/mass_mailing_themes/static/src/img/theme_event"
        self.assertFoundInHtml(
            checks_email.check_placeholders,
            (
                (f"<img src='https://x.odoo.com{theme}/s_default_image_1.jpg'>", found),
                ("<img src='/mass_mailing/static/src/img/x/signature.png'>", found),
                ("<img src='/web/image/mass_mailing.s_cover_default_image'>", found),
                (
                    "<img src='/html_editor/image_shape/mass_mailing.s_default_image_1"
                    "/html_builder/geometric/geo.svg'>",
                    found,
                ),
                (f"<img src='{theme}/vip_banner.png'>", {}),
                ("<img src='/web/image/res.company/1/logo'>", {}),
                ("<img src='https://cdn.odoo.com/logo.png'>", {}),
            ),
        )

    def test_links_are_named_by_their_words(self):
        link = "<a href='#'>%s</a>"
        icon = link % "<img src='a.png'>"
        email = read_email(icon + link % "<img src='b.png'> Login" + icon)
        (finding,) = checks_email.check_links(email)
        self.assertEqual(finding.values, {"count": 3, "texts": ["Login"]})
