from odoo.tests import BaseCase, tagged

from ..tools.editor_repairs import repair_editor_html


@tagged("post_install", "-at_install")
class TestEditorRepairs(BaseCase):
    """What Odoo's editor writes, and what mailboxes need."""

    def test_icons_have_the_text_of_their_link(self):
        icon = '<img src="/mail/font_to_img/61/rgb(0,0,0)">'
        for html, expected in (
            (f'<a title="X &amp; Y">{icon}</a>', ' alt="X &amp; Y"'),
            (f'<a href="#">{icon}</a>', ' alt=""'),
            (f'<a title="X"></a>{icon}', ' alt=""'),
            ('<a aria-label="Shop"><img src="a.png"></a>', ' alt="Shop"'),
        ):
            with self.subTest(html):
                added = repair_editor_html(html)
                self.assertEqual(added, html.replace("<img", f"<img{expected}"))
        for html in ('<img src="a.png">', f'<a title="X">{icon}'.replace(" ", " alt ")):
            with self.subTest(html):
                self.assertEqual(repair_editor_html(html), html)

    def test_centered_tables_fit_any_window(self):
        table = '<table align="center" style="margin: %s; width: 1px">'
        for margin, expected in (
            ("0px 218.5px", "0px auto"),
            ("4px 218.5px 16px", "4px auto 16px"),
            ("0px auto", "0px auto"),
            ("0px", "0px"),
        ):
            with self.subTest(margin):
                repaired = repair_editor_html(table % margin)
                self.assertEqual(repaired, table % expected)
        left = (
            '<table style="margin: 0px 8px"><td align="center" style="margin:1px 2px">'
        )
        self.assertEqual(repair_editor_html(left), left)
