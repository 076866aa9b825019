from datetime import timedelta

from odoo.tests import tagged

from ..models.checks.check_messages import SENTENCES
from ..tools import checks_mailing
from ..tools.finding import AMBER, RED, amber, name_some, red
from ..tools.link_outcomes import OUTCOMES, WELL
from .checks_common import CITY, NOW, SHOE, ChecksCase, codes


@tagged("post_install", "-at_install")
class TestChecks(ChecksCase):
    """Each check with what it finds, and with what it lets pass."""

    # === THE MAILING === #

    def test_details(self):
        texts = {"sender_name": "Ann", "unsubscribe_text": "Leave"}
        self.assertFound(
            checks_mailing.check_details,
            (
                ((texts, ""), {}),
                (({**texts, "sender_name": " "}, ""), {"no_sender_name": RED}),
                (
                    ({**texts, "unsubscribe_text": None}, ""),
                    {"no_unsubscribe_text": RED},
                ),
                ((texts, "“nobody” has no @."), {"reply_malformed": RED}),
            ),
        )

    def test_sender(self):
        self.assertFound(
            checks_mailing.check_sender,
            (
                (("a@example.com", True), {}),
                (("", False), {}),
                (("a@example.com", False), {"sender_inactive": RED}),
            ),
        )

    def test_domain(self):
        self.assertFound(
            checks_mailing.check_domain,
            (
                (("example.com", "ok", "ok"), {}),
                (("", "", ""), {}),
                (("example.com", "error", "ok"), {"domain_unverified": AMBER}),
                (("example.com", "ok", "missing"), {"domain_unverified": AMBER}),
                (("example.com", "ok", ""), {"domain_unverified": AMBER}),
                (("example.com", "", ""), {"domain_unknown": AMBER}),
            ),
        )
        (finding,) = checks_mailing.check_domain("example.com", "ok", "missing")
        self.assertEqual(finding.values["records"], ["DKIM"])

    def test_subject(self):
        long = {"subject_long": AMBER}
        shouting = {"subject_shouting": AMBER}
        for subject, expected in (
            ("Our news", {}),
            ("$contacts-firstname|Hello$, our news", {}),
            ("NATO and the EU meet in Oslo", {}),
            ("NEWS", {}),
            ("ΝΕΑ από την Αθήνα", {}),
            ("Ready?", {}),
            ("", {"no_subject": RED}),
            (None, {"no_subject": RED}),
            ("  ", {"no_subject": RED}),
            ("$contacts-firstname$", {"subject_only_variable": AMBER}),
            ("$contacts-firstname$, …", {"subject_only_variable": AMBER}),
            ("x" * 78, {}),
            ("x" * 79, long),
            ("x" * 70 + "$contacts-firstname|a very long text for nobody$", {}),
            ("x" * 71 + "$contacts-firstname$", long),
            ("OUR GREAT NEWS", shouting),
            ("НАШИ НОВОСТИ", shouting),
            ("Our news!!", shouting),
            ("Really?!", shouting),
        ):
            with self.subTest(subject):
                self.assertEqual(codes(checks_mailing.check_subject(subject)), expected)

    def test_preview(self):
        table = ((("Three lamps",), {}), ((" ",), {"no_preview": AMBER}))
        self.assertFound(checks_mailing.check_preview, table)

    def test_recipients(self):
        self.assertFound(
            checks_mailing.check_recipients,
            (
                ((3, 1), {}),
                ((0, 0), {"no_recipients": RED}),
                ((3, 0), {"none_planned": RED}),
            ),
        )

    def test_empty_values(self):
        counts = {CITY: 2, SHOE: 0}
        (finding,) = checks_mailing.check_empty_values(counts)
        self.assertEqual(finding.name, "value_empty:$contacts-city$")
        self.assertEqual(finding.values["count"], 2)
        self.assertEqual(finding.level, AMBER)

    def test_quota(self):
        self.assertFound(
            checks_mailing.check_quota,
            (
                ((10, 100, 10), {}),
                ((10, 0, 0), {}),
                ((10, 100, 9), {"quota": RED}),
                ((10, 100, -5), {"quota": RED}),
            ),
        )

    def test_date(self):
        hour = timedelta(hours=1)
        self.assertFound(
            checks_mailing.check_date,
            (
                ((None, NOW), {}),
                ((NOW + hour, NOW), {}),
                ((NOW, NOW), {"date_past": RED}),
                ((NOW - hour, NOW), {"date_past": RED}),
            ),
        )

    def test_test(self):
        self.assertFound(
            checks_mailing.check_test,
            (
                (("a", "a"), {}),
                (("", "a"), {"not_tested": AMBER}),
                (("b", "a"), {"tested_before": AMBER}),
            ),
        )

    def test_answers(self):
        outcomes = {"https://a/": "well", "https://b/": "gone", "https://c/": "gone"}
        (finding,) = checks_mailing.check_answers(outcomes)
        self.assertEqual(finding.code, "answers_gone")
        self.assertEqual(finding.values["urls"], ["https://b/", "https://c/"])
        self.assertFalse(list(checks_mailing.check_answers({"https://a/": "well"})))

    # === FINDINGS === #

    def test_a_finding_that_changes_has_another_fingerprint(self):
        finding = amber("links_nowhere", urls=["a"], count=1)
        self.assertEqual(
            finding.fingerprint, amber("links_nowhere", count=1, urls=["a"]).fingerprint
        )
        for other in (
            red("links_nowhere", urls=["a"], count=1),
            amber("links_nowhere", urls=["b"], count=1),
            amber("links_nowhere", urls=["a", "b", "c", "d", "e"], count=1),
            amber("links_nowhere", "x", urls=["a"], count=1),
            amber("links_private", urls=["a"], count=1),
        ):
            self.assertNotEqual(finding.fingerprint, other.fingerprint)

    def test_of_many_things_a_few_are_named(self):
        self.assertEqual(name_some(["a", "b", "a"]), "a, b")
        self.assertEqual(name_some("abcd"), "a, b, c …")
        self.assertEqual(len(name_some(["x" * 500])), 61)

    def test_every_outcome_of_a_link_has_its_sentence(self):
        for outcome in OUTCOMES:
            if outcome != WELL:
                self.assertIn(f"answers_{outcome}", SENTENCES)
