from . import (
    mailjet_template,
    mailjet_variable_value,
    mailjet_variable,
    mailjet_mailing_hosting,
    mailjet_mailing_message,
    mailjet_mailing_frozen,
    mailjet_mailing_preview,
    mailjet_mailing_favorite,
    mailjet_test_message,
    mailjet_template_gallery,
    mailjet_template_gallery_odoo,
    mailjet_html_import,
)
