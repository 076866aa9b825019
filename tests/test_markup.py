"""HTML is read in one place: no other file searches it or makes a tree of it."""

import ast
import re

import pytest
from source_files import ADDON, relative

# A piece of a pattern that finds tags, comments or declarations, but not the name of a
# group or a look-behind.
MARKUP = re.compile(r"(?<!\(\?)(?<!\?P)<(?:[a-zA-Z/!?\[(]|\\[swb/])")
SEARCHES = {"find", "rfind", "index", "rindex", "split", "rsplit", "partition"}
SEARCHES |= {"rpartition", "count", "replace"}
# The modules that may search markup, and why.
SEARCHERS = {
    "tools/html_tokenizer.py": "the one place that does",
    "tools/checks_email.py": "`<%` of other programs; addresses within plain text",
    "tools/addresses.py": "`Name <address>`",
    "tools/style_sheets.py": "what would end the element of a style sheet",
    "tools/stock_content.py": "addresses within plain text",
    "migrations/19.0.1.2.0/post-html.py": "style sheets, as lxml has just written them",
    "tools/html_writer.py": "what would begin a comment in a script that it writes",
}


def literals(node, named):
    """Yield the texts that an expression is made of, including those of its names."""
    for part in ast.walk(node):
        if isinstance(part, ast.Constant) and isinstance(part.value, str):
            yield part.value
        elif isinstance(part, ast.Name) and part.id in named:
            yield from literals(named.pop(part.id), named)


def markup_searches(source):
    """Yield the patterns, and the texts that methods look for, that are markup."""
    tree = ast.parse(source)
    named = {
        node.targets[0].id: node.value
        for node in ast.walk(tree)
        if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name)
    }
    for node in ast.walk(tree):
        if not isinstance(node, ast.Call) or not isinstance(node.func, ast.Attribute):
            continue
        function = node.func
        is_pattern = isinstance(function.value, ast.Name) and function.value.id == "re"
        if is_pattern or function.attr in SEARCHES:
            for text in literals(ast.Tuple(node.args[:1]), dict(named)):
                if MARKUP.search(text):
                    yield text


@pytest.mark.parametrize(
    ("source", "is_found"),
    (
        ("re.compile(r'<body[^>]*>')", True),
        ("re.sub(r'<[^>]+>', '', html)", True),
        ("TAG = '<[^<>]*>'\nre.compile(rf'{TAG}x')", True),
        ("re.search('x' '</p>', html)", True),
        ("html.find('<!--')", True),
        ("html.split('</table>')", True),
        ("re.compile(r'(?P<name>a)(?<!b)(?<=c)[<>]')", False),
        ("print('<p>')", False),
        ("text.split('<')", False),
    ),
)
def test_searches_of_markup_are_found(source, is_found):
    assert bool(list(markup_searches(source))) == is_found


def test_one_module_searches_markup():
    """Whoever reads or changes HTML uses the tokenizer: a pattern of one's own would
    misread comments, quoted signs and style sheets."""
    searchers = {
        relative(path)
        for path in ADDON.rglob("*.py")
        if "tests" not in path.parts and list(markup_searches(path.read_text()))
    }
    assert searchers <= SEARCHERS.keys()


# What makes a tree of HTML that was not read by the tokenizer.
PARSERS = {"fromstring", "document_fromstring", "fragment_fromstring", "HTMLParser"}
PARSERS |= {"fragments_fromstring", "BeautifulSoup", "XMLParser"}


def test_one_module_makes_trees_of_html():
    parsers = {
        relative(path)
        for path in ADDON.rglob("*.py")
        if "tests" not in path.parts
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.Attribute) and node.attr in PARSERS
    }
    # Odoo's own templates are XML.
    assert parsers == {"tools/html_tree.py", "tools/stock_content.py"}
