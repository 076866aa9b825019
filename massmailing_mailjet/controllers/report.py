import tempfile

from werkzeug.wsgi import wrap_file

from odoo import api, http
from odoo.http import content_disposition, request

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


class Report(http.Controller):
    """A mailing's report as a file, for users who may see the mailing and export."""

    @http.route(
        "/mailjet/mailing/<int:mailing_id>/people.csv",
        type="http",
        auth="user",
        methods=["GET"],
        readonly=True,
    )
    def people(self, mailing_id):
        """Return everyone that the mailing was sent to and what they did, without
        limit."""
        mailing = self._get_mailing(mailing_id)
        env = request.env
        name = env._("%s - recipients", mailing.name)
        body = self._stream(env.registry, env.uid, env.context, mailing.id)
        return self._send(body, f"{name}.csv", "text/csv; charset=utf-8")

    @http.route(
        "/mailjet/mailing/<int:mailing_id>/report.xlsx",
        type="http",
        auth="user",
        methods=["GET"],
        readonly=True,
    )
    def report(self, mailing_id):
        """Return the key figures, the links and the recipients of the mailing."""
        mailing = self._get_mailing(mailing_id)
        output = tempfile.TemporaryFile()
        request.env["mailjet.export"]._write_xlsx(mailing, output)
        output.seek(0)
        name = request.env._("%s - statistics", mailing.name)
        body = wrap_file(request.httprequest.environ, output)
        return self._send(body, f"{name}.xlsx", XLSX)

    def _get_mailing(self, mailing_id):
        mailing = request.env["mailjet.mailing"].browse(mailing_id).exists()
        if not mailing:
            raise request.not_found()
        request.env["mailjet.export"]._check_allowed(mailing)
        return mailing

    def _stream(self, registry, uid, context, mailing_id):
        """Yield the CSV with a cursor of its own: the request's cursor is closed before
        the response is sent."""
        with registry.cursor(readonly=True) as cr:
            env = api.Environment(cr, uid, context)
            mailing = env["mailjet.mailing"].browse(mailing_id)
            yield from env["mailjet.export"]._iterate_csv(mailing)

    def _send(self, body, filename, content_type):
        return request.make_response(
            body,
            [
                ("Content-Type", content_type),
                ("Content-Disposition", content_disposition(filename)),
                ("Cache-Control", "no-store"),
            ],
        )
