from . import consent_record, preferences, report, test_page, webhook
