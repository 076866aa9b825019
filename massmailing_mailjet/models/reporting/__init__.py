from . import (
    mailjet_history_mixin,
    mailjet_mailing_statistics,
    mailjet_rate_mixin,
    mailjet_mailing_results,
    mailjet_mailing_click_map,
    mailjet_mailing_report,
    mailjet_mailing_ab_figures,
    mailjet_mailing_canary_figures,
    mailjet_mailing_planning,
    mailjet_privacy,
    mailjet_export,
    mailjet_summary,
)
