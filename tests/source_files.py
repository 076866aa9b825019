"""The source files of the add-on, and what they import."""

import ast
from pathlib import Path

ROOT = Path(__file__).parent.parent
ADDON = ROOT / "massmailing_mailjet"


def imports(path):
    """Yield ``(level, module, names)`` of every import of a file."""
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.ImportFrom):
            yield node.level, node.module or "", [alias.name for alias in node.names]
        elif isinstance(node, ast.Import):
            for alias in node.names:
                yield 0, alias.name, []


def files(folder):
    """Return the Python files of a folder of the add-on and of the folders in it; for
    ``.``, only those of the add-on's own folder."""
    if folder == ".":
        return sorted(ADDON.glob("*.py"))
    return sorted((ADDON / folder).rglob("*.py"))


def relative(path):
    """Return the path of a file within the add-on."""
    return str(path.relative_to(ADDON))


def imported(path):
    """Yield what a file imports from the add-on, as paths within it without suffix."""
    above = path.relative_to(ADDON).parents
    for level, module, names in imports(path):
        if not level:
            continue
        target = above[level - 1].joinpath(*module.split("."))
        if (ADDON / target).is_dir():
            yield from (target / name for name in names)
        else:
            yield target
