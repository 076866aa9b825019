"""Checks of an email's content. Each takes plain values and yields what it finds; the
HTML is the whole email, in Mailjet's syntax, read by :mod:`.email_reader`."""

import re
from urllib.parse import urlsplit

from .email_html import UNSUBSCRIBE
from .email_reader import IMAGE
from .finding import amber, red
from .html_tokenizer import tokenize
from .preference_links import PREFERENCES
from .stock_content import is_stock_image
from .variables import TOKEN
from .web_addresses import classify, get_host, is_private_host

# Gmail shows no more of an email than this, and a link to the rest.
CLIPPED_BYTES = 102 * 1024

# What the visual editor writes for a block with a condition or a dynamic field.
CONDITIONAL = re.compile(r"t-[a-z-]+|data-filter-domain")

# Values in the languages of other programs: Odoo's own templates, Mailchimp, Brevo,
# HubSpot and the like. What is between them is short, or it is no value.
TEMPLATE_LANGUAGE = re.compile(
    r"\{\{[^{}\n]{0,100}\}\}|\{%[^%\n]{0,100}%\}|<%[^%\n]{0,100}%>|\$\{[^${}\n]{1,100}\}"
    r"|\*\|[\w:.-]{1,60}\|\*|%%[\w.-]{1,60}%%"
    r"|(?<!\S)t-(?:out|esc|field|if|foreach|att[\w-]*)=\"[^\"]*\""
)
# A variable as somebody writes it who does not know its spelling, or an editor that has
# changed it: with both its signs, or with the first one and a hyphen.
SIGN = r"(?:\$|%24)"
MISSPELT = re.compile(
    rf"{SIGN}[ \u00a0]?(?:contact|account|lead)s?"
    rf"(?:[-_.\u2010\u2011 ]?[\w-]*(?:(?:\||%7C)[^$<>\n]*)?[ \u00a0]?{SIGN}"
    rf"|[-\u2010\u2011]\w*)",
    re.IGNORECASE,
)

PLACEHOLDER_TEXT = re.compile(
    r"(?i:lorem ipsum|dolor sit amet|\b(?:your|insert|enter|add) (?:your )?text here"
    r"|votre texte ici|texte? [aà] remplacer)|\bTODO\b|\bX{4,}\b"
)


def check_body(html, is_empty, is_visual):
    """Is there an email, and one that goes to everybody alike?"""
    if is_empty:
        yield red("body_empty")
    elif is_visual and _is_conditional(html or ""):
        yield red("body_conditional")


def _is_conditional(html):
    return any(
        CONDITIONAL.fullmatch(attribute.name)
        for token in tokenize(html)
        for attribute in token.attributes
    )


def check_variables(used, known, texts, composed=()):
    """Is every variable one that exists?

    :param set used: variables that the texts name
    :param known: variables that exist
    :param texts: where they stand
    :param composed: what recipients would read, in which none is left
    """
    tokens = {variable.token for variable in used - set(known)}
    read = [TOKEN.sub(" ", text or "") for text in texts]
    tokens.update(
        match[0].strip()
        for text in (*read, *composed)
        for match in MISSPELT.finditer(text)
    )
    if tokens:
        yield red("variables_unknown", tokens=sorted(tokens))


def check_hidden_variables(variables):
    """May everybody read the variables who is answerable for the mailing?

    :param variables: those that one of them may not read
    """
    if variables:
        tokens = sorted(variable.token for variable in variables)
        yield red("variables_hidden", tokens=tokens)


def check_question(email):
    """Does the content lead to the page on which recipients answer?

    :param email: what a reader sees of the content, without the links that are added
    """
    if not any(PREFERENCES in link.url for link in email.links):
        yield amber("no_question")


def check_unsubscribe(email):
    """Can everybody see a link to unsubscribe?"""
    links = [link for link in email.links if UNSUBSCRIBE.search(link.url)]
    if not links:
        yield red("unsubscribe_missing")
    elif not any(link.text for link in links):
        yield red("unsubscribe_hidden")


def check_links(email):
    """Do the links lead somewhere, as far as their addresses tell?"""
    kinds = {}
    for link in email.links:
        kinds.setdefault(classify(link.url), []).append(link)
    for kind, check in (("unsafe", red), ("malformed", red), ("private", amber)):
        if kind in kinds:
            urls = [link.url.strip() for link in kinds[kind]]
            yield check(f"links_{kind}", count=len(urls), urls=urls)
    if "nowhere" in kinds:
        links = kinds["nowhere"]
        texts = [" ".join(link.text.replace(IMAGE, " ").split()) for link in links]
        named = list(filter(None, texts))
        code = "links_nowhere" if named else "links_nowhere_images"
        yield amber(code, count=len(texts), texts=named)


def check_image_texts(email):
    """Has every image a text for those who do not see it? One with an empty text is
    meant as decoration."""
    missing = [image.url for image in email.images if image.alt is None]
    if missing:
        names = [_file_name(url) for url in missing]
        yield amber("images_without_text", count=len(missing), names=names)


def check_image_addresses(email):
    """Can the recipients' mailboxes fetch the images?"""
    faults = {}
    for image in email.images:
        faults.setdefault(_image_fault(image.url.strip()), []).append(image.url)
    for fault in ("inline", "private", "relative"):
        if fault in faults:
            urls = faults[fault]
            named = urls if fault == "private" else map(_file_name, urls)
            yield amber(f"images_{fault}", count=len(urls), names=list(named))


def _image_fault(url):
    if "[[" in url or "$" in url:
        return None
    if url.lower().startswith(("data:", "cid:")):
        return "inline"
    if not url.lower().startswith(("http://", "https://", "//")):
        return "relative"
    host = get_host(url)
    return "private" if not host or is_private_host(host) else None


def _file_name(url):
    """Return what a person would call an image."""
    if url.lower().startswith("data:"):
        return url.partition(";")[0]
    try:
        return urlsplit(url).path.rpartition("/")[2] or url
    except ValueError:
        return url


def check_size(email):
    """Is the email short enough to be shown whole?"""
    if email.size > CLIPPED_BYTES:
        yield amber("too_large", size=-(-email.size // 1024))


def check_text(text):
    """Does the plain text say anything beside addresses?"""
    # Addresses are written between signs of less and greater, as in `Shop <https://…>`.
    words = re.sub(r"<[^<>\s]*>|https?://\S+|\[\[[^\[\]]*\]\]", " ", text or "")
    if not re.search(r"\w", words):
        yield amber("text_empty")


def check_leftovers(*texts):
    """Is there nothing left of another program's template?"""
    found = [
        match[0] for text in texts for match in TEMPLATE_LANGUAGE.finditer(text or "")
    ]
    if found:
        yield amber("template_language", snippets=found)


def check_placeholders(email, *texts, stock=()):
    """Is there nothing left of what was to be replaced?

    :param stock: lines that are left of a theme or a building block
    """
    found = [
        match[0]
        for text in (email.words, *texts)
        for match in PLACEHOLDER_TEXT.finditer(text or "")
    ]
    if found or stock:
        yield amber("placeholder_text", texts=[*stock, *found])
    images = [image.url for image in email.images if is_stock_image(image.url)]
    if images:
        names = [_file_name(url) for url in images]
        yield amber("placeholder_images", count=len(images), names=names)
    urls = [link.url for link in email.links if classify(link.url) == "reserved"]
    if urls:
        yield amber("placeholder_links", count=len(urls), urls=urls)
