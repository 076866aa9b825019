"""Odoo's email templates without their code: values become variables or constants,
and what no mailing can say is removed and noted. Nothing of a template is run.

https://www.odoo.com/documentation/19.0/developer/reference/frontend/qweb.html
"""

import re

from lxml import html

from .html_tokenizer import START, tokenize
from .html_tree import inner_html, parse
from .html_writer import CONTROL
from .odoo_expression import Evaluator, Value, written

INLINE = re.compile(r"\{\{(?P<expression>[^{}]+)\}\}")
DEFAULT = "|||"
# In computed attributes, QWeb reads an older way of writing too.
FORMAT = re.compile(r"\{\{(?P<expression>[^{}]+)\}\}|#\{(?P<older>[^{}]+)\}")
# What makes braces in a text an expression of Odoo's.
ROOT = re.compile(r"\b(?:object|user|ctx|company)\b")
# A way of writing that Odoo's own templates have, though it is printed as it is:
# t-attf-href="'mailto:%s' % {{ object.email }}".
MISTAKEN = re.compile(r"'([^'%]*)%s([^'%]*)' % (\{\{[^{}]+\}\})")

OUTPUTS = ("t-out", "t-esc", "t-raw", "t-field")
CONDITIONS = ("t-elif", "t-else", "t-if")
REMOVED = ("t-foreach", "t-call", "t-call-assets")


def convert_text(text, resolve, findings):
    """Return a plain text such as a subject without its ``{{ object.… }}``.

    :param resolve: see :class:`~.odoo_expression.Evaluator`
    :param ConversionReport findings: takes what was met
    """
    return " ".join(_Converter(resolve, findings).text(text or "").split())


def convert_html(source, resolve, findings):
    """Return the body of a template without its QWeb.

    :param resolve: see :class:`~.odoo_expression.Evaluator`
    :param ConversionReport findings: takes what was met
    """
    source = source or ""
    tags = (token for token in tokenize(source) if token.kind == START)
    is_document = any(token.name == "html" for token in tags)
    # Within a body, comments stay where they are.
    root = parse(source if is_document else f"<body>{source}", is_xml=True)
    _Converter(resolve, findings).children(root)
    for element in list(root.iter("t")):
        element.drop_tag()
    if is_document:
        return html.tostring(root, encoding="unicode", doctype="<!DOCTYPE html>")
    return inner_html(root.find("body")).strip()


class _Converter:
    """One pass through a template, in the order in which QWeb would take it."""

    def __init__(self, resolve, findings):
        self._evaluator = Evaluator(resolve)
        self._findings = findings

    # === ELEMENTS === #

    def children(self, parent):
        """Convert the content of an element."""
        taken = True
        for element in list(parent):
            if not isinstance(element.tag, str):
                continue
            stays, taken = self._choose(element, taken)
            if stays:
                self._element(element)
            else:
                element.drop_tree()
        self._texts(parent)

    def _choose(self, element, taken):
        """Return whether an element stays, and whether one branch of its condition
        has been taken: of ``t-if`` and its ``t-elif`` and ``t-else`` one stays."""
        name = next((name for name in CONDITIONS if name in element.attrib), None)
        if not name:
            return True, taken
        condition = element.attrib.pop(name)
        if name != "t-if" and taken:
            self._findings.add("removed", _shown(name, condition))
            return False, True
        taken = name == "t-else" or self._holds(condition)
        return taken, taken

    def _holds(self, condition):
        """Return whether the content of a condition stays. What depends on the
        recipient does, unless it says what to do without a value."""
        value = self._evaluator.evaluate(condition)
        if value and value.is_exact and not value.is_variable:
            return bool(value.text)
        is_negative = condition.strip().startswith("not ")
        self._findings.add("removed" if is_negative else "conditions", condition)
        return not is_negative

    def _element(self, element):
        removed = next((name for name in REMOVED if name in element.attrib), None)
        if removed:
            self._findings.add("removed", _shown(removed, element.get(removed)))
            element.drop_tree()
        elif "t-set" in element.attrib:
            self._define(element)
            element.drop_tree()
        else:
            self._attributes(element)
            self.children(element)

    def _define(self, element):
        """Remember what a ``t-set`` says."""
        if "t-value" in element.attrib:
            value = self._evaluator.evaluate(element.get("t-value"))
        else:
            self.children(element)
            value = Value(element.text_content().strip())
        self._evaluator.define(element.get("t-set"), value)

    def _texts(self, element):
        for part in (element, *element):
            if part is element and part.text:
                part.text = self.text(part.text)
            elif part is not element and part.tail:
                part.tail = self.text(part.tail)

    # === VALUES === #

    def _attributes(self, element):
        for name, source in list(element.attrib.items()):
            if name in OUTPUTS:
                self._output(element, source)
            elif name.startswith("t-attf-"):
                self._set(element, name[len("t-attf-") :], self._format(source))
            elif name.startswith("t-att-"):
                self._set(element, name[len("t-att-") :], self._value(source))
            elif name == "t-att":
                self._value(source)
            elif not name.startswith("t-") and "{{" in source:
                element.set(name, self.text(source))
            if name.startswith("t-"):
                del element.attrib[name]

    def _set(self, element, name, text):
        """Set an attribute; without a value, it had better not be there."""
        if text and re.fullmatch(r"[A-Za-z][\w-]*", name):
            element.set(name, str(text))

    def _output(self, element, expression):
        """Put the value of an expression in place of an element's content, which is
        the text for empty values."""
        default = " ".join(element.text_content().split())
        text = self._value(expression, default)
        for child in list(element):
            element.remove(child)
        element.text = None
        if hasattr(text, "__html__"):
            content = parse(text).find("body")
            content.tag = "t"
            element.append(content)
        else:
            element.text = text.translate(CONTROL)

    def text(self, text):
        """Return a text with its ``{{ expressions }}`` written out."""
        return INLINE.sub(self._inline, text)

    def _inline(self, match):
        expression, _sign, default = match["expression"].partition(DEFAULT)
        if not ROOT.search(expression):
            return match[0]
        return str(self._value(expression, default.strip()))

    def _format(self, source):
        """Return the text of a computed attribute, nothing when a part is unknown."""
        texts = []

        def replace(match):
            texts.append(self._value(match["expression"] or match["older"]))
            return str(texts[-1])

        text = FORMAT.sub(replace, MISTAKEN.sub(r"\1\3\2", source))
        return text if all(texts) else ""

    def _value(self, expression, default=""):
        """Return what is written in place of an expression, and note it."""
        expression = expression.strip()
        value = self._evaluator.evaluate(expression)
        if not value:
            self._findings.lost[expression] = default
            return default
        text = written(value, default)
        if value.is_variable:
            self._findings.variables[expression] = text
        elif value.is_exact:
            self._findings.constants[expression] = text
        else:
            self._findings.lost[expression] = text
        return text


def _shown(name, expression):
    """Return a directive as its author knows it."""
    return f"{name}={expression}" if expression else name
