"""Conditions that users write and save, read without running anything.

The web client saves domains as Python expressions. What it writes into favorites and
into its domain editor is a small language, and this module knows nothing else::

    value  = text | number | True | False | None | uid | today | now
           | list | tuple | -number | not value | list + list | moment.strftime(format)
    moment = context_today() | datetime.date(…) | datetime.datetime(…)
           | datetime.date.today() | datetime.datetime.now()
           | datetime.datetime.combine(moment, datetime.time(…))
           | moment ± delta | moment.to_utc()
    delta  = relativedelta(days=…) | datetime.timedelta(…)

There is no attribute, function or operator beside these, so that an expression reaches
no object of this program. The cost is bounded before Python's parser sees the text.
"""

import ast
import math
import re
from datetime import date, datetime, time, timedelta, timezone, tzinfo
from typing import NamedTuple

from dateutil.relativedelta import relativedelta

# Characters of an expression: a hundred thousand addresses are some three million.
MAX_LENGTH = 6_000_000
# Brackets within brackets; each condition on a related record takes two.
MAX_DEPTH = 40
# Brackets, and names, dots and signs outside of texts: a hundred conditions on dates
# are some thousands.
MAX_BRACKETS = 5_000
MAX_SYMBOLS = 10_000
# Beyond PostgreSQL's largest integer, nothing can be equal.
MAX_INTEGER = 2**63
# Parts of a date or a duration.
MAX_PART = 10**9

# A text, or what may be outside of texts. A text in three quotes, or with a letter
# before it (f"…"), is written by no web client.
TOKEN = re.compile(
    r"""'(?:[^'\\\r\n]|\\[^\r\n])*'(?!['"])"""
    r"""|"(?:[^"\\\r\n]|\\[^\r\n])*"(?!['"])"""
    r"""|[^'"]+"""
)
PLAIN = re.compile(r"[\w\s.,()\[\]=+-]*(?<!\w)", re.ASCII)
LAST_PLAIN = re.compile(r"[\w\s.,()\[\]=+-]*", re.ASCII)
SYMBOL = re.compile(r"[A-Za-z_]\w*|[.+-]", re.ASCII)
STRFTIME = re.compile(r"(?:%[YmdHMS]|[0-9 :/T.-]){1,40}")

DATE_PARTS = ("year", "month", "day")
TIME_PARTS = ("hour", "minute", "second")
DURATIONS = ("days", "seconds", "microseconds", "minutes", "hours", "weeks")
RELATIVE = (
    *("years", "months", "leapdays", *DURATIONS),
    *(*DATE_PARTS, *TIME_PARTS, "microsecond", "weekday", "yearday", "nlyearday"),
)
PLAIN_TYPES = (str, int, float, bool, type(None), list, tuple, date, datetime)


class DomainSyntaxError(ValueError):
    """An expression is no condition that the web client writes. The message never
    quotes it."""


class Now(NamedTuple):
    """What expressions may ask for: the user's id, the user's local time, and its zone
    (of ``pytz``)."""

    uid: int
    local: datetime
    zone: tzinfo


def parse_domain(text, now):
    """Return the domain, as a list, that an expression stands for.

    :param str text: as the web client saves it
    :param Now now: for whom and when it is evaluated
    :raise DomainSyntaxError: when it says anything else, or is too large
    """
    _check_size(text)
    try:
        tree = ast.parse(text.strip(), mode="eval")
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        raise DomainSyntaxError("not an expression") from None
    try:
        domain = _Reader(now).evaluate(tree.body)
    except (OverflowError, ValueError, RecursionError):
        raise DomainSyntaxError("not a condition") from None
    if not isinstance(domain, list | tuple):
        raise DomainSyntaxError("not a list")
    return list(domain)


def _check_size(text):
    """Complain about what Python's parser could choke on, in time and memory that
    grow with the length alone."""
    if len(text) > MAX_LENGTH:
        raise DomainSyntaxError("too long")
    depth = brackets = symbols = position = 0
    while position < len(text):
        token = TOKEN.match(text, position)
        if not token:
            raise DomainSyntaxError("a text without end")
        position = token.end()
        part = token.group()
        if part[0] in "'\"":
            continue
        plain = PLAIN if position < len(text) else LAST_PLAIN
        if not plain.fullmatch(part):
            raise DomainSyntaxError("an unknown sign")
        symbols += len(SYMBOL.findall(part))
        for sign in re.findall(r"[()\[\]]", part):
            depth += 1 if sign in "([" else -1
            brackets += 1
            if depth > MAX_DEPTH:
                raise DomainSyntaxError("too deep")
        if brackets > MAX_BRACKETS or symbols > MAX_SYMBOLS:
            raise DomainSyntaxError("too many parts")


