"""The encodings of ``tools/property_values.py`` as SQL, for all recipients at once."""

from odoo.tools import SQL

from ..tools.property_values import (
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
    """Return the SQL of what a contact property holds: never nothing.

    :param SQL value: a name of a clean text
    :param str fallback: clean text instead of an empty value
    """
    return SQL(
        "CASE WHEN COALESCE(%(value)s, '') = '' THEN %(fallback)s ELSE %(encoded)s END",
        value=value,
        fallback=get_cell(fallback, place),
        encoded=ENCODINGS[place](value),
    )


def _encode_text(value):
    value = SQL("regexp_replace(%s, %s, %s, 'g')", value, OPENING, rf"\1{UNSEEN}")
    return SQL("regexp_replace(%s, %s, %s)", value, FIRST_OPENING, UNSEEN)


def _encode_html(value):
    signs = "".join(ENTITIES).replace("[]", r"\[\]")
    encoded = value
    # The ampersand is the first: those of the entities stay.
    for sign, entity in ENTITIES.items():
        encoded = SQL("replace(%s, %s, %s)", encoded, sign, entity)
    return SQL(
        "CASE WHEN %s ~ %s THEN %s ELSE %s END", value, f"[{signs}]", encoded, value
    )


def _encode_address(value):
    """Encode every byte, unless there is nothing to encode."""
    return SQL(
        """
        CASE WHEN %(value)s ~ '^[A-Za-z0-9._~-]*$' THEN %(value)s
             ELSE regexp_replace(encode(convert_to(%(value)s, 'UTF8'), 'hex'),
                                 '(..)', '%%\\1', 'g')
        END
        """,
        value=value,
    )


ENCODINGS = {TEXT: _encode_text, HTML: _encode_html, ADDRESS: _encode_address}
