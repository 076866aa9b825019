from odoo.tests import tagged
from odoo.tools import SQL

from ..models.recipients.mailjet_mailing_basis import _is_role
from ..tools.role_addresses import ROLE_NAMES, is_role_address
from .common import MailjetCase

ROLES = ("info@example.com", "sales+news@example.com", "no-reply@example.com")
PEOPLE = (
    *("ann@example.com", "informatics@example.com", "ann+info@example.com"),
    *("ann@info.example.com", "info.ann@example.com", "", "@example.com"),
)


@tagged("post_install", "-at_install")
class TestRoleAddresses(MailjetCase):
    """Which addresses belong to a role."""

    def test_role_addresses_are_told_from_those_of_people(self):
        for address in (*ROLES, *PEOPLE):
            with self.subTest(address):
                self.assertEqual(is_role_address(address), address in ROLES)

    def test_names_are_as_normalized_addresses_have_them(self):
        for name in ROLE_NAMES:
            with self.subTest(name):
                self.assertRegex(name, "^[a-z][a-z-]*$")

    def test_postgresql_has_the_same_rule(self):
        addresses = [*ROLES, *PEOPLE, *(f"{name}@example.com" for name in ROLE_NAMES)]
        found = self.env.execute_query(
            SQL(
                "SELECT email_normalized, %s FROM unnest(%s::text[])"
                " AS r (email_normalized)",
                _is_role("r"),
                addresses,
            )
        )
        self.assertEqual(
            dict(found), {each: is_role_address(each) for each in addresses}
        )
