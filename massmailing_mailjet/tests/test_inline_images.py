import base64

from odoo.tests import BaseCase

from ..tools.inline_images import replace_inline_images

PIXEL = b"\x89PNG pixel"
DATA = base64.b64encode(PIXEL).decode()


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
        replace_inline_images(f"data:image/gif;base64,{folded}", self._host)
        self.assertEqual(self.hosted, [("image/gif", PIXEL)])

    def test_leaves_what_is_no_image(self):
        for text in (
            "data:text/html;base64,PHA+",
            "data:image/svg+xml;base64,PHN2Zz4=",
            "data:image/png;base64,x",
            "<p>no image</p>",
        ):
            with self.subTest(text):
                self.assertEqual(replace_inline_images(text, self._host), text)
        self.assertFalse(self.hosted)
