"""How much is handed to Mailjet at once: data only."""

# A chunk of recipients handed to Mailjet in one CSV. Mailjet documents no limit;
# field reports split their files at a few megabytes.
UPLOAD_ROWS = 50_000
UPLOAD_BYTES = 4_000_000
