"""apikey, user, myprofile: who is calling.  None of them returns a plan or quota."""

from ..rest import Field, Filter, Resource, to_bool
from ..routing import route

APIKEY = Resource(
    name="apikey",
    table="apikey",
    scope="? IN (id, (SELECT id FROM apikey WHERE is_master))",
    unique="public",
    fields=(
        Field("ACL", "''"),
        Field("APIKey", "public"),
        Field("CreatedAt", "created_at", "date"),
        Field("CustomStatus", "''"),
        Field("ID", "id", "int"),
        Field("IsActive", "is_active", "bool"),
        Field("IsMaster", "is_master", "bool"),
        Field("Name", "name"),
        Field("QuarantineValue", "0", "int"),
        Field("Runlevel", "runlevel"),
        Field("SecretKey", "secret"),
        Field("Skipspamd", "0", "bool"),
        Field("TrackHost", "'r.example.com'"),
        Field("UserID", "3100000001", "int"),
    ),
    filters={
        "apikey": Filter("public = ?"),
        "isactive": Filter("is_active = ?", to_bool),
        "ismaster": Filter("is_master = ?", to_bool),
        "name": Filter("name = ?"),
    },
)
APIKEY.register_reads()

USER = {
    "ACL": "",
    "CreatedAt": "2020-01-01T00:00:00Z",
    "Email": "owner@example.com",
    "FirstIp": "",
    "ID": 3100000001,
    "LastIp": "",
    "LastLoginAt": "",
    "Locale": "en_US",
    "MaxAllowedAPIKeys": 5,
    "Timezone": "UTC",
    "Username": "owner@example.com",
    "WarnedRatelimitAt": "",
}

PROFILE = {
    "AddressCity": "",
    "AddressCountry": "",
    "AddressPostalCode": "",
    "AddressState": "",
    "AddressStreet": "",
    "BillingEmail": "",
    "BirthdayAt": "",
    "CompanyName": "Example",
    "CompanyNumOfEmployees": "",
    "ContactPhone": "",
    "EstimatedVolume": 6000,
    "Features": "",
    "Firstname": "Sandbox",
    "ID": 3100000002,
    "Industry": "",
    "JobTitle": "",
    "Lastname": "Owner",
    "UserID": 3100000001,
    "VATNumber": "",
    "Website": "",
}


@route("GET", "v3/REST/user")
def user(call):
    return call.rows([USER])


@route("GET", "v3/REST/myprofile")
def myprofile(call):
    return call.rows([PROFILE])
