from contextlib import suppress
from datetime import date, datetime
from time import process_time

import pytz
from hypothesis import given
from hypothesis import strategies as st

from odoo.tests import BaseCase, tagged

from ..tools.domain_parser import DomainSyntaxError, Now, parse_domain

# A quarter past midnight in Paris, where it is already summer.
NOW = Now(7, datetime(2024, 4, 1, 0, 15, 30, 500), pytz.timezone("Europe/Paris"))

LITERALS = st.recursive(
    st.text(st.characters(exclude_categories=("Cs",), exclude_characters="\0"))
    | st.integers(-(2**62), 2**62)
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.booleans()
    | st.none(),
    lambda values: st.lists(values, max_size=4) | st.tuples(values, values),
    max_leaves=20,
)

# What Odoo's web client writes: into favorites, from search views, and out of both the
# present domain editor and those of earlier versions.
WRITTEN = (
    ("[]", []),
    (" [('a', '=', 1)]\n", [("a", "=", 1)]),
    ("(('a', '=', 1),)", [("a", "=", 1)]),
    ("['|', ('a', '=', True), ['b', '!=', None]]", None),
    ('["&", ["user_id", "=", uid], ["a", "not in", [1, -2, 3.5]]]', None),
    ('[("is_company", "=", true), ("active", "in", [True, false])]', None),
    ("[('a', '=', not uid)]", [("a", "=", False)]),
    ("[('a', '=', 1)] + [('b', '=', 2)]", [("a", "=", 1), ("b", "=", 2)]),
    ('[("child_ids", "any", [("name", "ilike", "x\\u00e9\\"y")])]', None),
    ('[("create_date", ">=", "today -7d"), ("create_date", "<", "today")]', None),
    ("[('d', '=', context_today())]", [("d", "=", date(2024, 4, 1))]),
    ("[('d', '=', current_date), ('e', '<', now)]", None),
    ('[("d", ">", context_today().strftime("%Y-%m-%d"))]', [("d", ">", "2024-04-01")]),
    (
        "[('d', '<', (context_today() + relativedelta(day = 1, months = -1))"
        ".strftime('%Y-%m-%d'))]",
        [("d", "<", "2024-03-01")],
    ),
    (
        "[('d', '<', (context_today() + relativedelta(weeks=-1, weekday=0))"
        ".strftime('%Y-%m-%d'))]",
        [("d", "<", "2024-03-25")],
    ),
    (
        '[("d", ">=", datetime.datetime.combine(context_today(), '
        'datetime.time(0, 0, 0)).to_utc().strftime("%Y-%m-%d %H:%M:%S"))]',
        [("d", ">=", "2024-03-31 22:00:00")],
    ),
    (
        "[('d', '>=', datetime.datetime.combine(context_today() + "
        "relativedelta(days = -30), datetime.time(0, 0, 0)).to_utc()"
        '.strftime("%Y-%m-%d %H:%M:%S"))]',
        [("d", ">=", "2024-03-01 23:00:00")],
    ),
    (
        "[('d', '<', datetime.datetime.now() - datetime.timedelta(days=1, hours=2))]",
        [("d", "<", datetime(2024, 3, 30, 22, 15, 30))],
    ),
    (
        "[('d', '=', datetime.datetime(2024, 1, 31, hour=5)), "
        "('e', '=', datetime.date.today() - relativedelta(years=1))]",
        [("d", "=", datetime(2024, 1, 31, 5)), ("e", "=", date(2023, 4, 1))],
    ),
)

