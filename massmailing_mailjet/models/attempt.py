import logging

from psycopg2 import OperationalError

from odoo.exceptions import UserError

from ..exceptions import MailjetError

_logger = logging.getLogger(__name__)


def attempt(record, work):
    """Do the work of a cron with one record. What fails, for whatever reason, is undone
    as far as it is not committed, logged and tried the next time: it keeps no other
    record waiting.

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
    """Do some work of a cron with each record, in a transaction of its own; see
    :func:`attempt`.

    :param work: function of one record
    """
    for index, record in enumerate(records, start=1):
        attempt(record, work)
        record.env["ir.cron"]._commit_progress(1, remaining=len(records) - index)
