from odoo import Command
from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from .common import DeliveryCase


@tagged("post_install", "-at_install")
class TestLegalBasis(DeliveryCase):
    """Why a company may write to the people of a load."""

    def _make_target(self, name="Customers", **values):
        return self.env["mailjet.target"].create(
            {"name": name, "contact_ids": self.people.ids, **values}
        )

    def _load_target(self, target):
        mailing = self._make_mailing(recipient_type="target")
        mailing.action_load_target(target.id)
        return mailing

    def _open(self, action):
        return self.env["mailjet.mailing"].browse(action["res_id"])

    def test_a_load_takes_the_basis_of_its_target(self):
        mailing = self._load_target(self._make_target(legal_basis="customer"))
        self.assertEqual(mailing.load_ids.legal_basis, "customer")

    def test_a_load_keeps_what_its_target_stated_at_the_time(self):
        target = self._make_target(legal_basis="customer")
        mailing = self._load_target(target)
        target.legal_basis = "none"
        self.assertEqual(mailing.load_ids.legal_basis, "customer")
        target.unlink()
        self.env.invalidate_all()
        self.assertEqual(mailing.load_ids.legal_basis, "customer")

    def test_what_is_excluded_needs_no_basis(self):
        mailing = self._make_mailing(self.ann)
        target = self._make_target(legal_basis="customer")
        mailing.action_exclude_target(target.id)
        excluded = mailing.load_ids.filtered(lambda load: load.mode == "exclude")
        self.assertFalse(excluded.legal_basis)

    def test_a_user_states_the_basis_in_the_list_of_loads(self):
        mailing = self._make_mailing(self.ann)
        self.assertFalse(mailing.load_ids.legal_basis)
        load = mailing.load_ids
        mailing.load_ids = [Command.update(load.id, {"legal_basis": "consent"})]
        self.assertEqual(load.legal_basis, "consent")

    def test_the_list_of_loads_changes_nothing_else(self):
        mailing = self._make_mailing(self.ann)
        other = self._make_mailing(self.bob)
        load = mailing.load_ids
        for command in (
            Command.update(load.id, {"name": "Another"}),
            Command.delete(load.id),
            Command.unlink(load.id),
            Command.link(other.load_ids.id),
            Command.create({"name": "New", "kind": "contact"}),
            Command.clear(),
        ):
            with self.subTest(command), self.assertRaises(AccessError):
                mailing.write({"load_ids": [command]})
                self.env.flush_all()
            self.env.invalidate_all()

    def test_it_stays_as_proof_of_what_was_sent(self):
        mailing = self._make_mailing(self.people)
        mailing.load_ids.legal_basis = "business"
        self._send(mailing)
        with self.assertRaises(UserError):
            mailing.load_ids.legal_basis = "consent"

    def test_a_stranger_states_nothing(self):
        load = self._make_mailing(self.ann).load_ids
        with self.assertRaises(AccessError):
            load.with_user(self._make_stranger()).legal_basis = "consent"

    def test_a_follow_up_keeps_the_basis_of_each_row(self):
        mailing = self._make_mailing(self.ann)
        mailing.load_ids.legal_basis = "consent"
        mailing.action_load_filter(self._make_filter("Bob", self.bob).id)
        mailing.action_load_filter(self._make_filter("Cat", self.cat).id)
        mailing.load_ids.filtered(lambda r: r.name == "Cat").legal_basis = "business"
        self._send(mailing)
        follow_up = self._open(mailing.action_resend())
        bases = {
            self._row(follow_up, person).load_id.legal_basis: person
            for person in self.people
        }
        expected = {"consent": self.ann, False: self.bob, "business": self.cat}
        self.assertEqual(bases, expected)
        self.assertCountsAddUp(follow_up)

    def test_who_came_since_has_the_basis_of_the_filter(self):
        mailing = self._make_mailing(self.ann | self.bob)
        mailing.load_ids.legal_basis = "customer"
        self._send(mailing)
        mailing.load_ids.sudo().filter_id.domain = str([("id", "in", self.people.ids)])
        rest = self._open(mailing.action_send_to_remaining())
        self.assertEqual(self._row(rest, self.cat).load_id.legal_basis, "customer")

    def test_data_that_is_handed_out_states_the_basis(self):
        mailing = self._load_target(self._make_target(legal_basis="customer"))
        wizard = self.env["mailjet.personal.data"].with_user(self.manager)
        data = wizard.create({"partner_ids": self.ann.ids})._get_data()
        [row] = [r for r in data["mailings"] if r["mailing"] == mailing.display_name]
        self.assertEqual(row["loaded_from"], "Customers")
        self.assertEqual(row["legal_basis"], "customer")
