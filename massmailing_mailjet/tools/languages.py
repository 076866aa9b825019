"""In which of several languages people are addressed."""


def choose_language(code, offered):
    """Return the language to address a person in: the person's own, else the first one
    that is the same but for the country, else None.

    :param str code: an Odoo language code such as ``fr_BE``; empty if it is unknown
    :param list offered: codes
    """
    if code in offered:
        return code
    return next((each for each in offered if code and _base(each) == _base(code)), None)


def _base(code):
    return code.replace("@", "_").partition("_")[0]
