"""Which file of a zip a relative address in a newsletter leads to."""

import re
from posixpath import normpath
from unicodedata import normalize
from urllib.parse import unquote

# Addresses that lead elsewhere, or are a variable.
ABSOLUTE = re.compile(r"[a-z][a-z0-9+.-]*:|//|#|\?|\[\[|\$|\{\{", re.IGNORECASE)


def index_paths(paths):
    """Return the paths of a zip as :func:`find_path` takes them."""
    return {_fold(path): path for path in paths}


def find_path(reference, folder, index):
    """Return the path of the file that a relative address leads to, or None.

    :param str folder: of the HTML in the zip
    :param dict index: of :func:`index_paths`
    """
    for path in _get_candidates(reference, folder):
        if found := index.get(_fold(path)):
            return found
    return None


def _fold(path):
    """Return a path as it compares between Windows, macOS and the web."""
    return normalize("NFC", path).casefold()


def _get_candidates(reference, folder):
    """Yield the paths that may be meant: seen from the folder, or from the zip."""
    reference = re.split(r"[?#]", reference.replace("\\", "/"), maxsplit=1)[0]
    for text in dict.fromkeys((unquote(reference), reference)):
        yield normpath(f"{folder}/{text}").lstrip("/")
        yield normpath(text).lstrip("/")
