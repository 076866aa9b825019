from odoo.tests import tagged

from .feedback_common import FeedbackCase


@tagged("post_install", "-at_install")
class TestFeedbackLinks(FeedbackCase):
    """What becomes of links when their clicks come in."""

    def test_links_are_counted_by_clicks_and_by_recipients(self):
        self._tell(
            self._event("click", minutes=1),
            self._event("click", minutes=2),
            self._event("click", "bob@example.com", minutes=3),
            self._event("other click", minutes=4),
        )
        self._tell(self._event("click", minutes=5), self._event("scan", minutes=6))
        self.assertEqual(
            [
                (link.url, link.click_count, link.recipient_count)
                for link in self.mailing.link_ids
            ],
            [("https://example.com/a", 4, 2), ("https://example.com/b", 1, 1)],
        )
        ann = self._recipients().filtered(lambda row: row.partner_id == self.ann)
        self.assertEqual(ann.click_count, 4)
        self.assertEqual(ann.click_ids.mapped("click_count"), [3, 1])
        self.assertEqual(self.mailing.clicked_count, 2)

    def test_links_with_values_are_counted_as_they_were_written(self):
        self.mailing.body_code = (
            '<a href="https://example.com/a?n=$contacts-name|you$&amp;m=1">a</a>'
            '<a href="https://example.com/100%25_a/$contacts-email$">b</a>'
            '<a href="https://example.com/a">c</a>'
            '<a href="$contacts-website$">d</a>'
        )
        self._tell(
            *(
                self._event("click", f"{name}@example.com", url=url)
                for name in ("ann", "bob")
                for url in (
                    f"https://example.com/a?n=%41{name}&m=1",
                    f"https://example.com/100%25_a/{name}@example.com",
                    "https://example.com/a",
                    f"https://{name}.example.org/home",
                )
            )
        )
        self.assertEqual(
            {
                (link.url, link.click_count, link.recipient_count)
                for link in self.mailing.link_ids
            },
            {
                ("https://example.com/a?n=$contacts-name$&m=1", 2, 2),
                ("https://example.com/100%25_a/$contacts-email$", 2, 2),
                ("https://example.com/a", 2, 2),
                ("$contacts-website$", 2, 2),
            },
        )

    def test_of_an_unknown_link_of_such_a_mailing_the_website_is_kept(self):
        self.mailing.body_code = (
            '<a href="https://example.com/?n=$contacts-name$">a</a>'
        )
        self._tell(
            self._event("click", url="https://user@example.org/ann@example.com?a=b"),
            self._event("click", url="mailto:ann@example.com"),
            self._event("click", url="https://example.net/ann"),
        )
        self.assertEqual(
            sorted(self.mailing.link_ids.mapped("url")), ["https://example.net", "…"]
        )
