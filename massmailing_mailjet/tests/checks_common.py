from datetime import datetime

from odoo.tests import BaseCase

from ..models.checks.check_messages import SENTENCES
from ..models.counting import Counted
from ..tools.email_reader import read_email
from ..tools.variables import Variable

CITY = Variable("contacts", "city")


SHOE = Variable("contacts", "shoe")


NOW = datetime(2026, 2, 1, 12)


HIDDEN = "<a href='[[UNSUB_LINK_EN]]' style='%s'>Unsubscribe</a>"


def codes(findings):
    """Return findings as ``{code: level}``; each has a sentence for its values."""
    found = {}
    for finding in findings:
        for part in SENTENCES[finding.code]:
            for form in part if isinstance(part, Counted) else (part,):
                assert (form and form._source % finding.values) or not form
        found[finding.code] = finding.level
    return found


class ChecksCase(BaseCase):
    """Checks without a database, by what they find."""

    def assertFound(self, check, table):
        """Check what a check finds, as ``(arguments, {code: level})`` pairs."""
        for arguments, expected in table:
            with self.subTest(arguments):
                self.assertEqual(codes(check(*arguments)), expected)

    def assertFoundInHtml(self, check, table):
        self.assertFound(
            lambda html: check(read_email(html)),
            [((html,), expected) for html, expected in table],
        )
