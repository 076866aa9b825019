-- Times are Unix seconds; NULL means "never".  Every id starts above 2^31 and message
-- ids above 2^53 (see ID_BASES in store.py), as they do at Mailjet.
CREATE TABLE IF NOT EXISTS meta (name TEXT PRIMARY KEY, value TEXT NOT NULL);

CREATE TABLE IF NOT EXISTS apikey (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    public TEXT NOT NULL UNIQUE,
    secret TEXT NOT NULL,
    name TEXT NOT NULL DEFAULT '',
    runlevel TEXT NOT NULL DEFAULT 'Normal',
    is_active INTEGER NOT NULL DEFAULT 1,
    is_master INTEGER NOT NULL DEFAULT 0,
    open_tracked INTEGER NOT NULL DEFAULT 1,
    click_tracked INTEGER NOT NULL DEFAULT 1,
    created_at REAL NOT NULL
);

CREATE TABLE IF NOT EXISTS dns (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    key_id INTEGER NOT NULL,
    domain TEXT NOT NULL,
    dkim_status TEXT NOT NULL DEFAULT 'Not checked',
    spf_status TEXT NOT NULL DEFAULT 'Not checked',
    token TEXT NOT NULL,
    last_check_at REAL,
    UNIQUE (key_id, domain)
);

CREATE TABLE IF NOT EXISTS sender (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    key_id INTEGER NOT NULL,
    dns_id INTEGER NOT NULL,
    email TEXT NOT NULL,
    name TEXT NOT NULL DEFAULT '',
    email_type TEXT NOT NULL DEFAULT 'unknown',
    is_default INTEGER NOT NULL DEFAULT 0,
    status TEXT NOT NULL DEFAULT 'Inactive',
    filename TEXT NOT NULL DEFAULT '',
    created_at REAL NOT NULL
);
CREATE UNIQUE INDEX IF NOT EXISTS sender_email
    ON sender (key_id, email) WHERE status != 'Deleted';

CREATE TABLE IF NOT EXISTS contactslist (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    key_id INTEGER NOT NULL,
    name TEXT NOT NULL,
    address TEXT NOT NULL,
    is_deleted INTEGER NOT NULL DEFAULT 0,
    created_at REAL NOT NULL
);

CREATE TABLE IF NOT EXISTS contact (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    key_id INTEGER NOT NULL,
    email TEXT NOT NULL,
    name TEXT NOT NULL DEFAULT '',
    properties TEXT NOT NULL DEFAULT '{}',
    is_excluded INTEGER NOT NULL DEFAULT 0,
    excluded_at REAL,
    created_at REAL NOT NULL,
    last_update_at REAL,
    last_activity_at REAL,
    unsubscribed_at REAL,
    UNIQUE (key_id, email)
);

CREATE TABLE IF NOT EXISTS member (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    list_id INTEGER NOT NULL,
    contact_id INTEGER NOT NULL,
    is_active INTEGER NOT NULL DEFAULT 1,
    is_unsubscribed INTEGER NOT NULL DEFAULT 0,
    subscribed_at REAL NOT NULL,
    unsubscribed_at REAL,
    UNIQUE (contact_id, list_id)
);
CREATE INDEX IF NOT EXISTS member_list ON member (list_id);

CREATE TABLE IF NOT EXISTS signup (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    key_id INTEGER NOT NULL,
    contact_id INTEGER NOT NULL DEFAULT 0,
    list_id INTEGER NOT NULL DEFAULT 0,
    email TEXT NOT NULL,
    source TEXT NOT NULL DEFAULT '',
    source_id INTEGER NOT NULL DEFAULT 0,
    signup_key TEXT NOT NULL DEFAULT '',
    signup_at INTEGER NOT NULL,
    signup_ip TEXT NOT NULL DEFAULT '',
    confirm_at INTEGER,
    confirm_ip TEXT NOT NULL DEFAULT ''
);

CREATE TABLE IF NOT EXISTS property (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    key_id INTEGER NOT NULL,
    name TEXT NOT NULL,
    datatype TEXT NOT NULL DEFAULT 'str',
    namespace TEXT NOT NULL DEFAULT 'static',
    UNIQUE (key_id, namespace, name)
);

