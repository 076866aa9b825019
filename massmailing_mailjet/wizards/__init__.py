from . import base_partner_merge, mailjet_mailing_schedule, mailjet_mailing_test
