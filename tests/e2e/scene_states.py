"""What the records of the screens hold that no user could give them, as SQL, and a page
of the visual editor."""

# What the form asks for, in the state of each scene, as SQL.
STATES = {
    "in_queue": "state = 'in_queue', undo_date = now() at time zone 'utc' + '1 hour'",
    "preparing": "state = 'preparing', delivery_step = 'upload'",
    "stalled": "state = 'preparing', delivery_step = 'import', is_stalled = true,"
    " delivery_facts = to_jsonb('Mailjet cannot be reached.'::text)",
    "sending": "state = 'sending', delivery_step = 'follow',"
    " send_requested_date = '2026-03-02 08:00:00'",
    "held": "state = 'in_queue', schedule_type = 'scheduled',"
    " schedule_date = '2031-03-03 08:00:00', delivery_step = 'scheduled',"
    " mailjet_schedule_date = '2031-03-03 08:00:00'",
    "withdrawn": "state = 'in_queue', schedule_type = 'scheduled',"
    " schedule_date = '2031-03-03 08:00:00', delivery_step = 'unschedule',"
    " mailjet_schedule_date = '2031-03-03 08:00:00',"
    " reschedule_date = '2031-03-04 08:00:00'",
    "late": "state = 'in_queue', schedule_type = 'scheduled',"
    " schedule_date = '2026-03-03 08:00:00', needs_confirmation = true",
}
# What a recipient has left: the topic %(topic)s, and everything for a while.
LEFT = """
    INSERT INTO mailjet_consent (email, cause, topic_id, until_date, date, source)
    VALUES ('greta.lind@example.com', 'unsubscribed', %(topic)s, NULL,
            '2026-03-02 08:00:00', 'recipient'),
           ('greta.lind@example.com', 'paused', NULL, '2031-03-03 08:00:00',
            '2026-03-02 08:00:00', 'recipient')
"""
# Prospects without contact, in each state.
SILENT = """
    INSERT INTO mailjet_retention (email, company_id, state, last_contact_date,
                contact_kind, record_count, asked_date, kept_date, issue)
    SELECT 'bo.' || n || '@example.com', 1, state, '2022-03-02 08:00:00', kind, 1,
           asked_date::timestamp, kept_date::timestamp, issue
      FROM (VALUES
           (1, 'found', 'record', NULL, NULL, NULL),
           (2, 'asked', 'click', '2026-03-02 08:00:00', NULL, NULL),
           (3, 'expired', 'message', '2026-03-02 08:00:00', NULL,
            'You may not change these records: Bo Berg.'),
           (4, 'kept', 'kept', '2026-03-02 08:00:00', '2026-03-03 08:00:00', NULL)
           ) f (n, state, kind, asked_date, kept_date, issue)
"""
# The user is one who was asked.
ASKED = """
    INSERT INTO mailjet_retention (email, company_id, state, last_contact_date,
                contact_kind, record_count, asked_date, mailing_id)
    SELECT p.email_normalized, 1, 'asked', '2022-03-02 08:00:00', 'message', 1,
           '2026-03-02 08:00:00', %s
      FROM res_users u JOIN res_partner p ON p.id = u.partner_id
     WHERE u.login = 'demo'
"""
WITH_CONSENT = """
    UPDATE res_company SET mailjet_measuring_rule = 'consent'
     WHERE mailjet_measuring_rule = 'all';
    UPDATE mailjet_account SET last_sync = '2026-03-02 08:00:00'
"""
AS_BEFORE = """
    UPDATE res_company SET mailjet_measuring_rule = 'all'
     WHERE mailjet_measuring_rule = 'consent';
    UPDATE mailjet_account SET last_sync = NULL
"""
# What the campaign of such a mailing has in common with it.
CAMPAIGN = (
    "account_id, state, attempt, delivery_step, delivery_facts, is_stalled,"
    " schedule_date, needs_confirmation, send_requested_date, mailjet_schedule_date"
)
# What a mailing in three portions was sent as so far.
PARTS = """
    INSERT INTO mailjet_campaign (mailing_id, account_id, sequence, attempt, is_part,
                name_facts, planned_count, state, delivery_step, schedule_date,
                sent_date, sent_count, delivered_count, opened_count, clicked_count,
                bounced_count, optout_count)
    SELECT id, account_id, n, 1, true, jsonb_build_object(
               'source', 'Portion %%(number)s of %%(count)s',
               'module', 'massmailing_mailjet',
               'args', jsonb_build_object('number', n, 'count', 3)
           ), 12500,
           CASE WHEN n < 3 THEN 'done' ELSE 'in_queue' END,
           CASE WHEN n = 3 THEN 'list' END, date::timestamp,
           CASE WHEN n < 3 THEN date::timestamp END, CASE WHEN n < 3 THEN 12500 END,
           f.delivered, f.opened, f.clicked, f.bounced, f.optouts
      FROM mailjet_mailing, (VALUES
           (1, '2026-03-02 08:00:00', 12312, 4321, 1017, 101, 12),
           (2, '2026-03-03 08:00:00', 12460, 0, 0, 40, 0),
           (3, '2031-03-04 08:00:00', 0, 0, 0, 0, 0)
           ) f (n, date, delivered, opened, clicked, bounced, optouts)
     WHERE id = %s
"""
PAGE = (
    "<div class='o_layout oe_unremovable oe_unmovable bg-200 o_empty_theme'"
    " data-name='Mailing'><style id='design-element'></style>"
    "<div class='container o_mail_wrapper o_mail_regular oe_unremovable'>"
    "<div class='row mw-100 mx-0'><div class='col o_mail_no_options"
    " o_mail_wrapper_td bg-white"
    " oe_structure o_editable'><section class='s_text_block o_mail_snippet_general"
    " pt24 pb24' data-snippet='s_text_block' data-name='Text'><div class='container'>"
    "<p>Dear $contacts-firstname$, see you on Friday.</p></div></section>"
    "</div></div></div></div>"
)
