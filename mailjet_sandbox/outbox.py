"""The outbox: what was delivered, for a person to view, and the links in it."""

import json
from datetime import datetime, timezone
from email.utils import format_datetime, formataddr
from pathlib import Path
from urllib.parse import urlencode

from jinja2 import Environment, FileSystemLoader
from markupsafe import escape
from werkzeug.exceptions import HTTPException, NotFound
from werkzeug.routing import Map, Rule
from werkzeug.utils import redirect
from werkzeug.wrappers import Response

from . import events, tokens
from .rendering import MAILS, Mail
from .resources.messages import format_uuid
from .store import fetch
from .tracking import PIXEL, tracked

PAGE = 50
# The campaigns to choose from: the one chosen, and the latest.
CAMPAIGNS = (
    "SELECT campaign.id, coalesce(nullif(draft.title, ''), custom_value) AS name"
    " FROM campaign LEFT JOIN draft ON draft.id = campaign.draft_id"
    " ORDER BY campaign.id = ? DESC, campaign.id DESC LIMIT ?"
)
# Emails are untrusted HTML: no script runs, links open in a tab of their own.
SANDBOX = "allow-popups allow-popups-to-escape-sandbox"
CONTENT_POLICY = f"sandbox {SANDBOX}; script-src 'none'; object-src 'none'"
KINDS = {"campaign": "Campaign", "test": "Test", "send": "Message"}
VIEWS = ("html", "text", "source", "headers")
# What a person can trigger for a message on its page.
HAPPENINGS = {
    "spam": ("Mark as spam", "spam", {"source": "JMRPP"}),
    "hard": ("Hard bounce", "bounce", events.HARD_BOUNCE),
    "soft": ("Soft bounce", "bounce", events.SOFT_BOUNCE),
    "blocked": ("Block", "blocked", events.BLOCK),
}
_URLS = Map(
    [
        Rule("/", endpoint="index"),
        Rule("/outbox", endpoint="index"),
        Rule("/message/<int:ident>", endpoint="message"),
        Rule("/message/<int:ident>/html", endpoint="frame"),
        Rule("/message/<int:ident>/<what>", endpoint="happen", methods=["POST"]),
        Rule("/online/<token>", endpoint="online"),
        Rule("/open/<token>", endpoint="open"),
        Rule("/click/<token>", endpoint="click"),
        Rule("/unsubscribe/<token>", endpoint="unsubscribe", methods=["GET", "POST"]),
    ]
)


