from . import mailjet_mailing_schedule, mailjet_mailing_test
