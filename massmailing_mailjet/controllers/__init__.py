from . import preferences, report, test_page, webhook
