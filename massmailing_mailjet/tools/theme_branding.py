"""A theme of Odoo's editor with the identity of a company in place of Odoo's samples:
its logo, links, colors and address."""

import re
from copy import deepcopy
from typing import NamedTuple
from urllib.parse import urlsplit

from .colors import WHITE, choose_contrast, parse_color
from .email_reader import read_style
from .html_tree import inner_html, parse

LOGO = re.compile(r"/mass_mailing\w*/static/\S*logo", re.IGNORECASE)
LOGO_STYLE = "height: auto; max-width: 180px;"
NAME_STYLE = "font-size: 24px; font-weight: bolder;"
# Where themes have their name in words.
TEXT_LOGOS = (
    "//*[contains(@class, 'o_mail_block_header_text_social')]//h1",
    "//*[contains(@class, 'o_mail_block_header_logo')]//a[not(.//img)]",
    "(//*[contains(@class, 'o_mail_footer_social_left')]//p[not(.//a)])[1]",
)
# The copyright in a footer, behind which there is no other.
COPYRIGHT = "//*[contains(@class, 'o_mail_block_footer')]//p[contains(., '©')]"
SOCIAL_HOSTS = {
    "facebook.com": "facebook",
    "linkedin.com": "linkedin",
    "twitter.com": "twitter",
    "x.com": "twitter",
    "instagram.com": "instagram",
    "tiktok.com": "tiktok",
}
SOCIAL_NAMES = {
    **{name: name for name in ("facebook", "linkedin", "instagram", "tiktok")},
    **{"x": "twitter"},
}
SAMPLE_SITES = re.compile(r"#|https?://(?:www\.)?example\.com/?", re.IGNORECASE)
BUTTON_RULE = (
    "\n.o_layout .o_mail_wrapper .o_mail_wrapper_td {{ --btn-primary-color: {text}; "
    "--btn-primary-background-color: {color}; --btn-primary-border-color: {color}; }}"
)


class Brand(NamedTuple):
    """What a company is known by; empty for what it has not.

    :param str logo: address of its picture
    :param str color: of its buttons
    :param str text_color: of the words on them
    :param str contact: its address, in one line
    :param dict social: its pages by network
    """

    name: str
    logo: str = ""
    website: str = ""
    color: str = ""
    text_color: str = ""
    contact: str = ""
    social: dict = {}


def brand_theme(html, brand):
    """Return the HTML of a theme with the identity of a :class:`Brand`."""
    theme = parse(f"<body>{html}").find("body")
    _replace_logos(theme, brand)
    _replace_social_links(theme, brand)
    _add_contact(theme, brand)
    _color_buttons(theme, brand)
    return inner_html(theme)


def _replace_logos(theme, brand):
    for image in list(theme.iter("img")):
        if LOGO.search(image.get("src", "")):
            _link_to_website(image.getparent(), brand)
            _replace_image(image, brand)
    for path in TEXT_LOGOS:
        for element in theme.xpath(path):
            _link_to_website(element, brand)
            _write(element, brand.name)


def _replace_image(image, brand):
    """Show the company's logo, or its name if it has none."""
    if brand.logo:
        for name in ("data-original-src", "data-original-id", "width"):
            image.attrib.pop(name, None)
        image.set("src", brand.logo)
        image.set("alt", brand.name)
        image.set("style", LOGO_STYLE)
    else:
        image.clear(keep_tail=True)
        image.tag, image.text = "span", brand.name
        image.set("style", NAME_STYLE + _get_color(image))


def _get_color(element):
    """Return the style of words on a dark background; they are links, whose own color
    is made for a light one."""
    for parent in element.iterancestors():
        style = read_style(parent.get("style", ""))
        if background := parse_color(style.get("background-color", "")):
            color = choose_contrast(background)
            return f" color: {color};" if color == WHITE else ""
    return ""


def _link_to_website(element, brand):
    if element.tag == "a" and SAMPLE_SITES.fullmatch(element.get("href", "#")):
        if brand.website:
            element.set("href", brand.website)
        else:
            element.attrib.pop("href", None)


def _write(element, text):
    """Replace all words of an element; the format of the first ones stays."""
    inner = list(element.iter())
    first = next((found for found in inner if (found.text or "").strip()), element)
    for found in inner:
        found.text = text if found is first else None
        if found is not element:
            found.tail = None


def _replace_social_links(theme, brand):
    """Lead to the company's own pages; remove the links to those that it has not."""
    for link in theme.xpath("//a[@title or @aria-label]"):
        network = _find_network(link)
        if network and brand.social.get(network):
            link.set("href", brand.social[network])
        elif network:
            link.tail = None
            link.getparent().remove(link)


def _find_network(link):
    """Return the network that a link is for, as far as its address is none of a user's
    own making."""
    host = urlsplit(link.get("href", "")).netloc.lower().removeprefix("www.")
    label = (link.get("aria-label") or link.get("title") or "").lower()
    return SOCIAL_HOSTS.get(host) or (not host and SOCIAL_NAMES.get(label))


def _add_contact(theme, brand):
    """Write the address in front of the last copyright, in the same style."""
    lines = theme.xpath(COPYRIGHT)
    if not lines or not brand.contact:
        return
    line = deepcopy(lines[-1])
    line.tail = None
    _write(line, brand.contact)
    lines[-1].addprevious(line)


def _color_buttons(theme, brand):
    color = parse_color(brand.color)
    text = parse_color(brand.text_color)
    for style in theme.xpath("//style[@id='design-element']") if color else ():
        text = text or choose_contrast(color)
        style.text = (style.text or "") + BUTTON_RULE.format(color=color, text=text)
