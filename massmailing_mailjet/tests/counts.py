from ..models.recipients.const import EXCLUSION_COUNTS, KIND_COUNTS


class Counts:
    """What the counts of a mailing must come to."""

    def assertCountsAddUp(self, mailing):
        """Check that every row loaded is planned or excluded for one reason."""
        rows = self.env["mailjet.recipient"].search([("mailing_id", "=", mailing.id)])
        excluded = rows.filtered("exclusion_reason")
        self.assertEqual(mailing.recipient_count, len(rows))
        self.assertEqual(mailing.planned_count, len(rows - excluded))
        self.assertEqual(mailing.excluded_count, len(excluded))
        for name, reasons in EXCLUSION_COUNTS.items():
            counted = rows.filtered(lambda row, r=reasons: row.exclusion_reason in r)
            self.assertEqual(mailing[name], len(counted), name)
        self.assertEqual(
            mailing.excluded_count,
            sum(mailing[name] for name in EXCLUSION_COUNTS),
        )
        self.assertEqual(
            mailing.recipient_count,
            sum(mailing[name] for name in KIND_COUNTS.values()),
        )
