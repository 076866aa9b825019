"""A sending with Odoo's own Email Marketing, to a local SMTP server."""

import time

from aiosmtpd.controller import Controller
from servers import free_port, wait_until

from .readers import ADDRESS, make_readers
from .table import Table

DEADLINE = 3_600  # seconds
BODY = (
    "<p>Dear <t t-out=\"object.name or 'reader'\"/>,"
    " what is new in <t t-out=\"object.city or ''\"/>?</p>"
)


class Mailbox:
    """An SMTP server's other end, which only counts the readers' emails: Odoo sends
    others as well."""

    def __init__(self):
        self.count = 0

    async def handle_DATA(self, _server, _session, envelope):
        self.count += any(ADDRESS.fullmatch(address) for address in envelope.rcpt_tos)
        return "250 OK"


class EmailMarketing:
    """Email Marketing in one Odoo.

    :param Rpc admin: a user who may set it up
    """

    def __init__(self, admin, cursor):
        self.admin, self.cursor = admin, cursor

    def send(self, rows):
        """Send to that many contacts; return the recipients per second."""
        table = Table(f"Odoo's Email Marketing: {rows:,} recipients")
        domain = make_readers(self.cursor, rows)
        mailbox = Mailbox()
        smtp = Controller(mailbox, hostname="127.0.0.1", port=free_port())
        smtp.start()
        try:
            mailing = self._make_mailing(domain, smtp.port)
            start = time.perf_counter()
            self.admin.call("mailing.mailing", "action_launch", [mailing])
            # It puts the emails in a queue, of which Odoo sends a thousand once an
            # hour, unless its job is started again.
            wait_until(self._is_queued, DEADLINE, "everything is queued")
            while mailbox.count < rows:
                self._run_job("mail", "ir_cron_mail_scheduler_action")
            took = time.perf_counter() - start
        finally:
            smtp.stop()
        table.add("Delivered to the SMTP server", f"{took:.1f} s")
        table.add("Recipients per second", f"{rows / took:,.1f}")
        return rows / took

    def _is_queued(self):
        self.cursor.execute("SELECT state = 'done' FROM mailing_mailing ORDER BY id")
        return self.cursor.fetchall()[-1][0]

    def _run_job(self, module, name):
        """Run a scheduled job at once, and wait for it."""
        _model, job = self.admin.call(
            "ir.model.data", "check_object_reference", module, name
        )
        self.admin.call("ir.cron", "method_direct_trigger", [job])

    def _make_mailing(self, domain, port):
        self.admin.call(
            "ir.mail_server",
            "create",
            [
                {
                    "name": "Bench",
                    "smtp_host": "127.0.0.1",
                    "smtp_port": port,
                    "smtp_encryption": "none",
                    "sequence": 0,
                }
            ],
        )
        model = self.admin.find("ir.model", ("model", "=", "res.partner"))
        return self.admin.call(
            "mailing.mailing",
            "create",
            [
                {
                    "subject": "News",
                    "mailing_model_id": model,
                    "mailing_domain": domain,
                    "body_arch": BODY,
                    "body_html": BODY,
                }
            ],
        )[0]
