from ..tools.variables import Variable

FIRSTNAME = Variable("contacts", "firstname")
COMPANY = Variable("accounts", "name")
