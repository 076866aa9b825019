"""Sentences with a count, in singular or plural."""

from typing import NamedTuple

from odoo.tools import formatLang
from odoo.tools.misc import babel_locale_parse


class Counted(NamedTuple):
    """The two forms of a sentence about ``%(count)s``, as they are in the source."""

    one: str
    other: str


def say_count(env, count, one, other, /, **values):
    """Return a sentence about a number of things, with its values filled in.

    :param str one: the translated sentence for counts that are singular in the user's
        language: 1 in English, 0 and 1 in French
    :param str other: the translated sentence for every other count
    :param values: the values of the sentence besides ``count``
    """
    locale = babel_locale_parse(env.lang or "en_US")
    sentence = one if locale.plural_form(count) == "one" else other
    return sentence % {**values, "count": formatLang(env, count, digits=0)}
