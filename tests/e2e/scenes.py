"""Records in every state that a screen can show, on a server that does no scheduled
work, so that they stay as they are."""

import re
from contextlib import closing, contextmanager

import psycopg2
from scene_states import (
    AS_BEFORE,
    ASKED,
    CAMPAIGN,
    LEFT,
    PAGE,
    PARTS,
    SILENT,
    STATES,
    WITH_CONSENT,
)
from servers import Rpc

ADDON = "massmailing_mailjet"
MAILING = "mailjet.mailing"
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
