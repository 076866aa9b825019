import csv
import io
import json
import re

from odoo.tests import tagged

from ..tools.preference_links import PATH, PREFERENCES, hide_tokens
from .feedback_common import FeedbackCase
from .values_common import ValuesCase

TOKEN = f"123-{'0af9' * 8}"


@tagged("post_install", "-at_install")
class TestPreferenceLink(ValuesCase):
    """The link to the preference page: in every email, and of one recipient only."""

    def test_each_recipient_gets_a_link_of_its_own(self):
        mailing = self._make_mailing(self.people)
        self._send(mailing)
        draft = mailing.mailjet_campaign_ids.mailjet_draft_id
        tokens = set()
        for person in self.people:
            row = self._row(mailing, person)
            mail = self.mailjet.get_delivered(draft, row.email_normalized)
            link = f"{mailing.get_base_url()}{PATH}/{self._get_token(row)}"
            self.assertIn(f"href='{link}'", mail["html"])
            self.assertIn(f"Manage my preferences <{link}>", mail["text"])
            tokens.add(self._get_token(row))
        self.assertEqual(len(tokens), 3)

    def test_a_token_depends_on_the_row_the_address_and_the_key(self):
        first, second = (self._make_mailing(self.ann) for _one in range(2))
        self.env["mailjet.preference.key"]._ensure()
        row, other = (self._row(mailing, self.ann) for mailing in (first, second))
        signatures = {self._get_token(row).split("-")[1]}
        signatures.add(self._get_token(other).split("-")[1])
        row.sudo().email_normalized = "eve@example.com"
        self.env.flush_all()
        signatures.add(self._get_token(row).split("-")[1])
        self.env.cr.execute("DELETE FROM mailjet_preference_key")
        self.env["mailjet.preference.key"]._ensure()
        signatures.add(self._get_token(row).split("-")[1])
        self.assertEqual(len(signatures), 4)

    def test_mailings_on_their_way_together_have_links_of_their_own(self):
        first, second = (self._make_mailing(self.ann) for _one in range(2))
        for mailing in (first, second):
            self._make_campaign(mailing)._freeze_message()
        names = [
            re.search(r"odoourl\w+", mailing.mailjet_campaign_ids.frozen_text)[0]
            for mailing in (first, second)
        ]
        slots = [self._preferences_property(slot) for slot in (1, 2)]
        self.assertEqual(names, slots)

    def test_users_place_it_themselves(self):
        mailing = self._make_mailing(
            self.ann, body_code=f'<p><a href="{PREFERENCES}">Choose</a></p>'
        )
        html = mailing._compose().html
        self.assertEqual(html.count(PATH), 1)
        self.assertNotIn("Manage my preferences", html)
        self.assertNotIn(PREFERENCES, html)

    def test_a_mailing_from_before_the_link_has_it_in_its_language(self):
        self.env["res.lang"]._activate_lang("fr_FR")
        mailing = self._make_mailing(lang="fr_FR", preferences_text=False)
        text = mailing.with_context(lang="fr_FR")._get_preferences_text()
        link = f"{text} <{mailing.get_base_url()}{PATH}/"
        self.assertIn(link, mailing._compose().text)

    def test_no_utm_parameters(self):
        campaign = self.env["utm.campaign"].create({"title": "Autumn"})
        mailing = self._make_mailing(self.ann, campaign_id=campaign.id)
        for part in mailing._compose()[1:3]:
            self.assertNotRegex(part, rf"{PATH}[^\s]*utm_")

    def test_it_is_no_link_with_values_of_recipients(self):
        mailing = self._make_mailing(self.ann, subject="s", body_code="<p>Hi</p>")
        campaign = self._make_campaign(mailing)
        campaign._freeze_message()
        self.assertEqual(campaign._get_written_links(), [])

    def test_no_check_complains_of_it(self):
        self.env["ir.config_parameter"].set_param("web.base.url", "http://localhost")
        mailing = self._make_mailing(self.people, subject="s", body_code="<p>Hi</p>")
        findings = mailing.get_checks()["findings"]
        self.assertNotIn("links", {finding["name"] for finding in findings})

    def test_no_preview_and_no_test_holds_anyones_link(self):
        mailing = self._make_mailing(self.people)
        row = self._row(mailing, self.ann)
        for is_sent in (False, True):
            with self.subTest(is_sent=is_sent):
                if is_sent:
                    self._send(mailing)
                preview = mailing.get_preview(row.id)
                test = mailing._compose_test(row, "https://example.com/t")
                for part in (preview["html"], preview["text"], *test):
                    self.assertNotIn(PATH, part)
                self.assertIn(
                    '"https://example.com/t/preferences"', test[1].replace("'", '"')
                )
                self.assertIn("<https://example.com/t/preferences>", test[2])

    def test_of_a_record_that_is_no_recipient_there_is_no_link(self):
        mailing = self._make_mailing()
        values = mailing._compose().values
        cells = self.env["mailjet.variable.value"]._read(values, self.ann)
        self.assertNotIn(self._preferences_property(), cells)

    def test_without_a_key_nobody_gets_a_link_that_works(self):
        mailing = self._make_mailing(self.people)
        campaign = self._make_campaign(mailing)
        campaign._freeze_message()
        campaign._create_uploads()
        self.env.cr.execute("DELETE FROM mailjet_preference_key")
        upload = campaign._get_uploads()
        upload._mark_outgoing()
        rows = list(csv.DictReader(io.StringIO(upload._get_csv().decode())))
        name = self._preferences_property(*self._get_slots(mailing))
        self.assertEqual({row[name] for row in rows}, {"-"})


@tagged("post_install", "-at_install")
class TestPreferenceClicks(FeedbackCase):
    """Clicks on the link, of which no token is kept."""

    def test_of_a_click_no_token_is_kept(self):
        url = f"https://odoo.example.com{PATH}/{TOKEN}"
        self._tell(self._event("click", url=url), self._event("other click", minutes=2))
        event = self.env["mailjet.event"].search([("url", "like", PATH)])
        self.assertEqual(event.url, f"https://odoo.example.com{PATH}/")
        self.assertNotIn(TOKEN, json.dumps(event.payload))
        self.assertEqual(self.mailing.link_ids.mapped("url"), ["https://example.com/b"])
        ann = self._recipients().filtered(lambda row: row.partner_id == self.ann)
        self.assertEqual((ann.status, ann.click_count), ("clicked", 2))

    def test_nor_of_what_cannot_be_read(self):
        bodies = (
            f'[{{"event": "click", "url": "https:\\/\\/a{PATH}/{TOKEN}"',
            json.dumps([{"event": "click", "x": f"https://a{PATH}/{TOKEN}"}]),
            json.dumps([{"event": "click", "n": 1e400, "x": f"//a{PATH}/{TOKEN}"}]),
            json.dumps(
                [{"event": "x", "u": f"//b?u={PATH}/{TOKEN}".replace("/", "%2F")}]
            ),
            json.dumps([f"//a{PATH}/{TOKEN}"]).replace("/", "\\/"),
        )
        for body in bodies:
            with self.subTest(body):
                self.assertIn(TOKEN, body)
                self._post(body.encode())
        for event in self.env["mailjet.event"].search([]):
            self.assertNotIn(TOKEN, f"{event.payload_text} {event.payload} {event.url}")

    def test_other_addresses_stay(self):
        for text in (
            f"https://example.com/preferences/{TOKEN}",
            "https://example.com/mailjet/preferences/123",
            "",
        ):
            self.assertEqual(hide_tokens(text), text)
