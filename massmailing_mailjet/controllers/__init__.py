from . import report, test_page, webhook
