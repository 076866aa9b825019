from itertools import islice

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import formatLang

from ...const import KIND_MODEL
from ...tools.addresses import read_addresses, write_condition
from ..address_faults import explain_fault
from ..counting import say_count
from ..notification import notification

# How many addresses an error names, and how many a load lists.
NAMED_ADDRESSES = 10
LISTED_UNMATCHED = 10_000


class MailjetMailing(models.Model):
    """What the recipients of a mailing are loaded from, and what is excluded."""

    _inherit = "mailjet.mailing"

    load_ids = fields.One2many("mailjet.recipient.load", "mailing_id", string="Loads")

    # === ACTION METHODS === #

    def action_load_filter(self, filter_id):
        """Load the records of a saved filter; existing rows stay.

        :param int filter_id: id of an ``ir.filters`` that the user may read
        :raise UserError: if it cannot be used for this mailing
        """
        self._check_loadable()
        saved_filter = self.env["ir.filters"].browse(filter_id).exists()
        if not saved_filter:
            raise UserError(self.env._("Choose a filter first."))
        saved_filter.check_access("read")
        if saved_filter.model_id != KIND_MODEL.get(self.recipient_type):
            raise UserError(
                self.env._(
                    "The filter “%s” is for other records than this mailing's "
                    "recipients.",
                    saved_filter.name,
                )
            )
        load = self.env["mailjet.recipient.load"]._load(
            self,
            self.recipient_type,
            saved_filter.name,
            filter_id=saved_filter.id,
            domain=saved_filter.domain,
        )
        return self._after_load(load)

    def action_load_target(self, target_id):
        """Load the members of a target: its contacts, accounts and leads.

        :param int target_id: id of a ``mailjet.target`` that the user may read
        :raise UserError: if the mailing does not accept targets
        """
        self._check_loadable()
        if self.recipient_type != "target":
            raise UserError(
                self.env._(
                    "This mailing does not accept targets. Create a mailing whose "
                    "recipients are “Targets”."
                )
            )
        return self._after_load(self._load_target(target_id, "add"))

    def action_load_domain(self, domain, kind=None, name=None):
        """Load the records that match a condition.

        :param str domain: a domain, as the domain editor writes it
        :param str kind: ``contact``, ``account`` or ``lead``; only required for a
            mailing to targets, which accepts all three
        :param str name: how the list of loads names it
        :raise UserError: if it cannot be used for this mailing
        """
        self._check_loadable()
        kind, domain = self._check_kind(kind or self.recipient_type), str(domain or [])
        load = self.env["mailjet.recipient.load"]._load(
            self, kind, name or self._name_condition(kind, domain), domain=domain
        )
        return self._after_load(load)

    def action_load_addresses(self, text):
        """Load the records that have one of the addresses in a text.

        :param str text: addresses in any order and form: a list, a CSV, a mail header
        :raise UserError: if it contains no address
        """
        self._check_loadable()
        return self._after_load(self._load_addresses(text))

    def action_exclude_target(self, target_id):
        """Exclude every address that a member of a target has.

        :param int target_id: id of a ``mailjet.target`` that the user may read
        """
        self._check_loadable()
        loads = self._load_target(target_id, "exclude")
        self.env["mailjet.verdict"].sudo()._recompute_verdicts(self)
        return notification(
            self.env._(
                "Addresses in the target: %(found)s. Recipients now excluded: "
                "%(rows)s.",
                found=sum(loads.mapped("found_count")),
                rows=self.excluded_target_count,
            ),
            "success",
        )

    def action_add_recipients(self, source="domain"):
        """Open the wizard that loads a condition or a list of addresses.

        :param str source: ``domain`` or ``addresses``, to begin with
        """
        action = self._open_wizard(
            self.env._("Add recipients"), "mailjet.recipient.add"
        )
        action["context"]["default_source"] = source
        return action

    def _check_kind(self, kind):
        """Return the kind, if the mailing accepts it.

        :raise UserError: if it does not
        """
        if kind not in KIND_MODEL or self.recipient_type not in (kind, "target"):
            raise UserError(
                self.env._("This mailing does not accept recipients of this kind.")
            )
        return kind

    def _get_kinds(self):
        """Return the kinds of recipients that the mailing accepts."""
        self.ensure_one()
        if self.recipient_type == "target":
            return list(KIND_MODEL)
        return [self.recipient_type]

    def _name_condition(self, kind, domain):
        """Return how the list of loads names a domain that has no name."""
        is_all = domain == "[]"
        return self._get_name_of_all(kind) if is_all else self.env._("Condition")

    def _load_target(self, target_id, mode):
        """Return one load for each kind that the target has members of.

        :raise UserError: if the target is missing or empty
        """
        target = self.env["mailjet.target"].browse(target_id).exists()
        if not target:
            raise UserError(self.env._("Choose a target first."))
        target.check_access("read")
        Load = self.env["mailjet.recipient.load"]
        loads = Load.concat(
            *(
                Load._load(self, kind, target.name, target_id=target.id, mode=mode)
                for kind in KIND_MODEL
            )
        )
        empty = loads.filtered(lambda load: not load.found_count)
        if empty == loads:
            raise UserError(self.env._("The target “%s” has no members.", target.name))
        empty.sudo().unlink()
        return loads - empty

    def _load_addresses(self, text):
        """Return the loads of the records that have the addresses in a text; the first
        one lists the addresses without a record.

        :raise UserError: if the text contains no address, or no record has one
        """
        pieces = read_addresses(text)
        addresses = list(dict.fromkeys(filter(None, pieces.values())))
        if not addresses:
            raise UserError(self._explain_no_address(pieces))
        name = say_count(
            self.env,
            len(addresses),
            self.env._("%(count)s address"),
            self.env._("%(count)s addresses"),
        )
        Load = self.env["mailjet.recipient.load"]
        loads = Load.concat(
            *(
                Load._load(
                    self,
                    kind,
                    name,
                    domain=write_condition(addresses),
                )
                for kind in self._get_kinds()
            )
        )
        found = loads._get_addresses()
        empty = loads.filtered(lambda load: not load.found_count)
        if empty == loads:
            raise UserError(
                self.env._(
                    "None of these addresses belongs to a record that this mailing "
                    "accepts: %s",
                    ", ".join(list(pieces)[:NAMED_ADDRESSES]),
                )
            )
        empty.sudo().unlink()
        loads -= empty
        loads[0].sudo().unmatched = self._list_unmatched(pieces, found)
        return loads

    @api.model
    def _explain_no_address(self, pieces):
        """Return the error message for a text without an address."""
        faults = (explain_fault(self.env, piece) for piece in pieces)
        return "\n".join(
            [
                self.env._("This text contains no email address."),
                *islice(faults, NAMED_ADDRESSES),
            ]
        )

    @api.model
    def _list_unmatched(self, pieces, found):
        """Return what was not loaded, one per line: the addresses without a record and
        what is not an address. If there are too many, the last line counts the rest.

        :param dict pieces: ``piece -> address`` of a text
        :param set found: addresses that records have
        """
        unmatched = list(
            dict.fromkeys(
                address or piece
                for piece, address in pieces.items()
                if address not in found
            )
        )
        lines = unmatched[:LISTED_UNMATCHED]
        if len(unmatched) > len(lines):
            more = len(unmatched) - len(lines)
            lines.append(self.env._("… and %s more", more))
        return "\n".join(lines)

    def _after_load(self, loads):
        """Compute the verdicts and return a notification of what was loaded."""
        self.env["mailjet.verdict"].sudo()._recompute_verdicts(self)
        new, known = sum(loads.mapped("new_count")), sum(loads.mapped("existing_count"))
        return notification(
            say_count(
                self.env,
                new,
                self.env._("%(count)s recipient added, %(known)s already listed"),
                self.env._("%(count)s recipients added, %(known)s already listed"),
                known=formatLang(self.env, known, digits=0),
            ),
            "success" if new else "warning",
        )
