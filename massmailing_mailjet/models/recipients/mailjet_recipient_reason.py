from odoo import api, fields, models
from odoo.tools import format_date

from ...const import UNSUBSCRIBE_CAUSES
from ...tools.addresses import unwrap_address
from ..address_faults import explain_fault

# The reasons that are opt-outs of the address, of which the date is known.
OPT_OUTS = [*(cause for cause, _label in UNSUBSCRIBE_CAUSES), "left_topic"]


class MailjetRecipient(models.Model):
    """What a row says about itself: that it will be sent, or what became of it, or why
    it is excluded, with the details.

    The details are only read for the rows that are shown.
    """

    _inherit = "mailjet.recipient"

    exclusion_detail = fields.Char(string="Detail", compute="_compute_exclusion_detail")
    verdict_text = fields.Char(
        string="To send, its status, or why not", compute="_compute_verdict_text"
    )

    # === COMPUTE METHODS === #

    @api.depends("exclusion_reason")
    @api.depends_context("lang")
    def _compute_exclusion_detail(self):
        """Explain the reason: since when an address has opted out, which row it
        duplicates, which target excludes it, which mailing was the latest, or what is
        wrong with its address."""
        self.exclusion_detail = False
        for reason, rows in self.grouped("exclusion_reason").items():
            if reason == "duplicate":
                details = rows._get_kept_rows()
            elif reason == "excluded_target":
                details = rows._get_excluding_targets()
            elif reason == "recent":
                details = rows._get_recent_mailings()
            elif reason == "asked":
                details = rows._get_askings()
            elif reason == "invalid_email":
                details = rows._get_address_faults()
            elif reason == "left_topic":
                details = rows._get_leaving_dates()
            elif reason == "paused":
                details = rows._get_pause_ends()
            elif reason in OPT_OUTS:
                details = rows._get_opt_out_dates()
            else:
                continue
            for row in rows:
                row.exclusion_detail = details.get(
                    (row.mailing_id.id, row.email_normalized)
                )

    @api.depends(
        "verdict", "status", "exclusion_reason", "exclusion_detail", "part_name"
    )
    @api.depends_context("lang")
    def _compute_verdict_text(self):
        labels = {
            name: dict(self._fields[name]._description_selection(self.env))
            for name in ("verdict", "status", "exclusion_reason")
        }
        for row in self:
            if row.exclusion_reason:
                label = labels["exclusion_reason"][row.exclusion_reason]
            elif row.status == "pending":
                label = labels["verdict"][row.verdict]
            else:
                label = labels["status"][row.status]
            detail = row.exclusion_detail or row.part_name
            if not detail:
                row.verdict_text = label
            elif row.exclusion_reason == "paused":
                row.verdict_text = self.env._("Paused until %s", detail)
            elif row.exclusion_reason in OPT_OUTS:
                row.verdict_text = self.env._(
                    "%(reason)s on %(date)s", reason=label, date=row.exclusion_detail
                )
            else:
                row.verdict_text = self.env._(
                    "%(reason)s: %(detail)s", reason=label, detail=detail
                )

    def _order_field_to_sql(self, alias, field_name, direction, nulls, query):
        """Sort the sentences by their reasons, those to send last or first."""
        if field_name == "verdict_text":
            field_name = "exclusion_reason"
        return super()._order_field_to_sql(alias, field_name, direction, nulls, query)

    # === DETAILS, BY MAILING AND ADDRESS === #

    def _get_opt_out_dates(self):
        """Return the days of the opt-outs that the reasons are about."""
        emails = {email for email in self.mapped("email_normalized") if email}
        opt_outs = self.env["mailjet.consent"]._get_opt_outs(emails)
        return {
            (row.mailing_id.id, row.email_normalized): format_date(
                self.env, opt_outs[row.email_normalized]["date"]
            )
            for row in self
            if opt_outs.get(row.email_normalized, {}).get("cause")
            == row.exclusion_reason
        }

    def _get_leaving_dates(self):
        """Return the days on which the addresses left the topics."""
        found = {
            (row["email"], row["topic_id"]): format_date(self.env, row["date"])
            for row in self._find_partial()
            if row["topic_id"]
        }
        return {
            (row.mailing_id.id, row.email_normalized): found.get(
                (row.email_normalized, row.mailing_id.topic_id.id)
            )
            for row in self
        }

    def _get_pause_ends(self):
        """Return the days until which the addresses pause."""
        ends = {}
        for row in self._find_partial():
            if row["until_date"]:
                before = ends.get(row["email"], row["until_date"])
                ends[row["email"]] = max(before, row["until_date"])
        return {
            (row.mailing_id.id, row.email_normalized): format_date(
                self.env, ends[row.email_normalized]
            )
            for row in self
            if row.email_normalized in ends
        }

    def _find_partial(self):
        emails = {email for email in self.mapped("email_normalized") if email}
        return self.env["mailjet.consent"]._find_partial(emails)

    def _get_kept_rows(self):
        kept = self.search(
            [
                ("mailing_id", "in", self.mailing_id.ids),
                ("email_normalized", "in", self.mapped("email_normalized")),
                ("verdict", "=", "send"),
            ]
        )
        kinds = dict(self._fields["kind"]._description_selection(self.env))
        return {
            (row.mailing_id.id, row.email_normalized): self.env._(
                "Sent to %(name)s (%(kind)s)",
                name=row.name or row.email,
                kind=kinds[row.kind],
            )
            for row in kept
        }

    def _get_excluding_targets(self):
        exclusions = self.env["mailjet.exclusion"].search(
            [
                ("mailing_id", "in", self.mailing_id.ids),
                ("email_normalized", "in", self.mapped("email_normalized")),
            ]
        )
        return {
            (
                exclusion.mailing_id.id,
                exclusion.email_normalized,
            ): exclusion.load_id.name
            for exclusion in exclusions
        }

    def _get_recent_mailings(self):
        """Return the name of the latest other mailing that the frequency cap considers,
        if the user may read it, by mailing and address."""
        found = {}
        for mailing, rows in self.grouped("mailing_id").items():
            emails = {email for email in rows.mapped("email_normalized") if email}
            last = mailing.sudo()._find_recent(emails)
            for email, recent in last.items():
                found[mailing.id, email] = recent
        names = self._get_readable_names(set(found.values()))
        return {key: names.get(mailing_id) for key, mailing_id in found.items()}

    def _get_askings(self):
        """Return the latest day on which the addresses were asked, with the name of the
        mailing if the user may read it."""
        found = {
            (mailing.id, email): asking
            for mailing, rows in self.grouped("mailing_id").items()
            for email, asking in mailing.sudo()
            ._find_asked({email for email in rows.mapped("email_normalized") if email})
            .items()
        }
        ids = {mailing_id for mailing_id, _date in found.values()}
        names = self._get_readable_names(ids)
        details = {
            key: (format_date(self.env, date), names.get(asker))
            for key, (asker, date) in found.items()
        }
        return {key: ", ".join(filter(None, parts)) for key, parts in details.items()}

    def _get_readable_names(self, mailing_ids):
        """Return the names of mailings by their ids, of those that the user may
        read."""
        mailings = self.env["mailjet.mailing"].browse(mailing_ids)
        return {r.id: r.name for r in mailings._filtered_access("read")}

    def _get_address_faults(self):
        return {
            (row.mailing_id.id, row.email_normalized): explain_fault(
                self.env, row.email or "", unwrap_address(row.email or "")
            )
            for row in self
        }
