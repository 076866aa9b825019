"""The encodings of ``tools/property_values.py`` as SQL, for all recipients at once."""

import string

from odoo.tools import SQL

from ...tools.property_values import (
    ADDRESS,
    ENTITIES,
    FIRST_OPENING,
    HTML,
    OPENING,
    SPACES,
    TEXT,
    UNSEEN,
    get_cell,
)


def clean_sql(value):
    """Return the SQL of a value as plain text on one line."""
    return SQL("btrim(regexp_replace(%s, %s, ' ', 'g'), ' ')", value, SPACES)


def cell_sql(value, place, fallback):
    """Return the SQL of the value of a contact property, never NULL.

    :param SQL value: a name of a clean text
    :param str fallback: clean text instead of an empty value
    """
    return SQL(
        "CASE WHEN COALESCE(%(value)s, '') = '' THEN %(fallback)s ELSE %(encoded)s END",
        value=value,
        fallback=get_cell(fallback, place),
        encoded=ENCODINGS[place](value),
    )


# Few values need encoding, and searching for special characters is faster than
# replacing them.


def _encode_text(value):
    encoded = SQL("regexp_replace(%s, %s, %s, 'g')", value, OPENING, rf"\1{UNSEEN}")
    encoded = SQL("regexp_replace(%s, %s, %s)", encoded, FIRST_OPENING, UNSEEN)
    return _unless_without(value, "[{%", encoded)


def _encode_html(value):
    encoded = value
    # The ampersand comes first, so that the entities' own ampersands stay.
    for sign, entity in ENTITIES.items():
        encoded = SQL("replace(%s, %s, %s)", encoded, sign, entity)
    return _unless_without(value, "".join(ENTITIES), encoded)


def _unless_without(value, signs, encoded):
    return SQL(
        "CASE WHEN translate(%s, %s, '') = %s THEN %s ELSE %s END",
        value,
        signs,
        value,
        value,
        encoded,
    )


def _encode_address(value):
    """Encode every byte, unless there is nothing to encode."""
    return SQL(
        """
        CASE WHEN translate(%(value)s, %(harmless)s, '') = '' THEN %(value)s
             ELSE regexp_replace(encode(convert_to(%(value)s, 'UTF8'), 'hex'),
                                 '(..)', '%%\\1', 'g')
        END
        """,
        value=value,
        harmless=f"{string.ascii_letters}{string.digits}._~-",
    )


ENCODINGS = {TEXT: _encode_text, HTML: _encode_html, ADDRESS: _encode_address}
