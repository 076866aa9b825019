from odoo import http
from odoo.http import request

# A newsletter is somebody's HTML: nothing in it may run, or act as part of this site.
HEADERS = {
    "Content-Security-Policy": "sandbox allow-popups allow-popups-to-escape-sandbox; "
    "script-src 'none'; object-src 'none'; base-uri 'none'; form-action 'none'; "
    "frame-ancestors 'none'",
    "Cache-Control": "no-store",
    "Referrer-Policy": "no-referrer",
    "X-Robots-Tag": "noindex, nofollow",
}


class TestPage(http.Controller):
    """What the links of a test e-mail lead to, for whoever holds its address."""

    @http.route(
        "/mailjet/test/<string:token>", type="http", auth="public", methods=["GET"]
    )
    def show(self, token):
        """The online version of a test e-mail."""
        test = request.env["mailjet.test"].sudo()._find(token)
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
        """The unsubscribe link of a test e-mail, which unsubscribes nobody."""
        if not request.env["mailjet.test"].sudo()._find(token):
            return self._say_that_it_is_gone()
        return self._page("massmailing_mailjet.test_unsubscribe")

    def _say_that_it_is_gone(self):
        return self._page("massmailing_mailjet.test_gone", status=404)

    def _page(self, template, status=200):
        response = request.render(template, status=status)
        response.headers.update(HEADERS)
        return response
