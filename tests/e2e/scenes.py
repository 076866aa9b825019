"""Records in every state that a screen can show, on a server that does no scheduled
work, so that they stay as they are."""

import re
from contextlib import closing, contextmanager

import psycopg2
from servers import Rpc

ADDON = "massmailing_mailjet"
MAILING = "mailjet.mailing"
# What the form asks for, in the state of each scene, as SQL.
STATES = {
    "in_queue": "state = 'in_queue', undo_date = now() at time zone 'utc' + '1 hour'",
    "preparing": "state = 'preparing', delivery_step = 'upload'",
    "stalled": "state = 'preparing', delivery_step = 'import', is_stalled = true,"
    " delivery_facts = to_jsonb('Mailjet cannot be reached.'::text)",
    "sending": "state = 'sending', delivery_step = 'follow',"
    " send_requested_date = '2026-03-02 08:00:00'",
    "held": "state = 'in_queue', schedule_type = 'scheduled',"
    " schedule_date = '2031-03-03 08:00:00', delivery_step = 'scheduled',"
    " mailjet_schedule_date = '2031-03-03 08:00:00'",
    "withdrawn": "state = 'in_queue', schedule_type = 'scheduled',"
    " schedule_date = '2031-03-03 08:00:00', delivery_step = 'unschedule',"
    " mailjet_schedule_date = '2031-03-03 08:00:00',"
    " reschedule_date = '2031-03-04 08:00:00'",
    "late": "state = 'in_queue', schedule_type = 'scheduled',"
    " schedule_date = '2026-03-03 08:00:00', needs_confirmation = true",
}
# What a recipient has left: the topic %(topic)s, and everything for a while.
LEFT = """
    INSERT INTO mailjet_consent (email, cause, topic_id, until_date, date, source)
    VALUES ('greta.lind@example.com', 'unsubscribed', %(topic)s, NULL,
            '2026-03-02 08:00:00', 'recipient'),
           ('greta.lind@example.com', 'paused', NULL, '2031-03-03 08:00:00',
            '2026-03-02 08:00:00', 'recipient')
"""
# Prospects without contact, in each state.
SILENT = """
    INSERT INTO mailjet_retention (email, company_id, state, last_contact_date,
                contact_kind, record_count, asked_date, kept_date, issue)
    SELECT 'bo.' || n || '@example.com', 1, state, '2022-03-02 08:00:00', kind, 1,
           asked_date::timestamp, kept_date::timestamp, issue
      FROM (VALUES
           (1, 'found', 'record', NULL, NULL, NULL),
           (2, 'asked', 'click', '2026-03-02 08:00:00', NULL, NULL),
           (3, 'expired', 'message', '2026-03-02 08:00:00', NULL,
            'You may not change these records: Bo Berg.'),
           (4, 'kept', 'kept', '2026-03-02 08:00:00', '2026-03-03 08:00:00', NULL)
           ) f (n, state, kind, asked_date, kept_date, issue)
"""
# The user is one who was asked.
ASKED = """
    INSERT INTO mailjet_retention (email, company_id, state, last_contact_date,
                contact_kind, record_count, asked_date, mailing_id)
    SELECT p.email_normalized, 1, 'asked', '2022-03-02 08:00:00', 'message', 1,
           '2026-03-02 08:00:00', %s
      FROM res_users u JOIN res_partner p ON p.id = u.partner_id
     WHERE u.login = 'demo'
"""
WITH_CONSENT = """
    UPDATE res_company SET mailjet_measuring_rule = 'consent'
     WHERE mailjet_measuring_rule = 'all';
    UPDATE mailjet_account SET last_sync = '2026-03-02 08:00:00'
"""
AS_BEFORE = """
    UPDATE res_company SET mailjet_measuring_rule = 'all'
     WHERE mailjet_measuring_rule = 'consent';
    UPDATE mailjet_account SET last_sync = NULL
"""
# What the campaign of such a mailing has in common with it.
CAMPAIGN = (
    "account_id, state, attempt, delivery_step, delivery_facts, is_stalled,"
    " schedule_date, needs_confirmation, send_requested_date, mailjet_schedule_date"
)
# What a mailing in three portions was sent as so far.
PARTS = """
    INSERT INTO mailjet_campaign (mailing_id, account_id, sequence, attempt, is_part,
                name, planned_count, state, delivery_step, schedule_date, sent_date,
                sent_count, delivered_count, opened_count, clicked_count, bounced_count,
                optout_count)
    SELECT id, account_id, n, 1, true, 'Portion ' || n || ' of 3', 12500,
           CASE WHEN n < 3 THEN 'done' ELSE 'in_queue' END,
           CASE WHEN n = 3 THEN 'list' END, date::timestamp,
           CASE WHEN n < 3 THEN date::timestamp END, CASE WHEN n < 3 THEN 12500 END,
           f.delivered, f.opened, f.clicked, f.bounced, f.optouts
      FROM mailjet_mailing, (VALUES
           (1, '2026-03-02 08:00:00', 12312, 4321, 1017, 101, 12),
           (2, '2026-03-03 08:00:00', 12460, 0, 0, 40, 0),
           (3, '2031-03-04 08:00:00', 0, 0, 0, 0, 0)
           ) f (n, date, delivered, opened, clicked, bounced, optouts)
     WHERE id = %s
"""
PAGE = (
    "<div class='o_layout oe_unremovable oe_unmovable bg-200 o_empty_theme'"
    " data-name='Mailing'><style id='design-element'></style>"
    "<div class='container o_mail_wrapper o_mail_regular oe_unremovable'>"
    "<div class='row mw-100 mx-0'><div class='col o_mail_no_options"
    " o_mail_wrapper_td bg-white"
    " oe_structure o_editable'><section class='s_text_block o_mail_snippet_general"
    " pt24 pb24' data-snippet='s_text_block' data-name='Text'><div class='container'>"
    "<p>Dear $contacts-firstname$, see you on Friday.</p></div></section>"
    "</div></div></div></div>"
)


