"""The two JSON formats of the API, and its dates.

Legacy resources print spaces around colons and inside the braces of an object; the
gateway prints compact JSON.
"""

import json
from datetime import datetime, timezone

GATEWAY_CONTENT_TYPE = "application/json; charset=UTF-8"


def legacy_object(value):
    """One object in the legacy format, as bytes."""
    text = json.dumps(value, separators=(", ", " : "), ensure_ascii=False)
    return f"{{ {text[1:-1]} }}".encode()


def legacy_rows(rows, total=None):
    """`Count`/`Data`/`Total` in the legacy format; `Total` is page-local by default."""
    data = b", ".join(legacy_object(row) for row in rows)
    total = len(rows) if total is None else total
    head = f'{{ "Count" : {len(rows)}, "Data" : ['.encode()
    return head + data + f'], "Total" : {total} }}'.encode()


def gateway_json(value):
    return json.dumps(value, separators=(",", ":"), ensure_ascii=False).encode()


def gateway_rows(rows):
    return gateway_json({"Count": len(rows), "Data": rows, "Total": len(rows)})


def rfc3339(timestamp):
    """Unix seconds as `2021-06-28T10:45:08Z`; an unset date is an empty string."""
    if timestamp is None:
        return ""
    moment = datetime.fromtimestamp(int(timestamp), timezone.utc)
    return moment.strftime("%Y-%m-%dT%H:%M:%SZ")


def parse_time(text):
    """Unix seconds from RFC 3339 or a Unix number; ValueError if it is neither."""
    text = str(text).strip()
    if text.isdigit():
        return float(text)
    moment = datetime.fromisoformat(text.replace("Z", "+00:00"))
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=timezone.utc)
    return moment.timestamp()
