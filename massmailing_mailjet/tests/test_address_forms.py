from odoo.tests import tagged

from .consent_record_common import ConsentRecordCase

ANN = "ann@example.com"
# The same address, as people write it and systems export it.
FORMS = [
    "ann@example.com",
    "ANN@Example.COM",
    "  ann@example.com\t",
    "Ann Ash <Ann@example.com>",
    '"Ash, Ann" <ann@example.com>',
    "<ann@example.com>",
]
# Other addresses, which may belong to other people.
OTHERS = ["ann+news@example.com", "a.nn@example.com", "ann@sub.example.com"]


@tagged("post_install", "-at_install")
class TestAddressForms(ConsentRecordCase):
    """An address is the same however it is written, and no other one is."""

    def setUp(self):
        super().setUp()
        self.choices = self.env["mailjet.measuring"]

    def _get_choice(self, email):
        return self.choices._get_choices(self.env.company, [email])[email]["open"]

    def test_choices_about_measuring(self):
        entry = {"kind": "open", "choice": "refused", "source_text": "Paper form"}
        for form in FORMS:
            with self._case(form=form):
                self.choices.with_user(self.manager).create({**entry, "email": form})
                self.assertEqual(self._get_choice(ANN), "refused")
                for other in OTHERS:
                    self.assertEqual(self._get_choice(other), "unknown")

    def test_imported_choices(self):
        rows = [[form, "open", "refused", "Old system"] for form in FORMS]
        store = self.choices.with_user(self.manager).with_context(import_file=True)
        result = store.load(["email", "kind", "choice", "source_text"], rows)
        self.assertFalse(result["messages"])
        self.assertEqual(len(self.choices.search([("email", "=", ANN)])), 1)

    def test_opt_outs_of_everything_and_of_a_topic(self):
        records = self.env["res.partner"].create(
            [{"name": form, "email": form} for form in (*FORMS, *OTHERS)]
        )
        own, others = records[: len(FORMS)], records[len(FORMS) :]
        draft = self._make_mailing(records, topic_id=self.offers.id)
        for form in FORMS:
            with self._case(form=form):
                self._leave(self.offers, email=form)
                self._recompute(draft)
                self.assertEqual(self._get_reasons(draft, own), {"left_topic"})
                self.assertNotIn("left_topic", self._get_reasons(draft, others))
            with self._case(form=form, everything=True):
                opt_out = {"email": form, "cause": "unsubscribed", "date": "2026-03-01"}
                self.store._opt_out([opt_out], "user")
                self.env.invalidate_all()
                self.assertTrue(all(own.mapped("massmailing_unsubscribed")))
                self.assertFalse(any(others.mapped("massmailing_unsubscribed")))
                self.assertEqual(self._get_reasons(draft, own), {"unsubscribed"})
                self.assertNotIn("unsubscribed", self._get_reasons(draft, others))

    def _recompute(self, mailing):
        self.env["mailjet.verdict"].sudo()._recompute_verdicts(mailing)
        self.env.invalidate_all()

    def _get_reasons(self, mailing, records):
        rows = self.env["mailjet.recipient"].search(
            [("mailing_id", "=", mailing.id), ("partner_id", "in", records.ids)]
        )
        self.assertEqual(len(rows), len(records))
        return {row.exclusion_reason for row in rows}

    def test_the_consent_record(self):
        self._leave(self.offers)
        for form in FORMS:
            with self._case(form=form):
                self.assertIn("Offers", self._open(form))
        for other in OTHERS:
            with self._case(other=other):
                self.assertNotIn("Offers", self._open(other))

    def test_records_of_an_address_in_all_companies_merged_and_archived(self):
        stranger = self._make_stranger()
        twins = self.env["res.partner"].create(
            [
                {"name": "Ann", "email": "ANN@example.com", "company_id": company}
                for company in (False, self.env.company.id, stranger.company_id.id)
            ]
        )
        twins[1].active = False
        self.ann.massmailing_unsubscribed = True
        self.env.invalidate_all()
        self.assertTrue(all(twins.mapped("massmailing_unsubscribed")))
        self.env["base.partner.merge.automatic.wizard"]._merge(
            [self.ann.id, twins[0].id], twins[0]
        )
        self.env.invalidate_all()
        self.assertTrue(twins[0].massmailing_unsubscribed)
        twins[1].active = True
        self.assertTrue(twins[1].massmailing_unsubscribed)
        lead = self._make_lead("Ann <aNN@example.com>", company_id=False)
        self.assertTrue(lead.massmailing_unsubscribed)
