from odoo import fields, models
from odoo.exceptions import UserError

from ...const import EDITABLE_STATES, STEP_NAMES
from ...tools.finding import AMBER, RED
from ...tools.web_addresses import is_followable
from .check_facts import CheckFacts

# Where the button of a check's findings leads, if not to the check's own step.
PLACES = {
    "empty_values": "rows",
    "test": "test",
    "domain": "account",
    "quota": "recipients",
    "answers": "content",
}


class MailjetMailing(models.Model):
    """The list of checks in step 4 of a mailing: its findings, how to fix each, and who
    accepted the amber ones."""

    _inherit = "mailjet.mailing"

    last_test_date = fields.Datetime(string="Last test on", readonly=True, copy=False)
    tested_content = fields.Char(readonly=True, copy=False)

    # === RUNNING THE CHECKS === #

    def _enter_step(self, previous):
        """Raise if anything is missing in the steps that were left."""
        result = super()._enter_step(previous)
        if self.state in EDITABLE_STATES:
            start, end = STEP_NAMES.index(previous), STEP_NAMES.index(self.step)
            self._assert_steps(STEP_NAMES[start:end])
        return result

    def _assert_steps(self, steps, date=None):
        """Raise if anything is wrong in the steps.

        :param datetime date: when the mailing is to be sent; None for now
        :raise UserError: with one line for each thing to fix
        """
        Check = self.env["mailjet.check"]
        Check._refuse(Check._find_blocking(CheckFacts(self, date), steps))

    def _assert_quota(self):
        """Raise if the mailing exceeds what is left of the quota in the month of its
        send.

        :raise UserError: saying how many emails are left
        """
        Check = self.env["mailjet.check"]
        Check._refuse(Check._find_quota(CheckFacts(self)))

    def _find_checks(self):
        """Return the findings of every check that is due, by its name."""
        return self.env["mailjet.check"]._find_all(CheckFacts(self))

    # === THE LIST OF CHECKS === #

    def get_checks(self, again=False):
        """Return the findings of all checks.

        :param bool again: also recompute counts that are cached
        :return: dict of ``findings``, red ones first, each a dict of ``name``,
            ``fingerprint``, ``level`` (``red`` or ``amber``), ``sentence``, ``advice``,
            ``place`` (the label of its button, or False) and ``acknowledged`` (``by``
            and ``on``, or False); ``passed``, the number of checks that found nothing;
            ``has_links`` and ``unchecked_links``, the number of links to open
        """
        self.ensure_one()
        self.check_access("read")
        if again:
            self.sudo().empty_values = False
        facts = CheckFacts(self)
        found = self.env["mailjet.check"]._find_all(facts)
        findings = _flatten(found)
        valid = self._get_valid_acknowledgements(findings)
        places = self._get_places(found)
        rows = [
            self._describe(finding, places[finding.name], valid.get(finding.name))
            for finding in sorted(findings, key=lambda finding: finding.level != RED)
        ]
        passed = sum(not found_here for found_here in found.values())
        return {"findings": rows, "passed": passed, **self._count_links(facts)}

    def _describe(self, finding, place, acknowledgement):
        sentence, advice = self.env["mailjet.check"]._say(finding)
        return {
            "name": finding.name,
            "fingerprint": finding.fingerprint,
            "level": finding.level,
            "sentence": sentence,
            "advice": advice,
            "place": self._label_place(place),
            "acknowledged": bool(acknowledgement)
            and {
                "by": acknowledgement.create_uid.name,
                "on": fields.Datetime.to_string(acknowledgement.create_date),
            },
        }

    def _get_places(self, found):
        """Return where the button of each finding leads, by the finding's name."""
        checks = self.env["mailjet.check"]._get_checks()
        return {
            finding.name: PLACES.get(check, checks[check].step)
            for check, findings in found.items()
            for finding in findings
        }

    def _label_place(self, place):
        """Return the label of the button that leads to a place; False without one."""
        steps = dict(self._fields["step"]._description_selection(self.env))
        if place in steps:
            return self.env._("Go to “%s”", steps[place])
        if place == "account" and not self.account_id.has_access("write"):
            return False
        labels = {
            "rows": self.env._("Show these recipients"),
            "test": self.env._("Send a test"),
            "account": self.env._("Open the account"),
        }
        return labels.get(place, False)

    def action_open_finding(self, name):
        """Go to where a finding can be fixed.

        :param str name: of the finding
        """
        self.ensure_one()
        found = self._find_checks()
        place = self._get_places(found).get(name)
        if place == "rows":
            return self._open_empty_rows(name.partition(":")[2])
        if place == "test":
            return self.action_test()
        if place == "account":
            return self.account_id.get_formview_action()
        return self.action_go_to_step(place) if place else True

    def _open_empty_rows(self, token):
        """Return the action that shows the rows for which a variable is empty."""
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Without %s", token),
            "res_model": "mailjet.recipient",
            "view_mode": "list",
            "views": [(False, "list")],
            "domain": [("empty_variable", "=", f"{self.id} {token}")],
            "context": {"create": False},
        }

    # === ACCEPTING === #

    def acknowledge_check(self, name, fingerprint):
        """Accept an amber finding.

        :param str fingerprint: of the finding that the user has read
        :raise UserError: if the finding has changed since then
        """
        self._check_loadable()
        finding = self._find_finding(name)
        if not finding or finding.fingerprint != fingerprint:
            raise UserError(
                self.env._("This issue has changed in the meantime. Read it again.")
            )
        if finding.level != AMBER:
            raise UserError(self.env._("This issue must be fixed before sending."))
        self._acknowledge(finding)
        sentence, _advice = self.env["mailjet.check"]._say(finding)
        self.message_post(body=self.env._("Accepted: %s", sentence))
        return True

    def revoke_acknowledgement(self, name):
        """Undo :meth:`acknowledge_check`."""
        self._check_loadable()
        finding = self._find_finding(name)
        if self._remove_acknowledgement(name) and finding:
            sentence, _advice = self.env["mailjet.check"]._say(finding)
            self.message_post(body=self.env._("No longer accepted: %s", sentence))
        return True

    def _find_finding(self, name):
        """Return the finding of that name, or None."""
        findings = _flatten(self._find_checks())
        return next((finding for finding in findings if finding.name == name), None)

    def _acknowledge(self, finding):
        """Store that the user accepts the finding."""
        self._remove_acknowledgement(finding.name)
        self.env["mailjet.acknowledgement"].sudo().create(
            {
                "mailing_id": self.id,
                "name": finding.name,
                "fingerprint": finding.fingerprint,
            }
        )

    def _remove_acknowledgement(self, name):
        """Remove what was accepted, and return whether there was anything."""
        found = (
            self.env["mailjet.acknowledgement"]
            .sudo()
            .search([("mailing_id", "=", self.id), ("name", "=", name)])
        )
        return bool(found and found.unlink())

    def _get_valid_acknowledgements(self, findings):
        """Return the acceptances of findings that are still the same, by name."""
        fingerprints = {finding.name: finding.fingerprint for finding in findings}
        rows = self.env["mailjet.acknowledgement"].search(
            [("mailing_id", "=", self.id)]
        )
        return {
            row.name: row
            for row in rows
            if row.fingerprint == fingerprints.get(row.name)
        }

    def _assert_acknowledged(self):
        """Raise if any finding blocks, or if any amber one is not accepted.

        :raise UserError: with one line for each
        """
        Check = self.env["mailjet.check"]
        findings = _flatten(self._find_checks())
        valid = self._get_valid_acknowledgements(findings)
        Check._refuse(finding for finding in findings if finding.level == RED)
        waiting = [finding for finding in findings if finding.name not in valid]
        if waiting:
            sentences = [Check._say(finding)[0] for finding in waiting]
            raise UserError(
                self.env._("Fix or accept these points before sending:")
                + "\n"
                + "\n".join(sentences)
            )

    # === TESTS AND LINKS === #

    def _note_test(self):
        """Record that a test of the current email was sent."""
        self.sudo().write(
            {
                "last_test_date": fields.Datetime.now(),
                "tested_content": CheckFacts(self).content,
            }
        )

    def action_check_links(self, again=False):
        """Open the links of the email that were not opened recently, unless that could
        act on someone's behalf. Takes some seconds.

        :param bool again: also open broken links again
        """
        self.ensure_one()
        self._check_loadable()
        if self.company_id.mailjet_check_links:
            Link = self.env["mailjet.link.check"]
            Link._check(Link._get_unchecked(CheckFacts(self).urls, again))
        return True

    def _count_links(self, facts):
        """Return whether there are links to open, and how many were not opened yet."""
        links = filter(is_followable, facts.urls)
        is_on = self.company_id.mailjet_check_links
        unchecked = self.env["mailjet.link.check"]._get_unchecked(facts.urls)
        return {
            "has_links": bool(is_on and any(links)),
            "unchecked_links": len(unchecked) if is_on else 0,
        }


def _flatten(found):
    return [finding for findings in found.values() for finding in findings]
