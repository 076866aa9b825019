from odoo.tests import BaseCase, tagged

from ..tools.web_addresses import classify, is_followable, is_public, parse_ip

KINDS = {
    "web": (
        "https://www.odoo.com/a?b=1",
        "HTTP://ODOO.COM",
        "//cdn.odoo.com/a.png",
        "https://déjà.fr/été",
        "https://odoo.com./a b",
        "https://8.8.8.8/",
        "https://[2a00:1450::1]/",
    ),
    "personal": (
        "[[UNSUB_LINK_EN]]",
        "[[PERMALINK]]",
        '[[data:odoo_leads_website:""]]',
        "$leads-website$",
        'https://odoo.com/?n=[[data:odoourl_contacts_city:""]]',
        "https://odoo.com/$contacts-city|town$",
        "https://odoo.com/{{ slug }}",
    ),
    "nowhere": ("", " ", "#", "\n#\t"),
    "anchor": ("#top",),
    "unsafe": (
        "javascript:alert(1)",
        " JavaScript:alert(1)",
        "java\nscript:alert(1)",
        "vbscript:x",
        "file:///etc/passwd",
        "data:text/html,x",
        r"C:\Users\me\news.pdf",
    ),
    "malformed": (
        "www.odoo.com",
        "page.html",
        "/shop",
        "http//odoo.com",
        "htp://odoo.com",
        "htttps://odoo.com",
        "https://",
        "https:///shop",
        "https://odoo com/",
        "https://odoo..com/",
        "https://odoo.com:99999/",
        "https://[::1/",
    ),
    "private": (
        "http://localhost:8069/a",
        "http://intranet/a",
        "http://nas.local",
        "http://10.0.0.1/",
        "http://[::1]/",
        "http://[::ffff:127.0.0.1]/",
        "http://169.254.169.254/latest",
    ),
    "reserved": ("https://example.com", "https://www.example.org/a", "http://a.test"),
    "other": ("mailto:a@odoo.com", "tel:+33123", "sms:123", "whatsapp://send?text=a"),
}
NOT_FOLLOWED = (
    "https://odoo.com/unsubscribe/7",
    "https://odoo.com/optout",
    "https://odoo.com/d%C3%A9sinscription?a=1",
    "https://odoo.com/desinscription",
    "https://odoo.com/confirm/7",
    "https://odoo.com/login?token=abc",
    "https://odoo.com/?access_token=abc",
    "https://odoo.com/?sig=abc",
    "https://odoo.com/u/8f7d6a5b4c3e2f1a0b9c",
    "https://odoo.com/u/123e4567-e89b-12d3-a456-426614174000",
    "https://me:secret@odoo.com/",
    "https://odoo.com:8443/",
    "http://odoo.com:443/",
    "https://localhost/",
    "https://10.0.0.1/",
    "https://www.example.com/",
    "https://odoo.com/$contacts-city$",
    "mailto:a@odoo.com",
    "ftp://odoo.com/a",
)
PUBLIC = ("8.8.8.8", "193.0.6.139", "2a00:1450:4007::1", "::ffff:8.8.8.8")
NOT_PUBLIC = (
    *("0.0.0.0", "127.0.0.1", "127.8.8.8", "10.1.2.3", "172.16.0.1", "172.31.9.9"),
    *("192.168.0.1", "169.254.169.254", "100.64.0.1", "192.0.0.1", "192.0.2.1"),
    *("198.18.0.1", "198.51.100.1", "203.0.113.1", "224.0.0.1", "239.1.1.1"),
    *("240.0.0.1", "255.255.255.255"),
    *("::", "::1", "fe80::1", "fe80::1%eth0", "fc00::1", "fd00::1", "fec0::1"),
    *("ff02::1", "2001:db8::1", "::ffff:127.0.0.1", "::ffff:10.0.0.1"),
    # IPv4 within IPv6: any machine may be behind it.
    *("64:ff9b::7f00:1", "64:ff9b::808:808", "2002:7f00:1::1", "2001:0:1::1"),
)


@tagged("post_install", "-at_install")
class TestWebAddresses(BaseCase):
    """What an address tells without opening it."""

    def test_kinds_of_links(self):
        for kind, urls in KINDS.items():
            for url in urls:
                with self.subTest(url):
                    self.assertEqual(classify(url), kind)

    def test_pages_that_may_be_opened(self):
        for url in (
            "https://www.odoo.com/",
            "http://odoo.com:80/a?page=2&utm_source=news",
            "https://odoo.com:443/the-lamp-of-the-year-2026-with-a-long-name",
            "//odoo.com/a",
        ):
            with self.subTest(url):
                self.assertTrue(is_followable(url))

    def test_what_may_act_in_the_name_of_a_person_is_not_opened(self):
        for url in NOT_FOLLOWED:
            with self.subTest(url):
                self.assertFalse(is_followable(url))

    def test_addresses_of_the_public_internet(self):
        for text in PUBLIC:
            with self.subTest(text):
                self.assertTrue(is_public(parse_ip(text)))
        for text in NOT_PUBLIC:
            with self.subTest(text):
                self.assertFalse(is_public(parse_ip(text)))
