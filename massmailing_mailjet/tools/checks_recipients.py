"""Checks of the people whom a mailing is sent to.
Each takes plain values and yields what it finds."""

from .finding import amber


def check_role_addresses(count):
    """Does every address belong to a person?

    :param int count: rows to send whose address is one of a role
    """
    if count:
        yield amber("role_addresses", count=count)


def check_legal_basis(count):
    """May the company write to everybody?

    :param int count: rows to send without a legal basis
    """
    if count:
        yield amber("no_basis", count=count)