-- The bytes of an upload are in the folder "uploads", named after its id.
CREATE TABLE IF NOT EXISTS upload (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    key_id INTEGER NOT NULL,
    list_id INTEGER NOT NULL,
    created_at REAL NOT NULL
);

-- state: waiting -> running -> final; outcome: Completed, Error or Abort once final.
-- Work starts at start_at, and the outcome is hidden from the API until done_at.
CREATE TABLE IF NOT EXISTS job (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    key_id INTEGER NOT NULL,
    kind TEXT NOT NULL,
    list_id INTEGER NOT NULL DEFAULT 0,
    ref_id INTEGER NOT NULL DEFAULT 0,
    data_id INTEGER NOT NULL DEFAULT 0,
    method TEXT NOT NULL DEFAULT 'Unknown',
    options TEXT NOT NULL DEFAULT '',
    payload TEXT NOT NULL DEFAULT '{}',
    state TEXT NOT NULL DEFAULT 'waiting',
    outcome TEXT NOT NULL DEFAULT '',
    error TEXT NOT NULL DEFAULT '',
    request_at REAL NOT NULL,
    start_at REAL NOT NULL,
    done_at REAL NOT NULL,
    job_start REAL,
    job_end REAL,
    count INTEGER NOT NULL DEFAULT 0,
    current INTEGER NOT NULL DEFAULT 0,
    cursor INTEGER NOT NULL DEFAULT 0,
    errcount INTEGER NOT NULL DEFAULT 0,
    err_threshold INTEGER NOT NULL DEFAULT 0
);
CREATE INDEX IF NOT EXISTS job_due ON job (state, start_at);

-- One rejected row: its cells as a JSON list (csv) or the contact object (json jobs).
CREATE TABLE IF NOT EXISTS job_error (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    job_id INTEGER NOT NULL,
    row TEXT NOT NULL,
    error TEXT NOT NULL
);
CREATE INDEX IF NOT EXISTS job_error_job ON job_error (job_id);

CREATE TABLE IF NOT EXISTS template (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    key_id INTEGER NOT NULL,
    name TEXT NOT NULL,
    owner_type TEXT NOT NULL DEFAULT 'apikey',
    author TEXT NOT NULL DEFAULT '',
    copyright TEXT NOT NULL DEFAULT '',
    description TEXT NOT NULL DEFAULT '',
    categories TEXT NOT NULL DEFAULT '[]',
    purposes TEXT NOT NULL DEFAULT '[]',
    edit_mode INTEGER NOT NULL DEFAULT 1,
    locale TEXT NOT NULL DEFAULT 'en_US',
    is_starred INTEGER NOT NULL DEFAULT 0,
    is_text_part_generation_enabled INTEGER NOT NULL DEFAULT 1,
    presets TEXT NOT NULL DEFAULT '{}',
    html TEXT,
    text TEXT,
    mjml TEXT,
    headers TEXT NOT NULL DEFAULT '{}',
    created_at REAL NOT NULL,
    last_updated_at REAL,
    UNIQUE (key_id, owner_type, name)
);

CREATE TABLE IF NOT EXISTS draft (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    key_id INTEGER NOT NULL,
    list_id INTEGER NOT NULL DEFAULT 0,
    campaign_id INTEGER NOT NULL DEFAULT 0,
    title TEXT NOT NULL DEFAULT '',
    subject TEXT NOT NULL,
    sender TEXT NOT NULL,
    sender_email TEXT NOT NULL,
    sender_name TEXT NOT NULL DEFAULT '',
    reply_email TEXT NOT NULL DEFAULT '',
    locale TEXT NOT NULL,
    edit_mode TEXT NOT NULL DEFAULT 'tool2',
    template_id INTEGER NOT NULL DEFAULT 0,
    segmentation_id INTEGER NOT NULL DEFAULT 0,
    is_starred INTEGER NOT NULL DEFAULT 0,
    is_text_part_included INTEGER NOT NULL DEFAULT 0,
    used INTEGER NOT NULL DEFAULT 0,
    status INTEGER NOT NULL DEFAULT 0,
    scheduled_at REAL,
    delivered_at REAL,
    modified_at REAL,
    created_at REAL NOT NULL,
    html TEXT,
    text TEXT,
    mjml TEXT,
    headers TEXT NOT NULL DEFAULT '{}'
);

