"""Mailjet's errors, as exceptions that carry the exact answer."""

import uuid

from . import envelope


class ApiError(Exception):
    """An answer that ends the request.

    `body` is bytes, `reason` the status phrase, `message` the text of a legacy error,
    which the gateway prints in its own format.
    """

    def __init__(
        self, status, reason, body=b"", content_type="application/json", message=None
    ):
        super().__init__(f"{status} {reason}")
        self.status = status
        self.reason = reason
        self.body = body
        self.content_type = content_type
        self.message = message


class JobFailed(Exception):
    """Ends a job with outcome Error and this text."""


class JobAborted(Exception):
    """Ends a job silently: it was aborted, or the sandbox is stopping."""


class TooManyErrors(JobAborted):
    """Ends an import with outcome Abort: more bad rows than its `ErrTreshold`."""


def legacy(status, message, info="", reason="Bad Request"):
    """Dialect A: `ErrorInfo` and `ErrorMessage` may be strings or objects."""
    body = {"ErrorInfo": info, "ErrorMessage": message, "StatusCode": status}
    return ApiError(status, reason, envelope.legacy_object(body), message=message)


def gateway(status, message, code=None, related=None, reason="Bad Request"):
    """Dialect B, of `/v3.1/send` and template content."""
    body = gateway_body(status, message, code, related)
    return ApiError(
        status, reason, envelope.gateway_json(body), envelope.GATEWAY_CONTENT_TYPE
    )


def gateway_body(status, message, code=None, related=None):
    body = {"ErrorIdentifier": str(uuid.uuid4())}
    if code:
        body["ErrorCode"] = code
    body |= {"StatusCode": status, "ErrorMessage": message}
    if related:
        body["ErrorRelatedTo"] = related
    return body


def not_found():
    return legacy(404, "Object not found", reason="Object not found")


def source_not_found():
    """Unknown list or job on the DATA routes."""
    return legacy(404, "Source object not found", reason="Source object not found")


def unauthorized():
    """Wrong credentials, or an operation that the API does not allow: no JSON."""
    return ApiError(401, "Unauthorized", content_type="text/html")


def invalid(info):
    """One or more properties of the body are not accepted."""
    return legacy(400, "Object properties invalid", info)


def invalid_property(name, reason):
    return invalid(f"MJ08 Property {name} is invalid: {reason}")


def too_short(name):
    return invalid_property(name, "MJ04 Value must have at least length 1")


def duplicate(resource, value, unique):
    return legacy(
        400,
        f'MJ18 A {resource} resource with value "{value}" for {unique} already exists.',
    )


def read_only(name):
    """Mailjet answers 401 here, not 400."""
    return legacy(
        401,
        f'MJ19 Setting a value for property "{name}" is not allowed',
        reason="Unauthorized",
    )


def unknown_property(type_name, name):
    return legacy(
        400, f'Invalid json input: object ""->"{type_name}" has no property "{name}"'
    )


def server_failure():
    """The answer to an unforeseen failure; the identifier is for Mailjet's support."""
    text = "An Unexpected Error occurred during API request"
    body = {
        "ErrorIdentifier": str(uuid.uuid4()).upper(),
        "ErrorInfo": "",
        "ErrorMessage": text,
        "StatusCode": 500,
    }
    return ApiError(500, text, envelope.legacy_object(body))


def not_modified():
    return ApiError(304, "Content not changed")


def method_not_allowed():
    return legacy(405, "Method not allowed", reason="Method Not Allowed")


def unknown_path(path):
    body = {
        "ErrorInfo": "EFPWebError",
        "ErrorMessage": f'Could not determine HTTP module for request "{path}"',
        "StatusCode": 500,
    }
    return ApiError(500, "Internal error", envelope.legacy_object(body))


def nginx_not_found():
    return _nginx(404, "Not Found")


def too_large():
    """The answer to what is rejected before it reaches Mailjet's own programs."""
    return _nginx(413, "Request Entity Too Large")


def _nginx(status, reason):
    title = f"{status} {reason}"
    page = f"<html>\r\n<head><title>{title}</title></head>\r\n<body>\r\n"
    page += f"<center><h1>{title}</h1></center>\r\n<hr><center>nginx</center>\r\n"
    page += "</body>\r\n</html>\r\n"
    return ApiError(status, reason, page.encode(), "text/html")
