import csv
import io
from datetime import timedelta
from unittest.mock import patch

from freezegun import freeze_time

from odoo import fields
from odoo.tests import tagged
from odoo.tools import SQL

from ..models.delivery import mailjet_campaign_upload, mailjet_mailing_partition
from ..models.mailjet_mailing_campaigns import Part
from .common import find_properties
from .mailjet import UPLOAD
from .partition_common import PartitionCase


@tagged("post_install", "-at_install")
class TestPartition(PartitionCase):
    """How a mailing is divided into campaigns, and what each of them sends."""

    # === ROWS === #

    def test_a_mailing_is_one_campaign_unless_it_is_divided(self):
        self.parts = []
        mailing = self._make_mailing(self.people)
        campaign = self._send(mailing)
        self.assertSentTo(["ann", "bob", "cat"])
        self.assertEqual((len(campaign), campaign.is_part), (1, False))
        self.assertFalse(self._get_rows(mailing).campaign_id)

    def test_each_campaign_is_sent_to_its_own_rows(self):
        mailing = self._make_mailing(self.people)
        campaigns = self._send(mailing)
        self.assertSentTo(["ann", "cat"], ["bob"])
        self.assertEqual(mailing.state, "done")
        self.assertEqual(campaigns.mapped("name"), ["Oslo", "Rest"])
        self.assertEqual(campaigns.mapped("planned_count"), [2, 1])
        self.assertEqual(campaigns.mapped("sent_count"), [2, 1])
        self.assertEqual(mailing.sent_count, 3)
        self.assertEqual(len(set(campaigns.mapped("mailjet_list_id"))), 2)
        self.assertEqual(len(set(campaigns.mapped("mailjet_draft_id"))), 2)

    def test_rows_that_are_not_sent_to_are_in_no_campaign(self):
        self.bob.massmailing_unsubscribed = True
        mailing = self._make_mailing(self.people)
        self.assertEqual(self._send(mailing).mapped("name"), ["Oslo"])
        self.assertFalse(self._row(mailing, self.bob).campaign_id)
        self.assertSentTo(["ann", "cat"])

    def test_the_first_part_that_fits_gets_a_row(self):
        name = SQL("r.name LIKE '%%n%%'")
        self.parts = [
            Part("Nobody", {}, SQL("FALSE")),
            Part("Ann", {}, name),
            Part("Ann again", {}, name),
            Part("The others", {}, SQL("FALSE")),
        ]
        mailing = self._make_mailing(self.people)
        campaigns = self._send(mailing)
        self.assertEqual(campaigns.mapped("name"), ["Ann", "The others"])
        self.assertSentTo(["ann"], ["bob", "cat"])
        self.assertEqual(mailing.state, "done")

    def test_a_single_part(self):
        self.parts = [Part("All", {"own_values": {"subject": "All"}})]
        self._send(self._make_mailing(self.people))
        self.assertSentTo(["ann", "bob", "cat"])
        self.assertEqual(self.mailjet.drafts[0]["subject"], "All")

    def test_chunks_are_of_one_campaign(self):
        with patch.object(mailjet_campaign_upload, "UPLOAD_ROWS", 1):
            campaigns = self._start(self._make_mailing(self.people))
        self.assertEqual([len(each._get_uploads()) for each in campaigns], [2, 1])
        self._go_on()
        self.assertSentTo(["ann", "cat"], ["bob"])

    def test_too_many_campaigns_are_refused_before_sending(self):
        """Only those that have rows count."""
        self.parts = [
            Part(record.name, {}, SQL("r.partner_id = %s", record.id))
            for record in self.people
        ]
        for limit, is_refused in ((2, True), (3, False)):
            mailing = self._make_mailing(self.people)
            with patch.object(mailjet_mailing_partition, "MAX_CAMPAIGNS", limit):
                if is_refused:
                    with self.assertRefused("3 campaigns, and at most 2"):
                        mailing.action_send()
                else:
                    mailing.action_send()
        with patch.object(mailjet_mailing_partition, "MAX_CAMPAIGNS", 2):
            self._run_cron()
        self.assertEqual(mailing.state, "failed")
        self.assertIn("at most 2", mailing.delivery_message)
        self.assertFalse(self._get_rows(mailing).campaign_id)
        self.assertEqual(len(mailing.mailjet_campaign_ids), 1)
        self.assertFalse(self.mailjet.lists)

    # === CONTENT === #

    def test_a_campaign_has_values_of_its_own(self):
        own = {
            "subject": "Hei $contacts-firstname$",
            "body_code": "<p>Kjære $contacts-city$</p>",
            "sender_name": "Nyheter",
            "sender_email": "oslo@example.org",
            "reply_to": "svar@example.com",
        }
        self.parts = self._by_city({"own_values": own})
        mailing = self._make_mailing(self.people)
        campaigns = self._send(mailing)
        drafts = self.mailjet.drafts
        self.assertEqual(
            [draft["sender_email"] for draft in drafts],
            ["oslo@example.org", "news@example.com"],
        )
        self.assertEqual(
            [draft["sender_name"] for draft in drafts], ["Nyheter", "News"]
        )
        self.assertIn("Hei", campaigns[0].frozen_subject)
        self.assertIn("Kjære", campaigns[0].frozen_html)
        self.assertIn("Dear", campaigns[1].frozen_html)
        mail = self.mailjet.get_delivered(
            campaigns[0].mailjet_draft_id, "ann@example.com"
        )
        self.assertEqual(mail["subject"], "Hei Ann")
        self.assertEqual(mailing.subject, "Hello $contacts-firstname$")

    def test_no_campaign_writes_the_values_of_another(self):
        """They share their properties, and each address is uploaded by one of them,
        also if an upload is repeated."""
        campaigns = self._start(self._make_mailing(self.people))
        first, second = (find_properties(each.frozen_html) for each in campaigns)
        self.assertTrue(first)
        self.assertEqual(first, second)
        self.mailjet.fail(UPLOAD, "hang", "after")
        self._go_on()
        self._run_later(minutes=30)
        self._go_on()
        uploaded = [
            sorted({row["email"] for row in csv.DictReader(io.StringIO(text))})
            for text in self.mailjet.uploads
        ]
        self.assertGreater(len(uploaded), len(campaigns))
        self.assertEqual(
            {tuple(emails) for emails in uploaded},
            {("ann@example.com", "cat@example.com"), ("bob@example.com",)},
        )

    def test_everyone_previews_the_campaign_they_are_in(self):
        self.parts = self._by_city({"own_values": {"subject": "Oslo"}})
        mailing = self._make_mailing(self.people)
        self._start(mailing)
        subjects = [
            mailing._render_message(self._row(mailing, person))[0]
            for person in (self.ann, self.bob)
        ]
        self.assertEqual(subjects, ["Oslo", "Hello Bob"])

    # === TURNS === #

    def test_while_one_campaign_waits_the_next_is_prepared(self):
        self._start(self._make_mailing(self.people))
        self.mailjet.reply(
            "GET csvimport/", 200, {"Count": 1, "Data": [{"Status": "Pending"}]}
        )
        self.clock += timedelta(minutes=1)
        with freeze_time(self.clock):
            self._run_cron((0,))
        order = [
            "upload" if "CSVData" in call else "look"
            for call in self.mailjet.calls
            if "CSVData" in call or call.startswith("GET /v3/REST/csvimport/")
        ]
        self.assertEqual(order[:3], ["upload", "look", "upload"])
        self.assertSentTo(["ann", "cat"], ["bob"])

    def test_a_campaign_reads_no_rows_but_its_own_when_it_looks_for_opt_outs(self):
        """However many others are in the mailing."""
        campaign, other = self._start(self._make_mailing(self.people))
        self.env["mailjet.consent"]._opt_out(
            [
                {"email": email, "cause": "unsubscribed", "date": fields.Datetime.now()}
                for email in ("ann@example.com", "bob@example.com")
            ],
            "webhook",
        )
        for each, left in ((campaign, self.cat), (other, self.people.browse())):
            each._apply_exclusions()
            domain = each._get_domain(("verdict", "=", "send"))
            rows = self.env["mailjet.recipient"].search(domain)
            self.assertEqual(rows.partner_id, left)