# What no web client writes: ways to other objects, to memory and to time.
REFUSED = (
    "",
    "uid",
    "'[]'",
    "{}",
    "[('a', '=', '{0.__globals__}'.format(context_today))]",
    "[('a', '=', '{0.x}'.format_map({}))]",
    "[('a', '=', str.format('{0}', uid))]",
    "[('a', '=', '%s' % uid)]",
    "[('a', '=', f'{uid}')]",
    "[('a', '=', b'x')]",
    "[('a', '=', ''' x ''')]",
    "[('a', '=', 'a' + 'b')]",
    "[('a', '=', '__cla' + 'ss__')]",
    "[('a', '=', 'a' * 10)]",
    "[('a', '=', 9 ** 9)]",
    "[('a', '=', 2 + 2)]",
    "[('a', '=', context_today)]",
    "[('a', '=', context_today.__globals__)]",
    "[('a', '=', context_today().__class__)]",
    "[('a', '=', context_today().__class__.__mro__)]",
    "[('a', '=', context_today().year)]",
    "[('a', '=', context_today().replace(day=1))]",
    "[('a', '=', context_today().isoformat())]",
    "[('a', '=', relativedelta)]",
    "[('a', '=', relativedelta(days=1))]",
    "[('a', '=', relativedelta(dt1=context_today(), dt2=context_today()))]",
    "[('a', '=', relativedelta(**{'days': 1}))]",
    "[('a', '=', context_today(*[]))]",
    "[('a', '=', context_today(self=1))]",
    "[('a', '=', context_today() + relativedelta(weekday=7))]",
    "[('a', '=', context_today() + relativedelta(days='1'))]",
    "[('a', '=', context_today() + relativedelta(years=1000000))]",
    "[('a', '=', context_today() + relativedelta(years=99999999999999999999))]",
    "[('a', '=', context_today() - context_today())]",
    "[('a', '=', context_today() + 1)]",
    "[('a', '=', context_today().strftime('%s'))]",
    "[('a', '=', context_today().strftime('%Y' + '%m'))]",
    "[('a', '=', context_today().strftime('" + "%Y" * 41 + "'))]",
    "[('a', '=', datetime.datetime.strptime('1', '%Y'))]",
    "[('a', '=', datetime.datetime)]",
    "[('a', '=', datetime.sys.modules)]",
    "[('a', '=', datetime.date(2024, 13, 1))]",
    "[('a', '=', datetime.date(1, 1, 1, year=1))]",
    "[('a', '=', datetime.datetime(1, 1, 1).to_utc())]",
    "[('a', '=', time.strftime('%Y'))]",
    "[('a', '=', active_id)]",
    "[('a', '=', context.get('x'))]",
    "[('a', '=', user.company_id)]",
    "[('a', '=', env)]",
    "[x for x in [1]]",
    "[('a', '=', (x for x in [1]))]",
    "[('a', '=', lambda: 1)]",
    "[('a', '=', [1][0])]",
    "[('a', '=', 1 if uid else 2)]",
    "[('a', '=', uid or 1)]",
    "[('a', '=', uid == 1)]",
    "[('a', '=', (y := 1))]",
    "[('a', '=', ...)]",
    "[('a', '=', 1j)]",
    "[('a', '=', 1e400)]",
    "[('a', '=', 99999999999999999999)]",
    "[('a', '=', -True)]",
    "[('a', '=', 'x\\0y')]",
    "[('a', '=', '\\ud800')]",
    "[('a', '=', __import__('os'))]",
    "[('a', '=', await_)]",
    "import os",
    "[('a', '=', 1)]; uid",
    "[('a', '=', 1)] # uid",
    "[('a', '=',",
    "[(1)",
    "[]" + " + []" * 6000,
)

# Each some 200 kB long.
HOSTILE = (
    "[" * 200_000,
    "(" * 200_000 + ")" * 10,
    "-" * 200_000 + "1",
    "not " * 50_000 + "1",
    "a" + ".b" * 100_000,
    "a" + "()" * 100_000,
    "[" + "(1,)," * 40_000 + "]",
    "'\\" * 100_000,
    "'" * 200_001,
    "9" * 200_000,
    "[" + "1+" * 100_000 + "1]",
    "lambda:" * 28_000,
    "f'{" * 70_000,
    "\n" * 200_000,
)


@tagged("post_install", "-at_install")
class TestDomainParser(BaseCase):
    """Conditions are read by a grammar of their own: nothing in them is run."""

    def test_what_the_web_client_writes(self):
        for text, expected in WRITTEN:
            with self.subTest(text):
                domain = parse_domain(text, NOW)
                self.assertIsInstance(domain, list)
                if expected is not None:
                    self.assertEqual(domain, expected)

    def test_nothing_else_is_read(self):
        for text in REFUSED:
            with self.subTest(text), self.assertRaises(DomainSyntaxError):
                parse_domain(text, NOW)

    def test_complaints_quote_nothing(self):
        for text in REFUSED:
            try:
                parse_domain(text, NOW)
            except DomainSyntaxError as error:
                self.assertRegex(str(error), r"^[a-z ]{5,30}$")
                self.assertTrue(error.__suppress_context__ or not error.__context__)

    def test_hostile_texts_cost_little(self):
        for text in HOSTILE:
            with self.subTest(text[:20]):
                start = process_time()
                with self.assertRaises(DomainSyntaxError):
                    parse_domain(text, NOW)
                self.assertLess(process_time() - start, 2)

    def test_long_lists_are_read(self):
        ids = list(range(20_000))
        self.assertEqual(parse_domain(f"[('id', 'in', {ids})]", NOW)[0][2], ids)
        with self.assertRaises(DomainSyntaxError):
            parse_domain(f"[('name', '=', '{'x' * 6_000_000}')]", NOW)

    @given(LITERALS)
    def test_every_literal_is_read_as_python_writes_it(self, value):
        self.assertEqual(parse_domain(repr([value]), NOW), [value])

    @given(st.text())
    def test_any_text_is_read_or_refused(self, text):
        with suppress(DomainSyntaxError):
            self.assertIsInstance(parse_domain(text, NOW), list)
