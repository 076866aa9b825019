"""Colors as they are written in emails, and which of them can be read on others."""

import re

from PIL import ImageColor

WHITE = "#ffffff"
# Colors of small print, the most discreet one first; one of them is readable on any
# background.
TEXT_COLORS = ("#666666", WHITE, "#000000")
# https://www.w3.org/TR/WCAG21/#contrast-minimum
CONTRAST = 4.5
# A color at the start of a value.
COLOR = re.compile(r"\s*(#[0-9a-f]+|rgba?\([^()]*\)|[a-z]+)", re.IGNORECASE)


def parse_color(value):
    """Return the color that a value begins with as ``#rrggbb``; empty for one that is
    not known or transparent."""
    match = COLOR.match(value)
    try:
        red, green, blue, *alpha = ImageColor.getrgb(match[1] if match else "")
    except ValueError:
        return ""
    return "" if alpha == [0] else f"#{red:02x}{green:02x}{blue:02x}"


def choose_text_color(background):
    """Return a color for a small text on a background, both as ``#rrggbb``."""
    return next(
        (color for color in TEXT_COLORS if get_contrast(color, background) >= CONTRAST),
        TEXT_COLORS[-1],
    )


def choose_contrast(background):
    """Return black or white, whichever is read better on a background."""
    return max(TEXT_COLORS[1:], key=lambda color: get_contrast(color, background))


def get_contrast(color, background):
    """Return the contrast of two colors, from 1 to 21."""
    dark, light = sorted(map(_get_luminance, (color, background)))
    return (light + 0.05) / (dark + 0.05)


def _get_luminance(color):
    """https://www.w3.org/TR/WCAG21/#dfn-relative-luminance"""
    red, green, blue = map(_linearize, ImageColor.getrgb(color))
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _linearize(value):
    share = value / 255
    return share / 12.92 if share <= 0.04045 else ((share + 0.055) / 1.055) ** 2.4
