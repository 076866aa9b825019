"""Templates made at Mailjet: their variables, in the words of a campaign.

A campaign reads ``[[data:property:"default"]]``; the template language of single
messages (``{{var:…}}``, ``{{data:…}}``, ``{% if … %}``) would be printed as it is.
https://dev.mailjet.com/email/template-language/

Text is replaced, never parsed and printed again: the HTML stays as made to the byte.
"""

import re

from .template_preview import ConversionReport
from .variables import with_fallback

QUOTE = r'(?:"|&quot;)'
DEFAULT = rf"(?::{QUOTE}(?P<default>[^\[\]{{}}]*?){QUOTE})?"
PROPERTY = re.compile(rf"\[\[data:(?P<name>[\w-]+){DEFAULT}\]\]")
# A value or a block of the template language.
LANGUAGE = re.compile(r"\{\{(?P<value>[^{}]*)\}\}|\{%(?P<block>[^{}]*)%\}")
VALUE = re.compile(rf"\s*(?P<source>var|data):(?P<name>[\w-]+){DEFAULT}\s*")
UNSUBSCRIBE = "[[UNSUB_LINK]]"

ENDS = {"endif": "if", "endfor": "for"}
BRANCHES = ("else", "elseif", "elif")


def convert(text, variables, unsubscribe_url):
    """Return the text of a template as a mailing takes it, and its
    :class:`ConversionReport`.

    Of a condition the first branch stays, a loop is removed, a value that nobody
    knows gives way to its default. Mailjet's contact properties become variables of
    ours where one has that name, and stay otherwise.

    :param dict variables: token of each variable by its code, such as
        ``{"firstname": "$contacts-firstname$"}``
    :param str unsubscribe_url: for the variable that Mailjet writes with a language
    """
    findings = ConversionReport()
    text = _resolve_blocks(text or "", findings)
    text = LANGUAGE.sub(lambda match: _value(match, findings), text)
    text = PROPERTY.sub(lambda match: _property(match, variables, findings), text)
    return text.replace(UNSUBSCRIBE, unsubscribe_url), findings


def _value(match, findings):
    """Return what is written in place of a value of the template language."""
    value = VALUE.fullmatch(match["value"])
    if value and value["source"] == "data":
        return f'[[data:{value["name"]}:"{value["default"] or ""}"]]'
    default = value and value["default"] or ""
    findings.lost[match[0]] = default
    return default


def _property(match, variables, findings):
    """Return our variable of a property's name, or the property itself."""
    token = variables.get(re.sub(r"[_-]", "", match["name"]).lower())
    if not token:
        findings.add("properties", match[0])
        return match[0]
    token = with_fallback(token, match["default"])
    findings.variables[match[0]] = token
    return token


def _resolve_blocks(text, findings):
    """Return the text without blocks: of conditions their first branch, of loops
    nothing."""
    ends = _pair_blocks(text)
    kept, position, skip_until = [], 0, 0
    for match in LANGUAGE.finditer(text):
        if match["block"] is None or match.start() < skip_until:
            continue
        kept.append(text[position : match.start()])
        position = match.end()
        end = ends.get(match.start())
        word = _word(match)
        if word == "if":
            findings.add("conditions", match[0])
        elif word not in ENDS:
            findings.add("removed", match[0])
        if end and word != "if":
            skip_until = position = end
    return "".join(kept) + text[position:]


def _pair_blocks(text):
    """Return where to continue for each block that leaves something out, by the
    positions of both: a loop, up to behind its end; another branch, up to the end of
    its condition."""
    ends, open_blocks = {}, []
    for match in LANGUAGE.finditer(text):
        if match["block"] is None:
            continue
        word = _word(match)
        if word in ("if", "for"):
            open_blocks.append((word, [match.start()]))
        elif word in BRANCHES and open_blocks and open_blocks[-1][0] == "if":
            open_blocks[-1][1].append(match.start())
        elif word in ENDS and open_blocks and open_blocks[-1][0] == ENDS[word]:
            kind, starts = open_blocks.pop()
            end = match.end() if kind == "for" else match.start()
            ends |= dict.fromkeys(starts[0 if kind == "for" else 1 :], end)
    return ends


def _word(match):
    """Return the first word of a block."""
    return (match["block"].strip("-").split() or [""])[0].lower()
