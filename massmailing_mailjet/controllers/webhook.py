from odoo import http
from odoo.http import request


class Webhook(http.Controller):
    """Where Mailjet reports what becomes of e-mails.

    It signs nothing, and takes any answer but 200 for a failure: who has the secret is
    answered 200 whatever he posts, and what cannot be used is set aside.
    """

    @http.route(
        "/mailjet/webhook/<string:token>",
        type="http",
        auth="public",
        methods=["POST"],
        csrf=False,
        save_session=False,
    )
    def receive(self, token):
        """Keep what is posted; a cron applies it."""
        credentials = request.httprequest.authorization
        account = request.env["mailjet.account"]._find_by_webhook(
            token,
            credentials and credentials.username,
            credentials and credentials.password,
        )
        if not account:
            return request.make_response("", status=401)
        Event = request.env["mailjet.event"].sudo()
        Event._receive(account, self._read_body(Event.MAX_BODY))
        return request.make_response("")

    def _read_body(self, most):
        """Return the bytes of the request, or None when they are too many."""
        if (request.httprequest.content_length or 0) > most:
            return None
        return request.httprequest.get_data(cache=False)
