from odoo.tests import BaseCase, tagged

from ..tools.visual_html import to_visual

BODIES = {
    "<html><head><title>t</title></head><BODY a=b><p>x</p></BODY></html>": "<p>x</p>",
    "<!doctype html><style>p{}</style><p>x</p><!--[if mso]>y<![endif]-->": "<p>x</p>",
    "<body><p>unclosed": "<p>unclosed</p>",
    "<p>a</p>b<p>c</p>": "<p>a</p>b<p>c</p>",
    '<script>alert(1)</script><p onclick="x">x</p>': '<p onclick="x">x</p>',
    # Colours of tables go to their own cells
    '<table style="background-color: white;color:#111"><tr><td style="padding:1px;">x'
    "</td></tr></table>": (
        '<table style="background-color: white;color:#111"><tr><td style="padding:1px; '
        'color: #111; background-color: white;">x</td></tr></table>'
    ),
    '<table style="background-color:red"><tr><td><table style="background-color:blue">'
    '<tr><td>x</td><td style="background-color:green">y</td></tr></table></td></tr>'
    "</table>": (
        '<table style="background-color:red"><tr><td style="background-color: red;">'
        '<table style="background-color:blue"><tr><td style="background-color: blue;">'
        'x</td><td style="background-color:green">y</td></tr></table></td></tr></table>'
    ),
    "<table><tr><td>x</td></tr></table>": "<table><tr><td>x</td></tr></table>",
    # Empty elements have their size; formats of nothing are dropped
    '<p>a<b></b><i class="fa"></i><br></p><div style="height:3px"></div>': (
        '<p>a<i class="fa"></i><br></p><div style="height:3px"></div>'
    ),
    "<p><b><i></i></b></p><table><tr><td></td></tr></table>": (
        "<p></p><table><tr><td></td></tr></table>"
    ),
    # Links keep the font of what is around them, and the line below them
    '<a href="#">x</a>': (
        '<a href="#" style="font-family: inherit; font-size: inherit; '
        'font-weight: inherit; text-decoration: underline;">x</a>'
    ),
    '<a href="#" style="font: 9px Arial; text-decoration:none">x</a>': (
        '<a href="#" style="font: 9px Arial; text-decoration:none">x</a>'
    ),
    '<a name="top">x</a>': (
        '<a name="top" style="font-family: inherit; font-size: inherit; '
        'font-weight: inherit;">x</a>'
    ),
}


@tagged("post_install", "-at_install")
class TestVisualHtml(BaseCase):
    """HTML made elsewhere in the visual editor."""

    def test_what_an_email_shows(self):
        for source, expected in BODIES.items():
            with self.subTest(source):
                self.assertEqual(to_visual(source), expected)
