from werkzeug.exceptions import HTTPException

from odoo import http
from odoo.http import HttpDispatcher, request


class WebhookDispatcher(HttpDispatcher):
    """Calls an endpoint with the parts of its path alone.

    Odoo's own dispatcher reads a body that is called a form before the endpoint does,
    and refuses the call when it is too large.
    """

    routing_type = "mailjet_webhook"

    def dispatch(self, endpoint, args):
        self.request.params = dict(args)
        return self.request.registry["ir.http"]._dispatch(endpoint)


class Webhook(http.Controller):
    """Where Mailjet reports what becomes of e-mails.

    It signs nothing, and takes any answer but 200 for a failure: whoever has the secret
    is answered 200 whatever they post, and what cannot be used is set aside.
    """

    @http.route(
        "/mailjet/webhook/<string:token>",
        type="mailjet_webhook",
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
        """Return the bytes of the request, or None when they are too many, whether
        their number was announced or not.

        They are kept for the case that Odoo repeats the call, as two of them met in
        the database.
        """
        # A body without an announced length is cut at the limit, not refused.
        request.httprequest.max_content_length = most + 1
        try:
            body = request.httprequest.get_data(cache=True)
        except HTTPException as error:
            # Too large, or the caller did not finish: what came is gone.
            return None if error.code == 413 else b""
        return body if len(body) <= most else None
