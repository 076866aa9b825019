from odoo import fields, models

from ...const import STEP_NAMES
from ...tools.finding import RED
from ...tools.web_addresses import is_followable
from .check_facts import CheckFacts

# Where the button of a check's findings leads, if not to the check's own step.
PLACES = {
    "empty_values": "rows",
    "test": "test",
    "domain": "account",
    "company_data": "company",
    "salespersons": "account",
    "quota": "recipients",
    "answers": "content",
    "languages": "content",
    "measuring": "rows",
    "measuring_account": "account",
}


class MailjetMailing(models.Model):
    """The list of checks in step 4 of a mailing: its findings, how to fix each, and the
    step in which that is done."""

    _inherit = "mailjet.mailing"

    last_test_date = fields.Datetime(string="Last test on", readonly=True, copy=False)
    tested_content = fields.Char(readonly=True, copy=False)

    # === RUNNING THE CHECKS === #

    def _assert_steps(self, steps, date=None):
        """Raise if anything is wrong in the steps.

        :param datetime date: when the mailing is to be sent; None for now
        :raise UserError: with one line for each thing to fix
        """
        Check = self.env["mailjet.check"]
        Check._refuse(Check._find_blocking(CheckFacts(self, date), steps))

    def _find_checks(self):
        """Return the findings of every check that is due, by its name."""
        return self.env["mailjet.check"]._find_all(CheckFacts(self))

    # === THE LIST OF CHECKS === #

    def get_checks(self, again=False):
        """Return the findings of all checks. Only the last step counts what is missing
        in many rows: the others are opened too often for that.

        :param bool again: also recompute counts that are cached
        :return: dict of ``findings``, red ones first, each a dict of ``name``,
            ``fingerprint``, ``level`` (``red`` or ``amber``), ``sentence``, ``advice``,
            ``step`` (where it is fixed), ``place`` (the label of its button, or False)
            and ``acknowledged`` (``by`` and ``on``, or False); ``open``, the numbers of
            those that are neither fixed nor accepted, ``{step: {level: number}}``;
            ``passed``, the number of checks that found nothing; ``has_links`` and
            ``unchecked_links``, the number of links to open
        """
        self.ensure_one()
        self.check_access("read")
        if again:
            self._forget_counts()
        facts = CheckFacts(self, is_brief=self.step != STEP_NAMES[-1] and not again)
        found = self.env["mailjet.check"]._find_all(facts)
        findings = _flatten(found)
        valid = self._get_valid_acknowledgements(findings)
        places, steps = self._get_places(found), self._get_steps(found)
        rows = [
            {
                **self._describe(finding, valid.get(finding.name)),
                "place": self._label_place(places[finding.name]),
                "step": steps[finding.name],
            }
            for finding in sorted(findings, key=lambda finding: finding.level != RED)
        ]
        return {
            "findings": rows,
            "open": self._count_open(rows),
            "passed": sum(not found_here for found_here in found.values()),
            **self._count_links(facts),
        }

    def _forget_counts(self):
        """Forget the counts of rows that are kept for a while; the rooms that keep more
        of them extend it."""
        self.sudo().write({"empty_values": False, "sender_counts": False})

    def _describe(self, finding, acknowledgement):
        sentence, advice = self.env["mailjet.check"]._say(finding)
        return {
            "name": finding.name,
            "fingerprint": finding.fingerprint,
            "level": finding.level,
            "sentence": sentence,
            "advice": advice,
            "acknowledged": bool(acknowledgement)
            and {
                "by": acknowledgement.create_uid.name,
                "on": fields.Datetime.to_string(acknowledgement.create_date),
            },
        }

    def _get_check_places(self):
        """Return where the button of a check's findings leads, by the check's name, if
        not to its step; ``rows`` opens what :meth:`_open_finding_rows` returns."""
        return PLACES

    def _get_places(self, found):
        """Return where the button of each finding leads, by the finding's name."""
        checks = self.env["mailjet.check"]._get_checks()
        places = self._get_check_places()
        return {
            finding.name: places.get(check, checks[check].step)
            for check, findings in found.items()
            for finding in findings
        }

    def _get_steps(self, found):
        """Return the step in which each finding is fixed, by the finding's name."""
        checks = self.env["mailjet.check"]._get_checks()
        places = self._get_check_places()
        return {
            finding.name: place if place in STEP_NAMES else checks[check].step
            for check, findings in found.items()
            for place in [places.get(check)]
            for finding in findings
        }

    def _label_place(self, place):
        """Return the label of the button that leads to a place; False without one."""
        steps = dict(self._fields["step"]._description_selection(self.env))
        if place in steps:
            return self.env._("Go to “%s”", steps[place])
        if place == "account" and not self.account_id.has_access("write"):
            return False
        if place == "company" and not self.company_id.has_access("write"):
            return False
        labels = {
            "rows": self.env._("Show these recipients"),
            "test": self.env._("Send a test"),
            "account": self.env._("Open the account"),
            "company": self.env._("Open the company"),
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
            return self._open_finding_rows(name)
        if place == "test":
            return self.action_test()
        if place == "account":
            return self.account_id.get_formview_action()
        if place == "company":
            return self.company_id.get_formview_action()
        return self.action_go_to_step(place) if place else True

    def _open_finding_rows(self, name):
        """Return the action that shows the rows that a finding names: those for which a
        variable is empty; the rooms extend it for theirs."""
        token, _at, label = name.partition(":")[2].partition("@")
        version = self.version_ids.filtered(lambda each: each.display_name == label)
        domain = [("empty_variable", "=", f"{self.id} {token} {version.id or 0}")]
        return self._get_rows_action(self.env._("Without %s", token), domain)

    def _get_rows_action(self, name, domain):
        """Return the action that shows the rows of a domain."""
        return {
            "type": "ir.actions.act_window",
            "name": name,
            "res_model": "mailjet.recipient",
            "view_mode": "list",
            "views": [(False, "list")],
            "domain": domain,
            "context": {"create": False},
        }

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
