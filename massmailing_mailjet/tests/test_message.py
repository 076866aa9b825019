import base64
import re
from unittest.mock import patch
from urllib.parse import urlencode

from odoo.tests import HttpCase, tagged, users
from odoo.tools import mute_logger

from ..tools.property_values import ADDRESS
from .common import MailjetCase
from .migration_script import load

PIXEL = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mP8z8BQDwAEhQGAhKmM"
    "IQAAAABJRU5ErkJggg=="
)
PIXEL_URI = f"data:image/png;base64,{base64.b64encode(PIXEL).decode()}"


@tagged("post_install", "-at_install")
class TestMessage(MailjetCase):
    """What a mailing becomes as an email."""

    def _compose(self, mailing):
        _subject, html, text, *_rest = mailing._compose()
        return html, text

    @users("mailer")
    def test_the_plain_text_follows_the_html(self):
        _html, text = self._compose(self._make_mailing(preview="Hidden"))
        # The subject uses the variable with another text for empty values.
        name = self._property("$contacts-firstname$", number=2)
        self.assertEqual(
            text,
            "View this email online <[[PERMALINK]]>\n\n"
            f'Dear [[data:{name}:"reader"]]\n\n'
            "Unsubscribe <[[UNSUB_LINK_EN]]>\n\n"
            f"Manage my preferences <{self.account.get_base_url()}/mailjet/preferences/"
            f'[[data:{self._preferences_property()}:"-"]]>',
        )

    def test_empty_elements_and_style_sheets_stay_as_they_are(self):
        """In both, and in copies; no element contains what follows it."""
        body = (
            '<div><style id="design"></style><style>td > p { margin: 0 }</style>'
            '<a id="top"></a>Dear <b></b><i class="fa fa-star"></i>reader<br>'
            "<table><tbody><tr><td></td><td>news</td></tr></tbody></table></div>"
        )
        mailing = self._make_mailing(
            composition="template", body_html=body, body_arch=body
        )
        for record in (mailing, mailing.copy()):
            self.env.flush_all()
            record.invalidate_recordset()
            self.assertEqual(record.body_html, body)
            self.assertEqual(record.body_arch, body)
            html, text = self._compose(record)
            self.assertIn(body, html)
            self.assertIn("reader", text)

    def test_what_was_stored_as_xhtml_becomes_html(self):
        mailing = self._make_mailing(composition="template")
        self.env.cr.execute(
            "UPDATE mailjet_mailing SET body_html = %s, body_arch = %s WHERE id = %s",
            [
                '<div><style id="design"/><b/>Dear<br/>'
                "<style>td &amp;amp;gt; p &gt; a {}</style>"
                "<!--[if mso]><v:fill/><![endif]--> &amp; you</div>",
                "<p>Dear &amp;gt; you</p>",
                mailing.id,
            ],
        )
        for _time in range(2):
            load("19.0.1.2.0/post-html").migrate(self.env.cr, "19.0.1.1.0")
            mailing.invalidate_recordset()
            self.assertEqual(
                mailing.body_html,
                '<div><style id="design"></style><b></b>Dear<br>'
                "<style>td > p > a {}</style>"
                "<!--[if mso]><v:fill/><![endif]--> &amp; you</div>",
            )
            self.assertEqual(mailing.body_arch, "<p>Dear &amp;gt; you</p>")

    def test_it_is_composed_once_when_it_is_frozen(self):
        mailing = self._make_mailing(
            composition="template",
            body_html='<p>Dear <a href="https://example.com/$contacts-city$">you</a></p>',
        )
        qweb = self.env.registry["ir.qweb"]
        with patch.object(
            qweb, "_render", autospec=True, side_effect=qweb._render
        ) as r:
            self._make_campaign(mailing)._freeze_message()
        rendered = [call.args[1] for call in r.mock_calls]
        self.assertEqual(rendered.count("massmailing_mailjet.mail_layout"), 1)
        (link,) = [
            link["url"]
            for link in mailing.mailjet_campaign_ids.frozen_links["links"]
            if "example.com" in link["url"]
        ]
        self.assertEqual(link, "https://example.com/$contacts-city$")
        self.assertIn("Dear", mailing.mailjet_campaign_ids.frozen_text)

    @users("mailer")
    def test_an_edited_plain_text(self):
        mailing = self._make_mailing()
        mailing.action_edit_text()
        self.assertEqual(mailing.body_text, "Dear $contacts-firstname|reader$")
        mailing.body_text = (
            "Hello https://example.com/?n=$contacts-lastname$.\n\n"
            "Leave: [[UNSUB_LINK_EN]]"
        )
        html, text = self._compose(mailing)
        self.assertIn("Dear", html)
        name = self._property("$contacts-lastname$", ADDRESS)
        self.assertIn(f'?n=[[data:{name}:"%20"]].\n', text)
        self.assertEqual(text.count("[[UNSUB_LINK_EN]]"), 1)
        self.assertEqual(text.count("[[PERMALINK]]"), 1)
        mailing.action_derive_text()
        self.assertIn("Dear", self._compose(mailing)[1])

    @users("mailer")
    def test_variables_of_the_plain_text_are_read_too(self):
        mailing = self._make_mailing(body_text="In $contacts-city$")
        message = mailing._compose()
        self.assertIn(self._property("$contacts-city$"), message.values["properties"])
        unknown = self._make_mailing(body_text="In $contacts-nowhere$")
        with self.assertRefused("contacts-nowhere"):
            unknown.action_send()

    @users("mailer")
    def test_utm_parameters_with_a_campaign_only(self):
        link = '<a href="https://example.com/shop">Shop</a>'
        mailing = self._make_mailing(body_code=link)
        self.assertIn(link, self._compose(mailing)[0])
        campaign = self.env["utm.campaign"].sudo().create({"title": "Autumn"})
        mailing.campaign_id = campaign
        html, text = self._compose(mailing)
        utm_source = urlencode({"utm_source": mailing.name})
        for part, separator in ((html, "&amp;"), (text, "&")):
            address = re.search(r'https://example.com/shop\?([^">]*)', part)[1]
            self.assertEqual(
                address.split(separator),
                [utm_source, "utm_medium=Email", "utm_campaign=Autumn"],
            )
        self.assertNotRegex(html, r"UNSUB_LINK_EN\]\][?&]")


@tagged("post_install", "-at_install")
class TestHosting(HttpCase, MailjetCase):
    """Images within the HTML, as recipients fetch them."""

    def test_anybody_can_fetch_what_was_inline(self):
        image = f'<p><img src="{PIXEL_URI}" alt="A pixel"/></p>'
        mailing = self._make_mailing(body_code=image)
        mailing.write({"body_arch": image, "body_html": image})
        for field in ("body_code", "body_arch", "body_html"):
            with self.subTest(field):
                address = re.search(r'src="([^"]*)"', mailing[field])[1]
                answer = self.url_open(address.replace("&amp;", "&"))
                self.assertEqual(answer.status_code, 200)
                self.assertEqual(answer.content, PIXEL)
        mailing.unlink()
        self.assertEqual(self.url_open(address).content, PIXEL)

    @mute_logger("odoo.http")
    def test_nobody_can_guess_its_address(self):
        mailing = self._make_mailing(body_code=f'<img src="{PIXEL_URI}">')
        address = re.search(r'src="([^"?]*)', mailing.body_code)[1]
        for wrong in (address, f"{address}?access_token=x"):
            with self.subTest(wrong):
                self.assertNotEqual(self.url_open(wrong).content, PIXEL)
