"""How much is uploaded to Mailjet at once: data only."""

# A chunk of recipients uploaded to Mailjet in one CSV. Mailjet documents no limit;
# users report splitting their files at a few megabytes.
UPLOAD_ROWS = 50_000
UPLOAD_BYTES = 4_000_000
