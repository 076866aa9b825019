from odoo.tests import tagged

from .erasure_common import ADDRESS, QUEUE, ErasureCase


@tagged("post_install", "-at_install")
class TestErasureBlacklist(ErasureCase):
    """Odoo's blacklist holds an erased address for as long as somebody needs it."""

    def _get_entry(self, address=ADDRESS):
        Blacklist = self.env["mail.blacklist"].with_context(active_test=False)
        return Blacklist.search([("email", "=", address)])

    def _vacuum(self):
        self.env["mailjet.erasure"]._gc_erased()
        self.env.invalidate_all()

    def test_an_entry_of_ours_goes_with_the_last_record_of_the_address(self):
        self.ann.with_user(self.user).massmailing_unsubscribed = True
        lead = self._make_lead(ADDRESS)
        self._erase()
        self._vacuum()
        self.assertTrue(self._get_entry().active)
        self.ann.unlink()
        self._vacuum()
        self.assertTrue(self._get_entry().active)
        lead.unlink()
        self._vacuum()
        self.assertEqual(self._find_address(ignored=("mail_tracking_value", QUEUE)), [])

    def test_an_entry_that_protects_nobody_goes_at_once(self):
        self.ann.with_user(self.user).massmailing_unsubscribed = True
        self.ann.with_user(self.user).massmailing_unsubscribed = False
        self.assertFalse(self._get_entry().active)
        self._erase()
        self.assertFalse(self._get_entry())

    def test_an_entry_made_by_somebody_stays(self):
        self.env["mail.blacklist"].with_user(self.env.ref("base.user_admin"))._add(
            ADDRESS
        )
        self._erase()
        self.ann.unlink()
        self._vacuum()
        self.assertTrue(self._get_entry().active)

    def test_an_address_that_comes_back_is_blacklisted_again(self):
        self.ann.with_user(self.user).massmailing_unsubscribed = True
        self._erase()
        self.ann.unlink()
        self._vacuum()
        self.assertFalse(self._get_entry())
        again = self.env["res.partner"].create({"name": "Ann", "email": ADDRESS})
        self.env.flush_all()
        self.assertTrue(again.massmailing_unsubscribed)
        self.assertTrue(self._get_entry().active)
        self.assertTrue(again.is_blacklisted)
        again.unlink()
        self._vacuum()
        self.assertTrue(self._get_entry().active)
