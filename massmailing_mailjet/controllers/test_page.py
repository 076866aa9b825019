from odoo import http
from odoo.http import request

from .preferences import PAGE, PRIVATE, render_page

# A newsletter is untrusted HTML: nothing in it may run, or act as part of this site.
HEADERS = {
    "Content-Security-Policy": "sandbox allow-popups allow-popups-to-escape-sandbox; "
    "script-src 'none'; object-src 'none'; base-uri 'none'; form-action 'none'; "
    "frame-ancestors 'none'",
    **PRIVATE,
}


class TestPage(http.Controller):
    """The pages that a test email links to, for anyone who has the URL."""

    @http.route(
        "/mailjet/test/<string:token>", type="http", auth="public", methods=["GET"]
    )
    def show(self, token):
        """Show the online version of a test email."""
        test = request.env["mailjet.test.message"].sudo()._find(token)
        if not test:
            return self._say_that_it_is_gone()
        return request.make_response(
            test.html, [("Content-Type", "text/html; charset=utf-8"), *HEADERS.items()]
        )

    @http.route(
        "/mailjet/test/<string:token>/unsubscribe",
        type="http",
        auth="public",
        methods=["GET"],
    )
    def unsubscribe(self, token):
        """Show the unsubscribe page of a test email, which unsubscribes nobody."""
        if not request.env["mailjet.test.message"].sudo()._find(token):
            return self._say_that_it_is_gone()
        return self._page("massmailing_mailjet.test_unsubscribe")

    @http.route(
        "/mailjet/test/<string:token>/preferences",
        type="http",
        auth="public",
        methods=["GET"],
    )
    def preferences(self, token):
        """Show what the preference page of the mailing looks like, which is nobody's:
        there is nothing to change."""
        test = request.env["mailjet.test.message"].sudo()._find(token)
        if not test:
            return self._say_that_it_is_gone()
        preferences = request.env["mailjet.preferences"].sudo()
        owner = preferences._get_example(test.mailing_id)
        return render_page(PAGE, **preferences._describe(owner), is_example=True)

    def _say_that_it_is_gone(self):
        return self._page("massmailing_mailjet.test_gone", status=404)

    def _page(self, template, status=200):
        response = request.render(template, status=status)
        response.headers.update(HEADERS)
        return response
