from . import preferences, report, test_page, webhook
from . import consent_record, report, test_page, webhook
