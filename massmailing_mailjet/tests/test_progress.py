from unittest.mock import patch

from odoo.exceptions import AccessError
from odoo.tests import new_test_user, tagged, users
from odoo.tools import mute_logger

from ..models.delivery import mailjet_campaign_upload
from .common import DeliveryCase

NOTICE = "odoo.addons.massmailing_mailjet.models.delivery.mailjet_mailing_notice"


@tagged("post_install", "-at_install")
class TestProgress(DeliveryCase):
    """What the form shows of a mailing on its way, and how a failure is reported."""

    def test_progress_only_grows(self):
        mailing = self._make_mailing(self.people)
        mailing.action_send()
        seen = []
        with (
            patch.object(mailjet_campaign_upload, "UPLOAD_ROWS", 1),
            self._one_step_at_a_time(),
        ):
            for _run in range(40):
                progress = mailing.get_progress()
                if progress["state"] == "done":
                    break
                seen.append((progress["percent"], progress["done"]))
                self._run_cron()
        self.assertEqual(mailing.state, "done")
        self.assertEqual(seen, sorted(seen))
        self.assertEqual(seen[-1][1], 3)
        self.assertGreater(len({done for _percent, done in seen}), 2)

    def _one_step_at_a_time(self):
        from ..models.delivery import mailjet_delivery

        return patch.object(mailjet_delivery, "RUN_SECONDS", 0)

    def test_progress_costs_the_same_whatever_the_size(self):
        mailing = self._make_mailing(self.people)
        mailing.action_send()
        self.env.flush_all()
        mailing.get_progress()
        self.env.invalidate_all()
        with self.assertQueryCount(12):
            mailing.get_progress()

    @users("mailer")
    def test_progress_is_for_those_who_may_read(self):
        mailing = self._make_mailing(self.people)
        self.assertEqual(mailing.with_env(self.env).get_progress()["state"], "draft")
        outsider = new_test_user(self.env(su=True), "outside")
        with self.assertRaises(AccessError):
            mailing.with_user(outsider).get_progress()

    @mute_logger(NOTICE)
    def test_a_failure_gives_one_activity_until_it_is_dealt_with(self):
        mailing = self._make_mailing(self.people)
        for resolve in (mailing.action_retry, mailing.action_cancel):
            self.mailjet.reply("GET contactslist", 401, "")
            if mailing.state == "draft":
                mailing.action_send()
            self._run_cron()
            self.assertEqual(mailing.state, "failed")
            (activity,) = mailing.activity_ids
            self.assertEqual(activity.user_id, self.user)
            self.assertIn("refuses the request", activity.summary)
            self.assertIn("Retry", str(activity.note))
            resolve()
            self.assertFalse(mailing.activity_ids)

    @mute_logger(NOTICE)
    def test_a_failure_is_reported_in_the_responsibles_language(self):
        self.env["res.lang"]._activate_lang("fr_FR")
        self.user.lang = "fr_FR"
        self.mailjet.reply("GET contactslist", 401, "")
        mailing = self._make_mailing(self.people)
        self._send(mailing)
        self.assertRegex(mailing.activity_ids.summary, "Mailjet accepte les clés")