# Records of the demo data, by the names that the screens give them.
DEMO = {
    "account": "mailjet_account",
    "ada": "res_partner_ada",
    "autumn": "mailjet_mailing_autumn",
    "canceled": "mailjet_mailing_cancelled",
    "failed": "mailjet_mailing_failed",
    "hall": "crm_lead_catalogue_hall",
    "readers": "ir_filters_newsletter",
    "scheduled": "mailjet_mailing_planned",
    "sent": "mailjet_mailing_catalogue",
    "target": "mailjet_target",
}


class Scenes:
    """The records of the screens; ``ids`` holds them by their names, and ``addresses``
    those of the pages that others see."""

    def __init__(self, server, sandbox):
        self.server = server
        self.sandbox = sandbox
        self.admin = Rpc(server, "admin")
        self.user = Rpc(server, "demo")
        self.ids = self._read_demo()
        self._make_mailings()
        self._make_rest()

    def _read_demo(self):
        names = {f"{external}_demo": name for name, external in DEMO.items()}
        found = self.admin.call(
            "ir.model.data",
            "search_read",
            [["module", "=", ADDON], ["name", "in", list(names)]],
            ["name", "res_id"],
        )
        return {names[row["name"]]: row["res_id"] for row in found}

    def _make_mailings(self):
        for way in ("blank", "template", "html"):
            self._make(way, composition=way)
        self._make("visual", body_arch=PAGE, body_html=PAGE)
        self._make("to_target", recipient_type="target", step="recipients")
        self._make(
            "ready",
            body_code="<p>Dear $contacts-firstname|reader$</p>",
            preview="A few words",
            step="sending",
        )
        languages = self._make("languages", body_arch=PAGE, body_html=PAGE)
        self.ids["version"] = self._translate(languages)
        readers = self.ids["readers"]
        self.user.call(MAILING, "action_load_filter", [languages], readers)
        # One of its readers has a salesperson whose address Mailjet does not allow.
        seller = self.admin.find("res.users", ("login", "=", "admin"))
        values = {"user_id": seller}
        self.admin.call("res.partner", "write", [self.ids["ada"]], values)
        self._make(
            "salespersons",
            body_code="<p>Regards, $user-name|the team$</p>",
            from_salesperson=True,
        )
        states = {
            name: self._make(name, body_code="<p>Dear $contacts-name$</p>")
            for name in STATES
        }
        with self._connect() as cursor:
            for name, mailing in states.items():
                cursor.execute(
                    f"UPDATE mailjet_mailing SET step = 'sending', {STATES[name]}"
                    " WHERE id = %s",
                    [mailing],
                )
                cursor.execute(
                    f"INSERT INTO mailjet_campaign (mailing_id, {CAMPAIGN})"
                    f" SELECT id, {CAMPAIGN} FROM mailjet_mailing WHERE id = %s",
                    [mailing],
                )

            divided = self._make("divided", body_code="<p>Dear $contacts-name$</p>")
            cursor.execute(
                "UPDATE mailjet_mailing SET step = 'sending', state = 'in_queue',"
                " send_mode = 'portions', sent_date = '2026-03-02 08:00:00'"
                " WHERE id = %s",
                [divided],
            )
            cursor.execute(PARTS, [divided])

    @contextmanager
    def _connect(self):
        """Write to the database as no user could."""
        with closing(psycopg2.connect(dbname=self.server.database)) as connection:
            connection.autocommit = True
            with connection.cursor() as cursor:
                yield cursor

    def _make(self, name, **values):
        """Make a mailing of the user; one with a text has readers, too."""
        values = {
            "name": f"Scene {name.replace('_', ' ')}",
            "subject": "See you on Friday, $contacts-firstname$",
            "composition": "html" if "body_code" in values else "blank",
            "step": "content",
            **values,
        }
        (mailing,) = self.user.call("mailjet.mailing", "create", [values])
        if "body_code" in values:
            readers = self.ids["readers"]
            self.user.call("mailjet.mailing", "action_load_filter", [mailing], readers)
        self.ids[name] = mailing
        return mailing

    def _make_rest(self):
        """Make what is neither a mailing nor in the demo data."""
        autumn, ada = self.ids["autumn"], self.ids["ada"]
        self.ids["load"] = self.user.find(
            "mailjet.recipient.load", ("mailing_id", "=", autumn)
        )
        # What a refresh would add.
        newsletter = self.admin.find(
            "res.partner.category", ("name", "=", "Newsletter")
        )
        values = {"name": "Greta Lind", "email": "greta.lind@example.com"}
        values["category_id"] = [[4, newsletter]]
        (self.ids["greta"],) = self.admin.call("res.partner", "create", [values])
        recipients = self.user.call(
            "mailjet.recipient", "search", [["partner_id", "=", ada]]
        )
        self.ids["recipient"] = recipients[0]
        choice = {"email": "ada@example.com", "kind": "open", "choice": "granted"}
        choice["source_text"] = "Paper form of the trade fair, May 2026"
        self.admin.call("mailjet.measuring", "create", [choice])
        for name, model in (
            ("opt_out", "consent"),
            ("variable", "variable"),
            ("measuring_choice", "measuring"),
            ("measuring_text", "measuring.text"),
        ):
            self.ids[name] = self.admin.call(f"mailjet.{model}", "search", [])[0]
        self._make_topics()
        self._make_asking()
        self._send_test(autumn)
        self._send_test(self.ids["ready"])
        self.addresses = self._find_addresses()

    def _make_topics(self):
        """Make two topics; every draft has one, and a contact has left one."""
        names = ("Newsletter", "Events")
        topic, left = self.admin.call(
            "mailjet.topic", "create", [{"name": name} for name in names]
        )
        drafts = self.user.call(
            MAILING, "search", [["state", "in", ["draft", "cancelled"]]]
        )
        self.user.call(MAILING, "write", drafts, {"topic_id": topic})
        with self._connect() as cursor:
            cursor.execute(LEFT, {"topic": left})
            cursor.execute(SILENT)
        self.ids["topic"] = topic
        self.ids["prospect"] = self.admin.find(
            "mailjet.retention", ("state", "=", "expired")
        )
        self.ids["opt_out_topic"] = self.admin.find(
            "mailjet.consent", ("topic_id", "=", left)
        )

    def _make_asking(self):
        """Make the mailings that ask: for permission to measure, and whether prospects
        want to stay in touch. The second one has asked the user, too."""
        action = self.user.call("mailjet.account", "action_ask", [self.ids["account"]])
        self.ids["asking"] = asking = action["res_id"]
        target = self.ids["target"]
        self.user.call(MAILING, "action_load_target", [asking], target)
        contact = {"name": "Bo Berg", "email": "bo.1@example.com"}
        self.admin.call("res.partner", "create", [contact])
        prospect = self.admin.find("mailjet.retention", ("state", "=", "found"))
        action = self.admin.call("mailjet.retention", "action_ask", [prospect])
        self.ids["staying"] = action["res_id"]
        with self._connect() as cursor:
            cursor.execute(ASKED, [action["res_id"]])

    @contextmanager
    def measuring_with_consent(self):
        """Let the company measure with consent only, and its account be synchronized;
        afterwards both are as before."""
        with self._connect() as cursor:
            cursor.execute(WITH_CONSENT)
        yield
        with self._connect() as cursor:
            cursor.execute(AS_BEFORE)

    def _install(self, language):
        domain = [["code", "=", language]]
        context = {"active_test": False}
        (lang,) = self.admin.call("res.lang", "search", domain, context=context)
        values = {"lang_ids": [[6, 0, [lang]]]}
        (wizard,) = self.admin.call("base.language.install", "create", [values])
        self.admin.call("base.language.install", "lang_install", [wizard])

    def _translate(self, mailing):
        """Give a mailing a French version."""
        self._install("fr_FR")
        action = self.user.call(MAILING, "action_add_version", [mailing], "fr_FR")
        values = {"subject": "À vendredi, $contacts-firstname$"}
        self.user.call("mailjet.version", "write", [action["res_id"]], values)
        return action["res_id"]

    def _send_test(self, mailing):
        """Send a test, so that there is one in the outbox."""
        values = {"mailing_id": mailing, "email_to": "ada@example.com"}
        (wizard,) = self.user.call("mailjet.mailing.test", "create", [values])
        self.user.call("mailjet.mailing.test", "action_send", [wizard])

    def _find_addresses(self):
        message, test = next(
            (message, address)
            for message in self.sandbox.messages(recipient="ada@example.com")
            for address in re.findall(r"""href=["']([^"']+)""", message["html"])
            if address.startswith(self.server.url) and "/unsubscribe" in address
        )
        return {
            "unsubscribe": test,
            "preferences": test.replace("/unsubscribe", "/preferences"),
            "gone": f"{self.server.url}/mailjet/test/none",
            "outbox": self.sandbox.url,
            "message": f"{self.sandbox.url}/message/{message['id']}",
        }

    def speak(self, language):
        """Let both users have a language, which is installed."""
        self._install(language)
        domain = [["login", "in", ["admin", "demo"]]]
        users = self.admin.call("res.users", "search", domain)
        self.admin.call("res.users", "write", users, {"lang": language})
