from odoo import http
from odoo.http import request

from .test_page import HEADERS

# An email is untrusted HTML, and shown in a frame of ours.
FRAME_HEADERS = {
    **HEADERS,
    "Content-Security-Policy": "sandbox; script-src 'none'; object-src 'none'; "
    "form-action 'none'; frame-ancestors 'self'",
}


class ConsentRecord(http.Controller):
    """The emails that a consent record shows, for managers of mass mailing."""

    @http.route(
        "/mailjet/recipient/<int:recipient_id>/email",
        type="http",
        auth="user",
        methods=["GET"],
        readonly=True,
    )
    def show_email(self, recipient_id):
        """Show the email that a recipient was sent, as they received it."""
        row = request.env["mailjet.recipient"].browse(recipient_id).exists()
        html = row and request.env["mailjet.consent.record"]._get_html(row)
        if not html:
            raise request.not_found()
        return request.make_response(
            html, [("Content-Type", "text/html; charset=utf-8"), *FRAME_HEADERS.items()]
        )
