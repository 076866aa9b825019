"""What `./dev <command> --help` prints; that of `bench` is made by `bench.__main__`."""

COMMAND_HELP = {
    "run": """\
./dev run

Starts Odoo 19 with the add-on and its demo data, PostgreSQL, and the sandbox that
stands in for Mailjet, and prints their addresses. What runs already is kept; what has
changed is upgraded or restarted. The first start downloads what is missing.

MASSMAILING_PORT and MASSMAILING_SANDBOX_PORT choose the ports. `./dev stop` ends
everything; logs are in .dev/log.""",
    "stop": """\
./dev stop

Ends Odoo, the sandbox and PostgreSQL, if this checkout started them, and nothing else.
The databases stay in .dev; delete that folder to start afresh.""",
    "test": """\
./dev test [paths and options of pytest]
./dev test --faults [paths and options of pytest]
./dev test --odoo [modules] [options of pytest]

Runs all tests, or those of the folders, files and tests that are named:

  ./dev test
  ./dev test tests/sandbox -x
  ./dev test massmailing_mailjet/tests -k webhook

Folders run in two processes, named files in one, where -s and --pdb work. Skipped
tests fail the run.

--faults   all tests of faults and crashes; a short selection is part of every run
--odoo     Odoo's own tests, without and with the add-on: crm, mass_mailing,
           mass_mailing_crm, test_mass_mailing, utm, link_tracker""",
    "lint": """\
./dev lint

Checks all Python files with ruff (rules and format) and the add-on with pylint-odoo.
Prints only what is wrong, and changes no file.""",
    "shell": """\
./dev shell

Opens Odoo's Python shell on the database of `./dev run`; `env` is the environment.
Changes are kept only after `env.cr.commit()`.""",
    "pictures": """\
./dev pictures
./dev pictures --emails [language]
./dev pictures --screens

Starts what `./dev run` starts and takes the pictures of the module page from it, with
Chromium. They replace those in massmailing_mailjet/static/description.

--emails   pictures of every theme of Odoo as an email in the outbox instead, in the
           folder .dev/pictures/emails: on a computer, on a phone, in a dark mailbox,
           and in one that changes the colors by itself. The language is an Odoo code
           such as fr_FR, which is installed if necessary; en_US unless given
--screens  every screen and state of the add-on instead, from a database of its own
           with demo data: in English and French, 1440, 1024 and 360 pixels wide, in
           .dev/pictures/screens""",
}
