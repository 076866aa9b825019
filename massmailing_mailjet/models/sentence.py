"""Sentences that are stored, and read by others in their own languages.

What is stored are the facts of a sentence, ready for JSON: a dict of its ``source`` in
the code, the ``module`` that translates it, the ``args`` that it names and, where it
counts, the ``one`` form of the source; a dict of several ``parts`` and the ``glue``
between them; or a plain text, which is the same in every language.
"""

from odoo.tools.translate import LazyGettext

from .counting import say_count


class Sentence(str):
    """A sentence in the language of the user, with the facts to say it in others."""

    def __new__(cls, text, facts):
        sentence = super().__new__(cls, text)
        sentence.facts = facts
        return sentence


def say(env, lazy, /, **values):
    """Return a translatable text as a :class:`Sentence`.

    :param LazyGettext lazy: the text, with its values unless they are given
    :param values: what it names: plain values, and other sentences
    """
    return recall(env, _pack(lazy, values or lazy._args))


def say_counted(env, counted, /, **values):
    """Return the form of a text that suits the ``count`` of its values.

    :param Counted counted: the two forms
    """
    facts = {**_pack(counted.other, values), "one": counted.one._source}
    return recall(env, facts)


def join(env, parts, glue=" "):
    """Return several sentences as one, without those that are empty."""
    facts = [get_facts(part) for part in parts if part]
    return recall(env, {"parts": facts, "glue": glue})


def get_facts(text):
    """Return what to store of a sentence: of any other text itself, False if it is
    empty."""
    return getattr(text, "facts", text) or False


def recall(env, facts):
    """Return the :class:`Sentence` of what is stored, False if that is nothing."""
    return bool(facts) and Sentence(_tell(env, facts), facts)


def _pack(lazy, values):
    if isinstance(values, dict):
        args = {name: get_facts(value) or value for name, value in values.items()}
    else:
        args = [get_facts(value) or value for value in values]
    return {"source": lazy._source, "module": lazy._module, "args": args}


def _tell(env, facts):
    """Return the text of facts in the language of the user."""
    if not isinstance(facts, dict):
        return facts
    if "parts" in facts:
        return facts["glue"].join(_tell(env, part) for part in facts["parts"])
    args = facts["args"]
    if isinstance(args, dict):
        args = {name: _tell(env, value) for name, value in args.items()}
    else:
        args = [_tell(env, value) for value in args]
    if "one" in facts:
        text = _tell_count(env, facts, args)
    else:
        text = env._(_unpack(facts["source"], facts["module"], args))
    # What was cut off ends in a sign of its own.
    return text.replace("….", "…")


def _tell_count(env, facts, values):
    forms = [_unpack(facts[form], facts["module"], ()) for form in ("one", "source")]
    return say_count(env, values.pop("count"), *map(env._, forms), **values)


def _unpack(source, module, args):
    if isinstance(args, dict):
        return LazyGettext(source, _module=module, **args)
    return LazyGettext(source, *args, _module=module)