class Outbox:
    def __init__(self, sandbox):
        self.sandbox = sandbox
        self.pages = Environment(
            loader=FileSystemLoader(Path(__file__).with_name("templates")),
            autoescape=True,
            trim_blocks=True,
            lstrip_blocks=True,
        )
        self.pages.filters["moment"] = _moment
        self.pages.globals |= {"kinds": KINDS, "views": VIEWS, "sandbox": SANDBOX}
        self.pages.globals["happenings"] = HAPPENINGS

    def respond(self, request):
        try:
            endpoint, values = _URLS.bind_to_environ(request.environ).match()
            return getattr(self, endpoint)(request, **values)
        except HTTPException as error:
            page = self._page("notice.html", title=error.name, text=error.description)
            page.status_code = error.code
            return page

    def _page(self, name, **values):
        html = self.pages.get_template(name).render(values)
        return Response(html, content_type="text/html; charset=utf-8")

    # --- pages ------------------------------------------------------------------------

    def index(self, request):
        """Newest first; `before` is the id where the page starts, `q` a part of an
        address, `campaign` an id."""
        query = request.args.get("q", "").strip()
        campaign = request.args.get("campaign", 0, int)
        before = request.args.get("before", 2**63 - 1, int)
        pattern = "%" + query.lower().replace("%", "") + "%"
        with self.sandbox.store.read() as db:
            rows = db.execute(
                f"{MAILS} WHERE message.id < ? AND (? = '' OR message.email LIKE ?)"
                " AND ? IN (0, message.campaign_id) ORDER BY message.id DESC LIMIT ?",
                (before, query, pattern, campaign, PAGE + 1),
            ).fetchall()
            campaigns = db.execute(CAMPAIGNS, (campaign, PAGE)).fetchall()
            total = fetch(db, "SELECT count(*) FROM message")[0]
        chosen = {"q": query, "campaign": campaign}
        chosen = {name: value for name, value in chosen.items() if value}
        return self._page(
            "index.html",
            mails=[Mail(self.sandbox, row) for row in rows[:PAGE]],
            query=query,
            campaign=campaign,
            campaigns=campaigns,
            here="/?" + urlencode(chosen),
            total=total,
            older=rows[PAGE - 1]["id"] if len(rows) > PAGE else None,
            paged="before" in request.args,
        )

    def message(self, request, ident):
        mail = self._mail(ident)
        view = request.args.get("view", "html" if mail.row["html"] else "text")
        return self._page(
            "message.html", mail=mail, row=mail.row, headers=_headers(mail), view=view
        )

    def frame(self, _request, ident):
        return _foreign(tracked(self.sandbox, self._mail(ident)))

    def happen(self, _request, ident, what):
        """Record an event of a message, and show its page again."""
        if what not in HAPPENINGS:
            raise NotFound()
        _label, kind, fields = HAPPENINGS[what]
        self._record(self._mail(ident).row, kind, **fields)
        return redirect(f"/message/{ident}", 303)

    def open(self, request, token):
        """The tracking image in an email: records that it was opened."""
        row = self._mail_of_token("open", token).row
        self._record(row, "open", **_reader(request))
        return Response(
            PIXEL, content_type="image/gif", headers={"Cache-Control": "no-store"}
        )

    def click(self, request, token):
        """A link of an email: records that it was clicked."""
        row = self._mail_of_token("click", token).row
        url = request.args.get("url", "")
        if not url.startswith(("http://", "https://")):
            raise NotFound("This link is not valid.")
        self._record(row, "click", url=url, **_reader(request))
        return redirect(url)

    def online(self, _request, token):
        """The online version: the email as a page of its own."""
        mail = self._mail_of_token("online", token)
        html = tracked(self.sandbox, mail) if mail.html else ""
        return _foreign(html or f"<pre>{escape(mail.text)}</pre>")

    def unsubscribe(self, request, token):
        """A page to confirm; only its POST changes anything: scanners open links."""
        row = self._mail_of_token("unsubscribe", token).row
        done = request.method == "POST"
        if done:
            with self.sandbox.store.write() as db:
                unsubscribe(db, row, self.sandbox.now())
            self._record(row, "unsub", **_reader(request))
        return self._page("unsubscribe.html", row=row, done=done)

    def _record(self, row, kind, **fields):
        """Record that something happened to a message, and wake the webhooks."""
        with self.sandbox.store.write() as db:
            message = fetch(db, "SELECT * FROM message WHERE id = ?", row["id"])
            events.record(db, self.sandbox.now(), message, kind, **fields)
        self.sandbox.courier.wake()

    # --- what pages show --------------------------------------------------------------

    def _mail(self, ident):
        with self.sandbox.store.read() as db:
            row = fetch(db, f"{MAILS} WHERE message.id = ?", ident)
        if row is None:
            raise NotFound("There is no such message.")
        return Mail(self.sandbox, row)

    def _mail_of_token(self, purpose, token):
        ident = tokens.message_id(self.sandbox, purpose, token)
        if ident is None:
            raise NotFound("This link is not valid.")
        return self._mail(ident)


def _headers(mail):
    """The header lines of a message as (name, value) pairs."""
    row = mail.row
    sent = datetime.fromtimestamp(row["arrived_at"], timezone.utc)
    headers = [
        ("From", formataddr((row["from_name"], row["from_email"]))),
        ("Reply-To", row["reply_to"]),
        ("To", formataddr((row["name"], row["email"]))),
        ("Subject", mail.subject),
        ("Date", format_datetime(sent)),
        ("Message-Id", f"<{format_uuid(row['uuid'])}@sandbox.example.com>"),
        ("X-Mailjet-Campaign", row["custom_value"]),
    ]
    if row["kind"] == "campaign":
        headers.append(("List-Unsubscribe", f"<{mail.unsubscribe}>"))
    if row["kind"] == "send":
        headers += json.loads(row["headers"]).items()
    return [(name, value) for name, value in headers if value]


def unsubscribe(db, message, now):
    """Unsubscribe the recipient of a message (a row of MAILS) from its list.

    A message without a list has no membership to change: the contact is marked.
    """
    if message["list_id"]:
        db.execute(
            "UPDATE member SET is_unsubscribed = 1, unsubscribed_at = ?"
            " WHERE list_id = ? AND contact_id = ? AND NOT is_unsubscribed",
            (now, message["list_id"], message["contact_id"]),
        )
    else:
        db.execute(
            "UPDATE contact SET unsubscribed_at = ? WHERE id = ?",
            (now, message["contact_id"]),
        )


def _reader(request):
    """What a request reveals about who reads an email."""
    agent = request.headers.get("User-Agent", "")
    return {"ip": request.remote_addr, "geo": "", "agent": agent}


def _foreign(html):
    """An email's HTML, with headers that make it harmless wherever it is shown."""
    head = '<base target="_blank">'
    if "<head>" in html:
        html = html.replace("<head>", f"<head>{head}", 1)
    elif "<html" not in html.lower():
        html = f"<!doctype html><meta charset=utf-8>{head}{html}"
    response = Response(html, content_type="text/html; charset=utf-8")
    response.headers["Content-Security-Policy"] = CONTENT_POLICY
    response.headers["X-Content-Type-Options"] = "nosniff"
    return response


def _moment(timestamp, form="%d %b %Y %H:%M:%S"):
    return datetime.fromtimestamp(timestamp, timezone.utc).strftime(form)
