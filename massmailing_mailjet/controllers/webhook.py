from werkzeug.exceptions import HTTPException

from odoo import http
from odoo.http import HttpDispatcher, request


class WebhookDispatcher(HttpDispatcher):
    """Calls an endpoint with the parameters of its path only.

    Odoo's own dispatcher reads a form body before the endpoint does, and rejects the
    request if it is too large.
    """

    routing_type = "mailjet_webhook"

    def dispatch(self, endpoint, args):
        self.request.params = dict(args)
        return self.request.registry["ir.http"]._dispatch(endpoint)


class Webhook(http.Controller):
    """The endpoint where Mailjet reports what happens to emails.

    Mailjet signs nothing, and treats any response but 200 as a failure: any request
    with the secret is answered 200, and what cannot be used is kept as not applied.
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
        """Store what is posted; a cron applies it."""
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
        """Return the body of the request, or None if it is too large, whether its
        length was announced or not.

        It is kept in case Odoo retries the request after a conflict in the database.
        """
        # A body without an announced length is truncated at the limit, not rejected.
        request.httprequest.max_content_length = most + 1
        try:
            body = request.httprequest.get_data(cache=True)
        except HTTPException as error:
            # Too large, or the client did not finish: what was received is lost.
            return None if error.code == 413 else b""
        return body if len(body) <= most else None
