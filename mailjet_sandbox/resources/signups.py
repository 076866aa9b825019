"""contactslistsignup: who signed up through a form of Mailjet's, and who confirmed it.

Mailjet's clients for Java and .NET name the fields and filters, and give the dates as
numbers; whether they are also read as text is unknown, and refused here.
"""

from ..rest import Field, Filter, Resource

SIGNUP = Resource(
    name="contactslistsignup",
    table="signup",
    fields=(
        Field("ConfirmAt", "confirm_at", "unix"),
        Field("ConfirmIp", "confirm_ip"),
        Field("Contact", "contact_id", "int"),
        Field("Email", "email"),
        Field("ID", "id", "int"),
        Field("List", "list_id", "int"),
        Field("SignupAt", "signup_at", "unix"),
        Field("SignupIp", "signup_ip"),
        Field("SignupKey", "signup_key"),
        Field("Source", "source"),
        Field("SourceId", "source_id", "int"),
    ),
    filters={
        "contact": Filter("contact_id = ?", int),
        "contactslist": Filter("list_id = ?", int),
        "email": Filter("email = ?"),
        "minconfirmat": Filter("confirm_at > ?", int),
        "maxconfirmat": Filter("confirm_at < ?", int),
        "minsignupat": Filter("signup_at > ?", int),
        "maxsignupat": Filter("signup_at < ?", int),
        "source": Filter("source = ?"),
    },
)
SIGNUP.register_reads()
