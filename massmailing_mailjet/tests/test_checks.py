from datetime import datetime, timedelta

from odoo.tests import BaseCase, tagged

from ..models.checks.check_messages import SENTENCES
from ..tools import checks_email, checks_mailing
from ..tools.email_reader import read_email
from ..tools.finding import AMBER, RED, amber, name_some, red
from ..tools.link_outcomes import OUTCOMES, WELL
from ..tools.variables import Variable

CITY = Variable("contacts", "city")
SHOE = Variable("contacts", "shoe")
NOW = datetime(2026, 2, 1, 12)
HIDDEN = "<a href='[[UNSUB_LINK_EN]]' style='%s'>Unsubscribe</a>"


def codes(findings):
    """Return findings as ``{code: level}``; each has a sentence for its values."""
    found = {}
    for finding in findings:
        for part in SENTENCES[finding.code]:
            assert (part and part._source % finding.values) or not part
        found[finding.code] = finding.level
    return found


@tagged("post_install", "-at_install")
class TestChecks(BaseCase):
    """Each check with what it finds, and with what it lets pass."""

    def assertFound(self, check, table):
        """Check what a check finds, as ``(arguments, {code: level})`` pairs."""
        for arguments, expected in table:
            with self.subTest(arguments):
                self.assertEqual(codes(check(*arguments)), expected)

    def assertFoundInHtml(self, check, table):
        self.assertFound(
            lambda html: check(read_email(html)),
            [((html,), expected) for html, expected in table],
        )

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

    # === THE E-MAIL === #

    def test_body(self):
        self.assertFound(
            checks_email.check_body,
            (
                (("<p>Hi</p>", False, True), {}),
                (("", True, True), {"body_empty": RED}),
                (("<p t-if='x'>Hi</p>", False, True), {"body_conditional": RED}),
                (("<p t-if='x'>Hi</p>", False, False), {}),
            ),
        )

    def test_variables(self):
        check, unknown = checks_email.check_variables, {"variables_unknown": RED}
        self.assertFound(
            lambda used, *texts: check(used, {CITY}, texts),
            (
                (({CITY}, "$contacts-city$ and $contacts-city|town$"), {}),
                ((set(), "It costs 5$ or 10$", None), {}),
                (({SHOE}, "$contacts-shoe$"), unknown),
                ((set(), "$Contacts-City$"), unknown),
                ((set(), "$contact_city$"), unknown),
                ((set(), "$leads$"), unknown),
            ),
        )
        (finding,) = check({SHOE, CITY}, {CITY}, ["$contacts-shoe$ $Leads.x$"])
        self.assertEqual(finding.values["tokens"], ["$Leads.x$", "$contacts-shoe$"])

    def test_unsubscribe(self):
        missing = {"unsubscribe_missing": RED}
        hidden = {"unsubscribe_hidden": RED}
        styles = ("display:none", "visibility: hidden", "font-size:0", "opacity:0")
        styles += (
            "color:#FFF",
            "color: white !important",
            "max-height:0;overflow:hidden",
        )
        self.assertFoundInHtml(
            checks_email.check_unsubscribe,
            (
                (HIDDEN % "", {}),
                ("<a href='[[UNSUB_LINK_FR]]'><img src='x' alt='Leave'></a>", {}),
                ("<td bgcolor='#000'>" + HIDDEN % "color:#fff", {}),
                ("<td class='dark'>" + HIDDEN % "color:#fff", {}),
                ("<td style='background:url(x)'>" + HIDDEN % "color:#fff", {}),
                ("<td style='font-size:0'>" + HIDDEN % "font-size:12px", {}),
                ("<p>Hi</p>", missing),
                ("<p>[[UNSUB_LINK_EN]]</p>", missing),
                ("<!-- " + HIDDEN % "" + " -->", missing),
                ("<a href='[[UNSUB_LINK_EN]]'></a>", hidden),
                ("<div style='display:none'>" + HIDDEN % "", hidden),
                ("<td bgcolor='black'>" + HIDDEN % "color:#000000", hidden),
                *((HIDDEN % style, hidden) for style in styles),
                (HIDDEN % styles[0] + HIDDEN % "", {}),
            ),
        )

    def test_links(self):
        link = "<a href='%s'>Here</a>"
        self.assertFoundInHtml(
            checks_email.check_links,
            (
                (link % "https://www.odoo.com", {}),
                (link % "mailto:a@example.com", {}),
                (link % "[[UNSUB_LINK_EN]]", {}),
                (link % "#top", {}),
                ("<a name='top'>Here</a>", {}),
                (link % "javascript:x()", {"links_unsafe": RED}),
                (link % "file:///a", {"links_unsafe": RED}),
                (link % "www.odoo.com", {"links_malformed": RED}),
                (link % "http://localhost/", {"links_private": AMBER}),
                (link % "", {"links_nowhere": AMBER}),
                ("<area href='#'>", {"links_nowhere": AMBER}),
                (
                    link % "#" + link % "data:x",
                    {"links_unsafe": RED, "links_nowhere": AMBER},
                ),
            ),
        )

    def test_image_texts(self):
        found = {"images_without_text": AMBER}
        self.assertFoundInHtml(
            checks_email.check_image_texts,
            (
                ("<img src='a.png' alt='Lamp'>", {}),
                ("<img src='line.png' alt=''>", {}),
                ("<img src='pixel.png' width='1' height='1'>", {}),
                ("<div style='display:none'><img src='a.png'></div>", {}),
                ("<img src='a.png'>", found),
                ("<a href='b'><img src='a.png' title='Lamp'></a>", found),
            ),
        )

    def test_image_addresses(self):
        image = "<img src='%s' alt=''>"
        self.assertFoundInHtml(
            checks_email.check_image_addresses,
            (
                (image % "https://cdn.odoo.com/a.png", {}),
                (image % 'https://x.odoo.com/[[data:odoo_a:""]].png', {}),
                (image % "data:image/png;base64,AAAA", {"images_inline": AMBER}),
                (image % "cid:logo", {"images_inline": AMBER}),
                (image % "http://localhost:8069/a.png", {"images_private": AMBER}),
                (image % "http://192.168.1.4/a.png", {"images_private": AMBER}),
                (image % "https://", {"images_private": AMBER}),
                (image % "a.png", {"images_relative": AMBER}),
                (image % "", {"images_relative": AMBER}),
            ),
        )

    def test_size(self):
        limit = 102 * 1024
        self.assertFoundInHtml(
            checks_email.check_size,
            (("x" * limit, {}), ("é" * (limit // 2 + 1), {"too_large": AMBER})),
        )

    def test_text(self):
        found = {"text_empty": AMBER}
        self.assertFound(
            checks_email.check_text,
            (
                (("Dear reader",), {}),
                (("Привет",), {}),
                (("",), found),
                (
                    ("<https://www.odoo.com/a>\n\nhttps://odoo.com [[PERMALINK]]",),
                    found,
                ),
                (("— · —",), found),
            ),
        )

    def test_leftovers(self):
        for text in (
            "Dear {{ object.name }}",
            "{{contact.FIRSTNAME}}",
            "{% if x %}",
            "<%= name %>",
            "${object.name}",
            "*|FNAME|*",
            "%%first_name%%",
            't-out="object.name"',
        ):
            with self.subTest(text):
                self.assertEqual(
                    codes(checks_email.check_leftovers("Hi", None, text)),
                    {"template_language": AMBER},
                )
        for text in ("100 %", "{a}", "5% to 10%", "$contacts-city$", "[[PERMALINK]]"):
            with self.subTest(text):
                self.assertFalse(list(checks_email.check_leftovers(text)))

    def test_placeholders(self):
        text, links = {"placeholder_text": AMBER}, {"placeholder_links": AMBER}
        self.assertFoundInHtml(
            checks_email.check_placeholders,
            (
                ("<p>Todo el mundo</p>", {}),
                ("<style>.lorem-ipsum{}</style><p>Hi</p>", {}),
                ("<a href='https://www.odoo.com'>Here</a>", {}),
                ("<p>Lorem <b>ipsum</b></p>", text),
                ("<p>TODO</p>", text),
                ("<a href='https://www.example.com/a'>Here</a>", links),
            ),
        )
        email = read_email("<p>Hi</p>")
        self.assertEqual(
            codes(checks_email.check_placeholders(email, "XXXX in Oslo")), text
        )

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
