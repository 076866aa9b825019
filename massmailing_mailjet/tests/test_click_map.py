from odoo.tests import tagged

from ..tools.email_reader import read_email
from ..tools.written_links import find_written, find_written_links
from .feedback_common import FeedbackCase


@tagged("post_install", "-at_install")
class TestClickMap(FeedbackCase):
    """The email of a sent mailing, and which of its links is which that was clicked."""

    def _get_hrefs(self):
        """Return the address of each clicked link in the email, by the link's own."""
        click_map = self.mailing.with_user(self.user).get_statistics()["click_map"]
        urls = {link.id: link.url for link in self.mailing.link_ids}
        for href in click_map["hrefs"]:
            self.assertIn(href.replace("&", "&amp;"), click_map["html"])
        return {urls[link]: href for href, link in click_map["hrefs"].items()}

    def test_links_are_found_in_the_email(self):
        self.mailing.body_code = (
            '<a href=" https://example.com/a ">a</a>'
            '<a href="https://example.com/b">b</a>'
            '<a href="https://example.com/c">c</a>'
        )
        self._tell(self._event("click"), self._event("other click"))
        self.assertEqual(
            self._get_hrefs(),
            {url: url for url in ("https://example.com/a", "https://example.com/b")},
        )

    def test_a_link_with_values_is_found_by_how_it_was_written(self):
        self.mailing.body_code = (
            '<a href="https://example.com/a?n=$contacts-email$&amp;m=1">a</a>'
        )
        self._tell(
            self._event(
                "click", "bob@example.com", url="https://example.com/a?n=bob&m=1"
            )
        )
        self.assertEqual(
            list(self._get_hrefs()), ["https://example.com/a?n=$contacts-email$&m=1"]
        )

    def test_a_link_is_found_after_its_mailing_was_renamed(self):
        self.mailing.campaign_id = self.env["utm.campaign"].create({"title": "Spring"})
        self.mailing.body_code = '<a href="https://example.com/a">a</a>'
        links = read_email(self.mailing.get_preview()["html"]).links
        (sent,) = {link.url for link in links if link.url.startswith("https")}
        self._tell(self._event("click", url=sent))
        self.mailing.sudo().name = "Renamed"
        ((url, href),) = self._get_hrefs().items()
        self.assertEqual(url, sent)
        self.assertIn("utm_source=Renamed", href)

    def test_what_was_written_is_told_from_what_is_like_it(self):
        html = (
            '<a href="https://example.com/100%25_a/$contacts-email$">a</a>'
            '<a href="https://example.com/b">b</a>'
        )
        links = find_written_links(html, "")
        for url, written in {
            "https://example.com/100%25_a/x": (
                "https://example.com/100%25_a/$contacts-email$"
            ),
            "https://example.com/b": "https://example.com/b",
            "https://example.com/100%25xa/x": None,
            "https://example.com/b?c": None,
        }.items():
            with self.subTest(url):
                self.assertEqual(find_written(url, links), written)
