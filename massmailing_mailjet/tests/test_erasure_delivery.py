from datetime import timedelta

from odoo.tests import tagged

from .erasure_common import ADDRESS, ODOO_TABLES, ErasureCase


@tagged("post_install", "-at_install")
class TestErasureDelivery(ErasureCase):
    """Whoever is erased while a mailing is on its way is not mailed."""

    def _hold(self):
        """Return a mailing that Mailjet holds for an hour later, 45 minutes on."""
        mailing = self._make_mailing(self.people)
        mailing.action_schedule(self.clock + timedelta(hours=1))
        self._run_cron()
        self._run_later(minutes=45)
        self.assertEqual(mailing.delivery_step, "scheduled")
        return mailing

    def test_who_is_erased_while_mailjet_waits_is_not_mailed(self):
        mailing = self._hold()
        row = self._row(mailing, self.ann).sudo()
        self._erase()
        self.assertEqual((row.verdict, row.exclusion_reason), ("excluded", "deleted"))
        self.assertFalse(row.partner_id)
        self._run_later(minutes=6)
        self._run_later(minutes=1)
        self.assertFalse(row.email_normalized)
        self._strike()
        self._run_later(minutes=10)
        self.assertSentOnce(mailing, {"bob@example.com", "cat@example.com"})
        self.assertEqual(self._find_address(), [])
        self.assertCountsAddUp(mailing)

    def test_who_is_erased_before_the_upload_is_not_handed_over(self):
        mailing = self._make_mailing(self.people)
        mailing.action_send()
        self._erase()
        self._run_cron()
        self.assertSentOnce(mailing, {"bob@example.com", "cat@example.com"})
        self.assertEqual(self._find_address(), [])
        self.assertCountsAddUp(mailing)

    def test_who_is_erased_after_a_failure_is_not_mailed_by_a_retry(self):
        for step in ("upload", "draft"):
            with self.subTest(step=step):
                self._check_failure(step)

    def _check_failure(self, step):
        person = self.env["res.partner"].create(
            {"name": step, "email": f"{step}@example.com"}
        )
        mailing = self._make_mailing(self.bob | person)
        mailing.action_send()
        campaign = self._make_campaign(mailing, state="preparing")
        for _number in range(20):
            if mailing.delivery_step == step:
                break
            self._run_one_step(campaign)
        campaign.state = "failed"
        self._erase(person)
        mailing.action_retry()
        self._run_cron()
        self.assertEqual(mailing.state, "done")
        self.assertEqual(self.mailjet.sent[-1], {"bob@example.com"})
        self.env["mailjet.erasure"]._finish()
        self.assertEqual(self._find_address(f"{step}@example.com"), [])

    def test_mailjet_deletes_the_contact_once_its_list_does_not_need_it(self):
        mailing = self._hold()
        self._erase()
        self._delete_contacts()
        self.assertIn(ADDRESS, self._get_contacts())
        self._run_later(minutes=6)
        self._run_later(minutes=1)
        self._delete_contacts()
        self.assertNotIn(ADDRESS, self._get_contacts())
        self.assertEqual(self._find_address(ignored=ODOO_TABLES), [])
        self._strike()
        self._run_later(minutes=10)
        self.assertSentOnce(mailing, {"bob@example.com", "cat@example.com"})
        self.assertNotIn(ADDRESS, self._get_contacts())

    def test_mailjet_keeps_a_contact_that_a_retry_would_take_off_the_list(self):
        mailing = self._make_mailing(self.people)
        mailing.action_send()
        campaign = self._make_campaign(mailing, state="preparing")
        while mailing.delivery_step != "draft":
            self._run_one_step(campaign)
        campaign.state = "failed"
        self._erase()
        self._delete_contacts()
        self.assertIn(ADDRESS, self._get_contacts())
        mailing.action_retry()
        self._run_cron()
        self.assertEqual(mailing.state, "done")
        self._delete_contacts()
        self.assertNotIn(ADDRESS, self._get_contacts())

    def _run_one_step(self, campaign):
        delivery = self.env["mailjet.delivery"]
        with campaign.account_id._client() as client:
            clients = type("Clients", (), {"get": lambda _self, _account: client})()
            delivery._take_step(campaign, clients, None)
