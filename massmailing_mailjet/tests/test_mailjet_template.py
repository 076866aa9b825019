from odoo.tests import BaseCase, tagged

from ..tools.mailjet_template import convert
from ..tools.template_preview import ConversionReport, TemplatePreview

VARIABLES = {"firstname": "$contacts-firstname$", "name": "$contacts-name$"}
URL = "[[UNSUB_LINK_FR]]"

TEXTS = {
    # Contact properties
    "Dear [[data:firstname]]": "Dear $contacts-firstname$",
    'Dear [[data:first_name:"Sir"]]': "Dear $contacts-firstname|Sir$",
    "Dear [[data:FIRSTNAME:&quot;Sir&quot;]]": "Dear $contacts-firstname|Sir$",
    '[[data:name:""]]': "$contacts-name$",
    '[[data:name:"a|b$"]]': "$contacts-name|a b$",
    '[[data:shoe:"9"]]': '[[data:shoe:"9"]]',
    "[[data:name": "[[data:name",
    # Mailjet's own variables
    "[[EMAIL_TO]] [[PERMALINK]] [[UNSUB_LINK_EN]]": (
        "[[EMAIL_TO]] [[PERMALINK]] [[UNSUB_LINK_EN]]"
    ),
    '<a href="[[UNSUB_LINK]]">x</a>': f'<a href="{URL}">x</a>',
    # The template language
    'A {{var:points:"many"}} B': "A many B",
    "A {{var:points}} B": "A  B",
    "{{ data:firstname:&quot;Sir&quot; }}": "$contacts-firstname|Sir$",
    '{{data:shoe:"9"}}': '[[data:shoe:"9"]]',
    "{{ item.name|upper }}{{#each x}}": "",
    "{% if a %}1{% endif %}": "1",
    "{% if a %}1{% else %}2{% endif %}3": "13",
    "{% if a %}1{% elseif b %}2{% else %}3{% endif %}": "1",
    "{%- if a -%}1{%- endif -%}": "1",
    "{% for x in y %}{{x}}{% endfor %}!": "!",
    "{% for x in y %}{% if x %}a{% endif %}{% for z in x %}b{% endfor %}{% endfor %}"
    "c": "c",
    "{% if a %}{% for x in y %}b{% endfor %}c{% else %}d{% for x in y %}{% endfor %}"
    "{% endif %}e": "ce",
    "{% set a = 1 %}b": "b",
    # Broken ones lose their signs and nothing else
    "{% if a %}1{% else %}2": "12",
    "{% for a in b %}1": "1",
    "{% endif %}1{% endfor %}": "1",
    "{% else %}1": "1",
    "{% for a in b %}1{% if c %}2{% endfor %}3": "123",
    "{% %}1{% if": "1{% if",
    # What is no template language
    "@media x{.a{width:50%}}{b:1}": "@media x{.a{width:50%}}{b:1}",
    " \r\n\t<P CLASS=a>&eacute;": " \r\n\t<P CLASS=a>&eacute;",
    "": "",
}


@tagged("post_install", "-at_install")
class TestMailjetTemplate(BaseCase):
    """Mailjet's templates in the words of a campaign."""

    def test_texts(self):
        for source, expected in TEXTS.items():
            with self.subTest(source):
                self.assertEqual(convert(source, VARIABLES, URL)[0], expected)

    def test_everything_met_is_noted(self):
        _text, findings = convert(
            '[[data:name:"x"]] [[data:shoe:"9"]] {{var:points:"many"}} '
            "{% if a %}{% else %}{% endif %}{% for x in y %}z{% endfor %}{% set b %}",
            VARIABLES,
            URL,
        )
        self.assertEqual(
            findings,
            ConversionReport(
                variables={'[[data:name:"x"]]': "$contacts-name|x$"},
                lost={'{{var:points:"many"}}': "many"},
                conditions=["{% if a %}"],
                removed=["{% else %}", "{% for x in y %}", "{% set b %}"],
                properties=['[[data:shoe:"9"]]'],
            ),
        )

    def test_hostile_texts_end(self):
        for source in (
            "{% if a %}" * 20_000,
            "{% for a in b %}{% endif %}" * 20_000,
            "{{" * 100_000,
            '[[data:a:"' * 50_000,
            "{%" + " " * 100_000,
        ):
            with self.subTest(source[:20]):
                convert(source, VARIABLES, URL)


@tagged("post_install", "-at_install")
class TestDraft(BaseCase):
    """Which editor keeps a template as it is."""

    def test_editors(self):
        for html, values, editors in (
            ("<p>x</p>", {}, ("visual", "html")),
            ("<table><tr><td>x</table>", {}, ("visual", "html")),
            ("<!DOCTYPE html><p>x</p>", {}, ("html", "visual")),
            ("<HTML><p>x</p>", {}, ("html", "visual")),
            ("<style>p{}</style><p>x</p>", {}, ("html", "visual")),
            ("<p>x</p><!--[if mso]><br><![endif]-->", {}, ("html", "visual")),
            ("<html><p>x</p>", {"from_blocks": True}, ("visual", "html")),
            ("<html><p>x</p>", {"made_in": "visual"}, ("visual",)),
            ("<p>x</p>", {"made_in": "html"}, ("html",)),
        ):
            with self.subTest(html, **values):
                draft = TemplatePreview("x", html, ConversionReport(), **values)
                self.assertEqual(draft.editors, editors)
