from . import test_page, webhook