-- What was sent, before personalization: one row per campaign, test or v3.1 message.
CREATE TABLE IF NOT EXISTS content (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    kind TEXT NOT NULL,
    subject TEXT NOT NULL DEFAULT '',
    from_email TEXT NOT NULL DEFAULT '',
    from_name TEXT NOT NULL DEFAULT '',
    reply_to TEXT NOT NULL DEFAULT '',
    html TEXT,
    text TEXT,
    headers TEXT NOT NULL DEFAULT '{}',
    variables TEXT
);

CREATE TABLE IF NOT EXISTS campaign (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    key_id INTEGER NOT NULL,
    custom_value TEXT NOT NULL,
    campaign_type INTEGER NOT NULL,
    content_id INTEGER NOT NULL DEFAULT 0,
    draft_id INTEGER NOT NULL DEFAULT 0,
    list_id INTEGER NOT NULL DEFAULT 0,
    sender_id INTEGER NOT NULL DEFAULT 0,
    subject TEXT NOT NULL DEFAULT '',
    from_email TEXT NOT NULL DEFAULT '',
    from_name TEXT NOT NULL DEFAULT '',
    is_deleted INTEGER NOT NULL DEFAULT 0,
    is_starred INTEGER NOT NULL DEFAULT 0,
    open_tracked INTEGER NOT NULL DEFAULT 1,
    click_tracked INTEGER NOT NULL DEFAULT 1,
    send_start_at REAL,
    send_end_at REAL,
    created_at REAL NOT NULL,
    UNIQUE (key_id, custom_value)
);

-- One row per recipient.  "properties" is the state of the contact at the time of the
-- send, so that the message can be rendered on demand.
CREATE TABLE IF NOT EXISTS message (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    key_id INTEGER NOT NULL,
    campaign_id INTEGER NOT NULL DEFAULT 0,
    content_id INTEGER NOT NULL,
    contact_id INTEGER NOT NULL,
    sender_id INTEGER NOT NULL DEFAULT 0,
    email TEXT NOT NULL,
    name TEXT NOT NULL DEFAULT '',
    properties TEXT NOT NULL DEFAULT '{}',
    uuid BLOB NOT NULL,
    status TEXT NOT NULL DEFAULT 'sent',
    state_id INTEGER NOT NULL DEFAULT 0,
    custom_id TEXT NOT NULL DEFAULT '',
    payload TEXT NOT NULL DEFAULT '',
    arrived_at REAL NOT NULL
);
CREATE INDEX IF NOT EXISTS message_campaign ON message (campaign_id);
CREATE INDEX IF NOT EXISTS message_counts ON message (campaign_id, status, arrived_at);
CREATE INDEX IF NOT EXISTS message_contact ON message (contact_id);
CREATE INDEX IF NOT EXISTS message_time ON message (key_id, arrived_at, status);

CREATE TABLE IF NOT EXISTS eventcallbackurl (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    key_id INTEGER NOT NULL,
    event_type TEXT NOT NULL,
    is_backup INTEGER NOT NULL DEFAULT 0,
    status TEXT NOT NULL DEFAULT 'alive',
    url TEXT NOT NULL,
    version INTEGER NOT NULL DEFAULT 1,
    UNIQUE (key_id, event_type, is_backup)
);

-- What happened to a message.  "fields" are those of the event's type; group_id is NULL
-- until it is posted, and 0 if no webhook is registered for it.
CREATE TABLE IF NOT EXISTS event (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    key_id INTEGER NOT NULL,
    message_id INTEGER NOT NULL,
    type TEXT NOT NULL,
    fields TEXT NOT NULL DEFAULT '{}',
    created_at REAL NOT NULL,
    group_id INTEGER
);
CREATE INDEX IF NOT EXISTS event_untold ON event (id) WHERE group_id IS NULL;

-- One call of a webhook, repeated unchanged until it is answered 200.
CREATE TABLE IF NOT EXISTS event_group (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    key_id INTEGER NOT NULL,
    url TEXT NOT NULL,
    body TEXT NOT NULL,
    state TEXT NOT NULL DEFAULT 'waiting',
    attempts INTEGER NOT NULL DEFAULT 0,
    answer TEXT NOT NULL DEFAULT '',
    created_at REAL NOT NULL,
    next_at REAL NOT NULL
);
CREATE INDEX IF NOT EXISTS event_group_due ON event_group (next_at)
    WHERE state = 'waiting';
