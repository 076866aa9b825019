from odoo import http
from odoo.http import request
from odoo.tools import consteq
from odoo.tools.misc import hmac

# A page is kept nowhere, and no other site learns of its address.
PRIVATE = {
    "Cache-Control": "no-store",
    "Referrer-Policy": "no-referrer",
    "X-Robots-Tag": "noindex, nofollow",
}
# Nothing but a form and its style sheet; no other site may show the page.
HEADERS = {
    "Content-Security-Policy": "default-src 'none'; style-src 'self'; "
    "form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
    "X-Content-Type-Options": "nosniff",
    **PRIVATE,
}
# How often somebody may change something, and how many links that are not valid one
# visitor may try, within an hour.
MOST_CHANGES = 30
MOST_FAULTS = 60
# No form of ours is longer, in bytes.
LONGEST_FORM = 20_000
PAGE = "massmailing_mailjet.mailjet_preferences"


class Preferences(http.Controller):
    """The page on which recipients choose what they receive.

    Programs open every link of an email: opening the page changes nothing. The link
    itself is what a visitor has to know, instead of a session: Odoo's protection of
    forms needs one, so the form has a signature of its own, by which a post is known to
    come from the page.
    """

    @http.route(
        "/mailjet/preferences/<string:token>",
        type="http",
        auth="public",
        methods=["GET"],
        save_session=False,
    )
    def show(self, token, **_values):
        """Show the page of a link."""
        preferences, owner = self._open(token)
        if not owner:
            return self._refuse()
        return self._show(preferences, owner)

    @http.route(
        "/mailjet/preferences/<string:token>",
        type="http",
        auth="public",
        methods=["POST"],
        csrf=False,
        save_session=False,
        max_content_length=LONGEST_FORM,
    )
    def change(self, token, **_values):
        """Store what the form of the page says; or, for mail programs, opt the address
        out of everything. https://www.rfc-editor.org/rfc/rfc8058"""
        preferences, owner = self._open(token)
        if not owner:
            return self._refuse()
        form = request.httprequest.form
        if form.get("List-Unsubscribe") == "One-Click":
            preferences._leave(owner, self._get_visit())
            return request.make_response("", HEADERS.items())
        if not consteq(_sign(owner).encode(), form.get("signature", "").encode()):
            return self._show(preferences, owner, status=400)
        return self._change(preferences, owner, ("row", owner.row.id))

    # === FOR USERS OF THE PORTAL === #

    @http.route(
        "/my/mailing-preferences",
        type="http",
        auth="user",
        methods=["GET", "POST"],
        max_content_length=LONGEST_FORM,
    )
    def show_own(self, **_values):
        """Show the page of the user's own address, and store what its form says."""
        preferences = self._get_preferences(None)
        owner = preferences._get_owner_of(request.env.user)
        if not owner:
            return self._refuse()
        if request.httprequest.method != "POST":
            return self._show(preferences, owner, csrf=True)
        return self._change(preferences, owner, ("user", request.env.uid), csrf=True)

    # === ANSWERS === #

    def _open(self, token):
        """Return the model of the page, in its language, and its owner, if any."""
        owner = request.env["mailjet.preferences"].sudo()._find_owner(token)
        return self._get_preferences(owner), owner

    def _get_preferences(self, owner):
        preferences = request.env["mailjet.preferences"].sudo()
        wanted = request.httprequest.args.get("lang")
        is_known = not request.env.user._is_public()
        spoken = request.env.lang if is_known else request.best_lang
        lang = preferences._get_language(owner, wanted, spoken)
        request.update_context(lang=lang)
        return preferences.with_context(lang=lang)

    def _change(self, preferences, owner, actor, **values):
        if self._is_too_often(actor, MOST_CHANGES):
            return self._refuse_for_now()
        form = request.httprequest.form
        said = preferences._change(owner, form, self._get_visit())
        return self._show(preferences, owner, said=said, **values)

    def _get_visit(self):
        """Return who visits the page, as a proof of what is changed."""
        visitor = request.httprequest
        return {"ip": visitor.remote_addr, "agent": visitor.user_agent.string}

    def _show(self, preferences, owner, status=200, **values):
        return render_page(
            PAGE,
            status,
            **preferences._describe(owner),
            **values,
            signature=_sign(owner),
            languages=preferences._list_languages(),
        )

    def _refuse(self):
        """Say that there is no such page: the same for every link that is not valid.
        Only those who open many of them are refused even that."""
        visitor = ("ip", request.httprequest.remote_addr)
        if self._is_too_often(visitor, MOST_FAULTS):
            return self._refuse_for_now()
        return render_page("massmailing_mailjet.mailjet_preferences_gone", 404)

    def _refuse_for_now(self):
        return render_page("massmailing_mailjet.mailjet_preferences_too_often", 429)

    def _is_too_often(self, actor, limit):
        return request.env["mailjet.rate.limit"].sudo()._is_reached(actor, limit)


def render_page(template, status=200, **values):
    """Return a page as nobody else may use it: it is not kept, listed or framed.

    :param dict values: of the template
    """
    lang = request.env["res.lang"]._get_data(code=request.env.lang)
    locale = {"tag": lang.code.replace("_", "-"), "direction": lang.direction}
    response = request.render(template, {**values, "locale": locale}, status=status)
    response.headers.update(HEADERS)
    return response


def _sign(owner):
    """Return the signature of the form of an owner's page."""
    return hmac(
        request.env(su=True), "mailjet_preferences", (owner.row.id, owner.email)
    )
