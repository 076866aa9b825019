"""How much is uploaded to Mailjet at once, and how long that takes: data only."""

from datetime import timedelta

# A chunk of recipients uploaded to Mailjet in one CSV. Mailjet documents no limit;
# users report splitting their files at a few megabytes.
UPLOAD_ROWS = 50_000
UPLOAD_BYTES = 4_000_000
# Rows differ in length: as many as fitted into one upload may be too many for the next.
SPARE = 0.95

# How long before its scheduled time a campaign is prepared: its recipients must be at
# Mailjet by then, which takes hours for large imports, and Mailjet requires scheduling
# some minutes ahead. https://dev.mailjet.com/email/guides/contact-management/
PREPARATION = timedelta(minutes=20)
PREPARATION_PER_ROW = timedelta(milliseconds=10)