class _Reader:
    """Evaluates the nodes of a syntax tree, each of a type in a list."""

    def __init__(self, now):
        self._now = now
        self._nodes = {
            ast.Constant: self._read_constant,
            ast.List: self._read_list,
            ast.Tuple: self._read_tuple,
            ast.Name: self._read_name,
            ast.UnaryOp: self._read_sign,
            ast.BinOp: self._read_sum,
            ast.Call: self._read_call,
        }
        self._names = {
            "uid": now.uid,
            "today": now.local.strftime("%Y-%m-%d"),
            "current_date": now.local.strftime("%Y-%m-%d"),
            "now": now.local.strftime("%Y-%m-%d %H:%M:%S"),
            "true": True,
            "false": False,
        }
        self._functions = {
            "context_today": self._today,
            "relativedelta": self._relativedelta,
            "datetime.date": self._date,
            "datetime.date.today": self._today,
            "datetime.datetime": self._datetime,
            "datetime.datetime.now": self._moment,
            "datetime.datetime.combine": self._combine,
            "datetime.time": self._time,
            "datetime.timedelta": self._timedelta,
        }
        self._methods = {"strftime": self._strftime, "to_utc": self._to_utc}

    def evaluate(self, node):
        """Return the value of a node.

        :raise DomainSyntaxError: when the language has no such node
        """
        method = self._nodes.get(type(node))
        if not method:
            raise DomainSyntaxError("not of the language")
        return method(node)

    # === VALUES === #

    def _read_constant(self, node):
        value = node.value
        if isinstance(value, str):
            # PostgreSQL keeps neither.
            value.encode()
            _require("\0" not in value)
        elif isinstance(value, float):
            _require(math.isfinite(value))
        else:
            _require(value is None or isinstance(value, int))
            _require(abs(value or 0) < MAX_INTEGER)
        return value

    def _read_list(self, node):
        values = [self.evaluate(element) for element in node.elts]
        _require(all(type(value) in PLAIN_TYPES for value in values))
        return values

    def _read_tuple(self, node):
        return tuple(self._read_list(node))

    def _read_name(self, node):
        _require(node.id in self._names)
        return self._names[node.id]

    def _read_sign(self, node):
        value = self.evaluate(node.operand)
        if isinstance(node.op, ast.Not):
            return not value
        _require(isinstance(node.op, ast.USub) and type(value) in (int, float))
        return -value

    def _read_sum(self, node):
        left, right = self.evaluate(node.left), self.evaluate(node.right)
        is_sum = isinstance(node.op, ast.Add)
        _require(is_sum or isinstance(node.op, ast.Sub))
        if isinstance(left, list) and isinstance(right, list) and is_sum:
            return left + right
        if is_sum and isinstance(right, date):
            left, right = right, left
        _require(isinstance(left, date))
        _require(isinstance(right, timedelta | relativedelta))
        return left + right if is_sum else left - right

    # === CALLS === #

    def _read_call(self, node):
        arguments = [self.evaluate(argument) for argument in node.args]
        named = {keyword.arg: self.evaluate(keyword.value) for keyword in node.keywords}
        _require(len(named) == len(node.keywords))
        function = self._functions.get(_dotted(node.func))
        if not function:
            _require(isinstance(node.func, ast.Attribute))
            function = self._methods.get(node.func.attr)
            _require(function)
            arguments = [self.evaluate(node.func.value), *arguments]
        return function(arguments, named)

    def _today(self, arguments, named):
        _require(not arguments and not named)
        return self._now.local.date()

    def _moment(self, arguments, named):
        _require(not arguments and not named)
        return self._now.local.replace(microsecond=0)

    def _date(self, arguments, named):
        return date(**_parts(arguments, named, DATE_PARTS))

    def _datetime(self, arguments, named):
        return datetime(**_parts(arguments, named, (*DATE_PARTS, *TIME_PARTS)))

    def _time(self, arguments, named):
        return time(**_parts(arguments, named, TIME_PARTS))

    def _timedelta(self, arguments, named):
        return timedelta(**_parts(arguments, named, DURATIONS))

    def _relativedelta(self, arguments, named):
        _require(not arguments)
        parts = _parts([], named, RELATIVE)
        _require(0 <= parts.get("weekday", 0) <= 6)
        return relativedelta(**parts)

    def _combine(self, arguments, named):
        _require(len(arguments) == 2 and not named)
        day, hour = arguments
        _require(isinstance(day, date) and isinstance(hour, time))
        return datetime.combine(day, hour)

    def _to_utc(self, arguments, named):
        """Read a time on the user's clock as one in UTC, as the client does."""
        _require(len(arguments) == 1 and not named)
        (moment,) = arguments
        _require(isinstance(moment, datetime))
        aware = self._now.zone.localize(moment)
        return aware.astimezone(timezone.utc).replace(tzinfo=None)

    def _strftime(self, arguments, named):
        _require(len(arguments) == 2 and not named)
        moment, pattern = arguments
        _require(isinstance(moment, date | time) and isinstance(pattern, str))
        _require(STRFTIME.fullmatch(pattern))
        return moment.strftime(pattern)


def _require(condition):
    if not condition:
        raise DomainSyntaxError("not of the language")


def _dotted(node):
    """Return ``a.b.c`` for such a node, else None."""
    names = []
    while isinstance(node, ast.Attribute):
        names.append(node.attr)
        node = node.value
    return ".".join([node.id, *names[::-1]]) if isinstance(node, ast.Name) else None


def _parts(arguments, named, names):
    """Return the whole numbers of a date or a duration, by their names."""
    _require(len(arguments) <= len(names))
    parts = dict(zip(names, arguments, strict=False))
    _require(not parts.keys() & named.keys())
    parts |= named
    _require(parts.keys() <= set(names))
    _require(all(type(part) is int and abs(part) < MAX_PART for part in parts.values()))
    return parts
