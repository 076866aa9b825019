"""Expressions of Odoo's email templates, read without running anything.

``object.partner_id.name or 'customer'`` says which field is meant and what stands
where it is empty. What says more than that is not kept.
"""

import ast
from typing import NamedTuple

from .variables import with_fallback

# Nobody types a longer one, and reading it takes time.
LONGEST = 2000
# Functions that write a value; ours are written in the recipient's language.
FORMATS = ("str", "format_date", "format_datetime", "format_amount")


class Value(NamedTuple):
    """What an expression comes to.

    ``text`` is a constant or the token of a variable; ``fallback`` is the text that
    the expression gives for an empty value, None when it gives none; ``is_exact``
    tells that nothing of the expression is lost.
    """

    text: str
    is_variable: bool = False
    fallback: str | None = None
    is_exact: bool = True


class Evaluator:
    """Finds out what expressions come to.

    :param resolve: function of a path such as ``object.partner_id.name`` and of
        ``"all"`` or ``"first"`` (word), that returns a :class:`Value` or None
    """

    def __init__(self, resolve):
        self._resolve = resolve
        self._names = {}

    def define(self, name, value):
        """Give a name, as ``t-set`` does, the value of an expression or None."""
        self._names[name] = value

    def evaluate(self, expression):
        """Return the :class:`Value` of an expression, None when nobody can tell."""
        if len(expression) > LONGEST:
            return None
        try:
            tree = ast.parse(expression.strip(), mode="eval")
            return self._value(tree.body)
        except (SyntaxError, ValueError, RecursionError, MemoryError):
            return None

    def _value(self, node):
        method = getattr(self, f"_value_of_{type(node).__name__}", None)
        return method(node) if method else None

    def _value_of_Constant(self, node):
        empty = node.value is None or node.value is False
        return Value("" if empty else str(node.value))

    def _value_of_Name(self, node):
        if node.id in self._names:
            return self._names[node.id]
        return self._resolve(node.id, "all")

    def _value_of_Attribute(self, node):
        path = _path(node)
        if not path or path.partition(".")[0] in self._names:
            return None
        return self._resolve(path, "all")

    def _value_of_BoolOp(self, node):
        if isinstance(node.op, ast.Or):
            return self._first_of(node.values)
        *guards, last = node.values
        return self._behind(guards, last)

    def _first_of(self, nodes):
        """Return the value of ``a or b or …``: the first that says something, with the
        next constant as the text for empty values."""
        values = [self._value(node) for node in nodes]
        known = [value for value in values if value]
        useful = [value for value in known if value.text]
        if not known:
            return None
        first = (useful or known)[0]
        passed = values[: values.index(first)] if useful else values
        exact = first.is_exact and None not in passed
        if not first.is_variable:
            return first._replace(is_exact=exact)
        others = known[known.index(first) + 1 :]
        texts = [value.text for value in others if not value.is_variable]
        fallback = next(filter(None, texts), "" if texts else first.fallback)
        return first._replace(is_exact=exact, fallback=fallback)

    def _value_of_IfExp(self, node):
        value = self._behind([node.test], node.body)
        other = self._value(node.orelse)
        if not value:
            return other and other._replace(is_exact=False)
        if value.is_variable and other and not other.is_variable:
            return value._replace(fallback=other.text)
        return value._replace(is_exact=False)

    def _behind(self, guards, node):
        """Return the value of ``a and a.b``: guards that only make sure that there is
        something to read say nothing more."""
        value, path = self._value(node), _path(node)
        if not value:
            return None
        harmless = all(
            path and _path(guard) and f"{path}.".startswith(f"{_path(guard)}.")
            for guard in guards
        )
        return value._replace(is_exact=value.is_exact and harmless)

    def _value_of_Subscript(self, node):
        """``object.name.split(' ')[0]`` is the first word."""
        is_first = isinstance(node.slice, ast.Constant) and node.slice.value == 0
        if not is_first or _method(node.value) not in ("split", "partition"):
            return None
        path = _path(node.value.func.value)
        return path and self._resolve(path, "first")

    def _value_of_Call(self, node):
        name = _method(node)
        if name in ("strip", "title", "capitalize", "upper", "lower"):
            value = self._value(node.func.value)
            return value and value._replace(is_exact=value.is_exact and name == "strip")
        if isinstance(node.func, ast.Name) and node.func.id in FORMATS and node.args:
            return self._value(node.args[0])
        path = _path(node.func)
        return self._resolve(f"{path}()", "all") if path and not node.args else None

    def _value_of_BinOp(self, node):
        if isinstance(node.op, ast.Add):
            return self._joined("%s%s", [node.left, node.right])
        is_format = isinstance(node.left, ast.Constant) and isinstance(node.op, ast.Mod)
        if not is_format or not isinstance(node.left.value, str):
            return None
        is_tuple = isinstance(node.right, ast.Tuple)
        return self._joined(
            node.left.value, node.right.elts if is_tuple else [node.right]
        )

    def _joined(self, pattern, nodes):
        """Return a text with the values of the nodes for its ``%s``."""
        values = [self._value(node) for node in nodes]
        parts = pattern.split("%s")
        if not all(values) or len(parts) != len(values) + 1:
            return None
        text = parts[0] + "".join(
            written(value) + part for value, part in zip(values, parts[1:], strict=True)
        )
        return Value(text, is_exact=all(value.is_exact for value in values))


def written(value, default=None):
    """Return the text of a value: a variable with its text for empty values."""
    fallback = default if value.fallback is None else value.fallback
    return with_fallback(value.text, fallback) if value.is_variable else value.text


def _path(node):
    """Return ``a.b.c`` for such a node, else None."""
    names = []
    while isinstance(node, ast.Attribute):
        names.append(node.attr)
        node = node.value
    if not isinstance(node, ast.Name):
        return None
    return ".".join([node.id, *reversed(names)])


def _method(node):
    """Return the name of the method that a node calls on something, else None."""
    is_call = isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute)
    return node.func.attr if is_call else None
