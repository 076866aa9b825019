from datetime import datetime

from odoo import api, fields, models
from odoo.exceptions import AccessError
from odoo.tools import format_datetime

from ...const import RECORD_SOURCES
from .mailjet_consent import normalize

# The proof of an opt-out, of its lifting, and of a contact or lead, by their fields.
PROOF = (
    *("date", "until_date", "source", "mailing_id", "user_id"),
    *("reason", "ip", "agent", "comment"),
    *("ended_date", "ended_source", "ended_user_id", "ended_ip", "ended_agent"),
)
ORIGIN = ("create_date", "create_uid", "campaign_id", "medium_id", "source_id")


class MailjetConsentRecord(models.AbstractModel):
    """What Odoo can prove about an address: where it comes from, what its owner has
    chosen, what it was sent, and what users did about it.

    It is about the address, whether a record has it or not, and says only what the user
    may see, in the user's companies and language. The rooms add to it by extending
    :meth:`_get_record_parts` and :meth:`_get_acts`.
    """

    _name = "mailjet.consent.record"
    _description = "Consent record of an address"

    @api.model
    def _check_allowed(self):
        """Raise if the user may not open consent records.

        :raise AccessError: saying so
        """
        if not self.env.user.has_group("massmailing_mailjet.mailjet_group_manager"):
            raise AccessError(
                self.env._("Only Mass Mailing managers can open consent records.")
            )

    @api.model
    def _get_record(self, email):
        """Return the record of an address: a dict of ``email``, ``is_erased``, the
        ``sentences`` that say what it covers, and the ``parts``.

        :raise AccessError: if the user is no manager
        """
        self._check_allowed()
        email = normalize(email)
        parts = sorted(self._get_record_parts(email), key=lambda r: r["sequence"])
        return {
            "email": email,
            "is_erased": self._is_erased(email),
            "sentences": self._describe_scope(),
            "parts": parts,
        }

    @api.model
    def _describe_scope(self):
        return [
            self.env._("As of %s.", self._show_date(fields.Datetime.now())),
            self.env._("This is what Odoo's mass mailing knows about this address."),
            self.env._(
                "Only what %(user)s may see is included, in these companies: "
                "%(companies)s.",
                user=self.env.user.name,
                companies=", ".join(self.env.companies.mapped("name")),
            ),
            self.env._("All times are in the time zone %s.", self.env.tz.zone),
        ]

    @api.model
    def _get_record_parts(self, email):
        """Return the parts of the record of a normalized address, see
        :meth:`_make_part`; extended by the rooms for what they know."""
        return [
            self._make_part(
                10,
                self.env._("Contacts, accounts and leads with this address"),
                self.env._("No contact, account or lead has this address."),
                self._describe_records(email),
            ),
            self._make_part(
                30,
                self.env._("Choices of the recipient"),
                self.env._("The address has not unsubscribed from anything."),
                self._describe_opt_outs(email),
            ),
            self._make_part(
                50,
                self.env._("Acts of users"),
                self.env._("No user has done anything about this address."),
                self._describe_acts(email),
            ),
        ]

    @api.model
    def _get_acts(self, email):
        """Return what users did about a normalized address, as tuples of the time, the
        user and a text; extended by the rooms."""
        acts = self._find("mailjet.consent.act", email)
        opt_outs = self._find("mailjet.consent", email)
        return [
            *((act.date, act.user_id, self._show(act, "kind")) for act in acts),
            *(
                (
                    opt_out.create_date,
                    opt_out.user_id,
                    self.env._("Entered: %s", self._get_headline(opt_out)),
                )
                for opt_out in opt_outs
                if opt_out.source in ("user", "import", "report", "merge")
            ),
            *(
                (
                    opt_out.ended_date,
                    opt_out.ended_user_id,
                    self.env._("Lifted: %s", self._get_headline(opt_out)),
                )
                for opt_out in opt_outs.filtered("ended_user_id")
            ),
        ]

    # === FORM OF A PART === #

    @api.model
    def _make_part(self, sequence, title, empty, entries):
        """Return a part of the record.

        :param int sequence: its place among the parts
        :param str empty: the sentence that stands for no entries
        :param entries: see :meth:`_make_entry`
        """
        return {
            "sequence": sequence,
            "title": title,
            "empty": empty,
            "entries": entries,
        }

    @api.model
    def _make_entry(self, title, facts, email=None):
        """Return an entry of a part.

        :param str title: empty if there is nothing to tell it from others by
        :param facts: pairs of a label and a text; those without a text are skipped
        :param dict email: the email it is about, if any
        """
        facts = [(label, text) for label, text in facts if text]
        return {"title": title, "facts": facts, "email": email}

    @api.model
    def _get_facts(self, record, names):
        """Return pairs of a label and a text of the fields of a record."""
        labels = record.fields_get(names, ["string"])
        return [(labels[name]["string"], self._show(record, name)) for name in names]

    @api.model
    def _show(self, record, name):
        """Return the text of a field: of linked records, only what the user may see, or
        the name of a user."""
        field, value = record._fields[name], record[name]
        if not value:
            return ""
        if field.type == "selection":
            return dict(field._description_selection(self.env))[value]
        if isinstance(value, datetime):
            return self._show_date(value)
        if not field.relational:
            return str(value)
        if field.comodel_name != "res.users":
            value = value._filtered_access("read")
        return ", ".join(value.sudo().mapped("display_name"))

    @api.model
    def _show_date(self, date):
        return format_datetime(self.env, date, tz=self.env.tz.zone)

    @api.model
    def _find(self, model, email):
        return self.env["mailjet.consent.key"]._find_of_address(model, email)

    # === ENTRIES === #

    @api.model
    def _describe_records(self, email):
        """Return the contacts, accounts and leads with the address, archived ones
        included."""
        return [
            self._make_entry(
                record.display_name,
                [
                    (self.env._("Kind"), self._get_kind(record)),
                    *self._get_facts(
                        record, [name for name in ORIGIN if name in record._fields]
                    ),
                ],
            )
            for model in RECORD_SOURCES
            for record in self.env[model]
            .with_context(active_test=False)
            .search([("email_normalized", "=", email)])
        ]

    @api.model
    def _get_kind(self, record):
        """Return the translated kind of a contact, an account or a lead."""
        if record._name == "crm.lead":
            return self.env._("Lead")
        return self.env._("Account") if record.is_company else self.env._("Contact")

    @api.model
    def _describe_opt_outs(self, email):
        return [
            self._make_entry(
                self._get_headline(opt_out), self._get_facts(opt_out, PROOF)
            )
            for opt_out in self._find("mailjet.consent", email)
        ]

    @api.model
    def _get_headline(self, opt_out):
        """Return what an opt-out says, as a title: without its period."""
        (values,) = opt_out.read(["cause", "topic_id", "until_date"], load=None)
        notes = self.env["mailjet.consent.note"]
        return notes._get_headline(values, opt_out.source).removesuffix(".")

    @api.model
    def _describe_acts(self, email):
        """Return the acts of users as one entry, the latest first."""
        acts = sorted(self._get_acts(email), key=lambda act: act[0], reverse=True)
        facts = [
            (
                self._show_date(date),
                self.env._(
                    "%(act)s, by %(user)s", act=act, user=user.sudo().display_name
                ),
            )
            for date, user, act in acts
        ]
        return [self._make_entry("", facts)] if facts else []

    @api.model
    def _is_erased(self, email):
        """Return whether something about the address was erased, in the user's
        companies."""
        opt_outs = self._find("mailjet.consent", email)
        acts = self._find("mailjet.consent.act", email)
        return any(not row.email for row in opt_outs) or any(
            act.kind == "erased" for act in acts
        )
