import { _t } from "@web/core/l10n/translation";

/**
 * The counts of excluded recipients, in the order in which a reason applies: what each is
 * called among the counts of a list (`label`) and in the sum of a mailing (`term`).
 */
export const EXCLUSIONS = {
    unticked_count: { label: _t("Not selected"), term: _t("Not selected") },
    invalid_count: { label: _t("Invalid"), term: _t("Invalid emails") },
    duplicate_count: { label: _t("Duplicates"), term: _t("Duplicate emails") },
    unsubscribed_count: { label: _t("Unsubscribes"), term: _t("Unsubscribed emails") },
    left_topic_count: {
        label: _t("Left the topic"),
        term: _t("Unsubscribed from the topic"),
    },
    paused_count: { label: _t("Paused"), term: _t("Paused emails") },
    blacklisted_count: { label: _t("Blacklisted"), term: _t("Blacklisted emails") },
    past_bounce_count: { label: _t("Bounced before"), term: _t("Bounced before") },
    past_complaint_count: { label: _t("Complained before"), term: _t("Complained before") },
    archived_count: {
        label: _t("Archived or deleted"),
        term: _t("Archived or deleted records"),
    },
    excluded_target_count: {
        label: _t("In excluded targets"),
        term: _t("In excluded targets"),
    },
    answered_count: { label: _t("Already answered"), term: _t("Already answered") },
    asked_count: { label: _t("Asked recently"), term: _t("Asked recently") },
    recent_count: { label: _t("Mailed recently"), term: _t("Mailed recently") },
    not_asked_count: { label: _t("Not to be asked"), term: _t("Not to be asked") },
    engaged_count: {
        label: _t("Opened or not measured"),
        term: _t("Opened or not measured"),
    },
};
