import logging

from psycopg2 import OperationalError

from odoo.exceptions import UserError

from ..exceptions import MailjetError

_logger = logging.getLogger(__name__)


def attempt(record, work):
    """Run a cron's work on one record. After any failure, what is not committed is
    rolled back and the error is logged; the next run tries again, and the other records
    do not have to wait.

    :param work: function of one record
    """
    try:
        work(record)
        record.env.flush_all()
    except (MailjetError, UserError, OperationalError) as error:
        record.env.cr.rollback()
        _logger.info("%s is left for now: %s", record, error)
    except Exception:
        record.env.cr.rollback()
        _logger.warning("%s is left for now.", record, exc_info=True)


def attempt_each(records, work):
    """Run a cron's work on each record, in a transaction of its own; see
    :func:`attempt`.

    :param work: function of one record
    """
    for index, record in enumerate(records, start=1):
        attempt(record, work)
        record.env["ir.cron"]._commit_progress(1, remaining=len(records) - index)
