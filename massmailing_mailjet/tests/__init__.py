from . import (
    test_account,
    test_client,
    test_delivery,
    test_email_html,
    test_mailing,
    test_personalization,
    test_recipient,
    test_security,
    test_translation,
    test_unsubscribe,
    test_variable,
    test_wizards,
)
