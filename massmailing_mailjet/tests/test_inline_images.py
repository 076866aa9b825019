import base64
import tracemalloc

from odoo.tests import BaseCase, tagged

from ..exceptions import InlineImageError
from ..tools.inline_images import (
    MAX_ATTRIBUTE,
    MAX_IMAGE,
    has_long_attribute,
    replace_inline_images,
)

PIXEL = b"\x89PNG pixel"
DATA = base64.b64encode(PIXEL).decode()


@tagged("post_install", "-at_install")
class TestInlineImages(BaseCase):
    """Images that an e-mail carries in its own HTML."""

    def setUp(self):
        super().setUp()
        self.hosted = []

    def _host(self, mimetype, content):
        self.hosted.append((mimetype, content))
        return f"/image/{len(self.hosted)}"

    def test_replaces_them_wherever_they_stand(self):
        uri = f"data:image/png;base64,{DATA}"
        for html in (
            '<IMG alt="a" src="{}">\r\n<p>x</p>',
            "<td style='background:url({}) no-repeat'>",
            '<td style="background:url(&quot;{}&quot;)">',
            '<!--[if mso]><v:image src="{}"/><![endif]-->',
        ):
            with self.subTest(html):
                self.hosted.clear()
                self.assertEqual(
                    replace_inline_images(html.format(uri), self._host),
                    html.format("/image/1"),
                )
                self.assertEqual(self.hosted, [("image/png", PIXEL)])

    def test_hosts_equal_images_once(self):
        html = f'<img src="data:image/png;base64,{DATA}">' * 3
        self.assertEqual(
            replace_inline_images(html, self._host), '<img src="/image/1">' * 3
        )
        self.assertEqual(len(self.hosted), 1)

    def test_folded_and_encoded_data(self):
        folded = f"{DATA[:4]}\n {DATA[4:]}".replace("=", "%3D")
        html = f'<img src="data:image/gif;base64,{folded}">'
        replace_inline_images(html, self._host)
        self.assertEqual(self.hosted, [("image/gif", PIXEL)])

    def test_leaves_what_is_no_image(self):
        for text in (
            "data:text/html;base64,PHA+",
            "data:image/svg+xml;base64,PHN2Zz4=",
            "data:image/png;base64,x",
            "<p>no image</p>",
        ):
            html = f'<img src="{text}">'
            with self.subTest(text):
                self.assertEqual(replace_inline_images(html, self._host), html)
        html = f"<!-- <img src='data:image/png;base64,{DATA}'> -->"
        self.assertEqual(replace_inline_images(html, self._host), html)
        self.assertFalse(self.hosted)

    def test_reads_base64_as_browsers_do(self):
        unpadded = DATA.rstrip("=")
        for data in (unpadded, unpadded[:6] + "%0A" + unpadded[6:], unpadded + "%3d"):
            self.hosted.clear()
            html = f'<img src="data:image/png;base64,{data}">'
            with self.subTest(data):
                self.assertEqual(
                    replace_inline_images(html, self._host), '<img src="/image/1">'
                )
                self.assertEqual(self.hosted, [("image/png", PIXEL)])

    def test_a_list_of_images_keeps_what_it_says_of_screens(self):
        uri = f"data:image/png;base64,{DATA}"
        html = '<img srcset="{} 1x, {} 2x, b.png 3x">'
        self.assertEqual(
            replace_inline_images(html.format(uri, uri), self._host),
            html.format("/image/1", "/image/1"),
        )

    def test_an_image_that_cannot_be_decoded_is_refused(self):
        data = base64.b64encode(bytes(range(256)) * 8).decode()
        for broken in (data[:2001], f"{data[:2000]}!!{data}", f"{data}#", "=" * 2000):
            html = f'<img src="data:image/png;base64,{broken}">'
            with self.subTest(broken[-9:]), self.assertRaises(InlineImageError) as why:
                replace_inline_images(html, self._host)
            self.assertEqual(why.exception.reason, "damaged")
        self.assertFalse(self.hosted)

    def test_finds_attributes_that_odoo_would_lose(self):
        long = "é" * (MAX_ATTRIBUTE // 2)
        for html, is_long in (
            (f'<p>a</p><img src="{long}">', True),
            (f"<p>a</p><img src='{long[1:]}'>", False),
            (f"<p>{long}</p>", False),
            ("<p>a</p>", False),
        ):
            self.assertIs(has_long_attribute(html), is_long)

    def test_memory_is_in_the_order_of_the_input(self):
        data = base64.b64encode(bytes(range(256)) * 8192).decode()
        html = f'<p>a</p><img src="data:image/png;base64,{data}"><p>END</p>'
        tracemalloc.start()
        try:
            result = replace_inline_images(html, self._host)
            peak = tracemalloc.get_traced_memory()[1]
        finally:
            tracemalloc.stop()
        self.assertEqual(result, '<p>a</p><img src="/image/1"><p>END</p>')
        self.assertLess(peak, 8 * len(html))

    def test_an_image_that_is_too_large_is_refused(self):
        data = base64.b64encode(b"x" * (MAX_IMAGE + 1)).decode()
        with self.assertRaises(ValueError):
            replace_inline_images(
                f'<img src="data:image/png;base64,{data}">', self._host
            )
        self.assertFalse(self.hosted)
