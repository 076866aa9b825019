from odoo import models
from odoo.exceptions import UserError

from ...const import STEP_NAMES
from ...tools.finding import AMBER, RED
from ..counting import say_count


class MailjetMailing(models.Model):
    """The open issues of a mailing, which are neither fixed nor accepted: how many
    there are in each step, what a button to send does about them, and accepting the
    amber ones."""

    _inherit = "mailjet.mailing"

    # === OPEN ISSUES === #

    def _find_open(self):
        """Return the findings that are neither fixed nor accepted, red ones first."""
        findings = self._find_by_name().values()
        valid = self._get_valid_acknowledgements(findings)
        return sorted(
            (f for f in findings if f.level == RED or f.name not in valid),
            key=lambda finding: finding.level != RED,
        )

    def _count_open(self, rows):
        """Return how many rows of the list of checks are open, by step and level."""
        counts = {}
        for row in rows:
            if not row["acknowledged"]:
                levels = counts.setdefault(row["step"], {RED: 0, AMBER: 0})
                levels[row["level"]] += 1
        return counts

    def _show_open_issues(self):
        """Return the action that leads to the issues that must be fixed, in the list of
        checks; None if there are none. The others are accepted where sending is
        confirmed."""
        self.ensure_one()
        self.check_access("read")
        count = sum(finding.level == RED for finding in self._find_open())
        if not count:
            return None
        self.action_go_to_step(STEP_NAMES[-1])
        message = say_count(
            self.env,
            count,
            self.env._("Resolve %(count)s issue before sending."),
            self.env._("Resolve %(count)s issues before sending."),
        )
        return {
            "type": "ir.actions.client",
            "tag": "mailjet_show_issues",
            "params": {"message": message},
        }

    def _assert_acknowledged(self):
        """Raise if any finding blocks, or if any amber one is not accepted.

        :raise UserError: with one line for each
        """
        Check = self.env["mailjet.check"]
        findings = self._find_open()
        Check._refuse(finding for finding in findings if finding.level == RED)
        if findings:
            sentences = [Check._say(finding)[0] for finding in findings]
            raise UserError(
                self.env._("Fix or accept these points before sending:")
                + "\n"
                + "\n".join(sentences)
            )

    # === ACCEPTING === #

    def acknowledge_check(self, name, fingerprint):
        """Accept an amber finding.

        :param str fingerprint: of the finding that the user has read
        :raise UserError: if the finding has changed since then
        """
        return self.acknowledge_checks({name: fingerprint})

    def acknowledge_checks(self, fingerprints):
        """Accept amber findings, all or none of them.

        :param dict fingerprints: of the findings that the user has read, by their names
        :raise UserError: if one of them has changed since then
        """
        self._check_loadable()
        found = self._find_by_name()
        findings = [found.get(name) for name in fingerprints]
        for finding in findings:
            if not finding or finding.fingerprint != fingerprints[finding.name]:
                raise UserError(
                    self.env._("This issue has changed in the meantime. Read it again.")
                )
            if finding.level != AMBER:
                raise UserError(self.env._("This issue must be fixed before sending."))
        self._acknowledge(findings)
        return True

    def revoke_acknowledgement(self, name):
        """Undo the acceptance of a finding."""
        self._check_loadable()
        finding = self._find_by_name().get(name)
        if self._remove_acknowledgements([name]) and finding:
            sentence, _advice = self.env["mailjet.check"]._say(finding)
            self.message_post(body=self.env._("No longer accepted: %s", sentence))
        return True

    def _find_by_name(self):
        """Return the findings by their names."""
        found = self._find_checks().values()
        return {finding.name: finding for findings in found for finding in findings}

    def _acknowledge(self, findings):
        """Store that the user accepts the findings, and say so in the chatter."""
        if not findings:
            return
        self._remove_acknowledgements([finding.name for finding in findings])
        self.env["mailjet.acknowledgement"].sudo().create(
            [
                {
                    "mailing_id": self.id,
                    "name": finding.name,
                    "fingerprint": finding.fingerprint,
                }
                for finding in findings
            ]
        )
        sentences = [self.env["mailjet.check"]._say(finding)[0] for finding in findings]
        self.message_post(body=self.env._("Accepted: %s", " ".join(sentences)))

    def _remove_acknowledgements(self, names):
        """Remove what was accepted, and return whether there was anything."""
        found = (
            self.env["mailjet.acknowledgement"]
            .sudo()
            .search([("mailing_id", "=", self.id), ("name", "in", names)])
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
