"""A database of its own, in which Odoo's processes install and uninstall the add-on."""

import io
import os
import subprocess
from contextlib import closing

import psycopg2

ADDON = "massmailing_mailjet"
MINUTES = 8

PAGE_FILES = "url LIKE '/web/assets/%'"
OF_PAGE_FILES = """
    name, res_model, res_id, type, url, public, store_fname, file_size, checksum,
    mimetype, create_uid, create_date, write_uid, write_date"""

# What an add-on may leave behind, as queries of one column of text.
TRACES = {
    "tables and columns": """
        SELECT table_name || '.' || column_name FROM information_schema.columns
         WHERE table_schema = 'public'""",
    "indexes": "SELECT indexname::text FROM pg_indexes WHERE schemaname = 'public'",
    "models": "SELECT model FROM ir_model",
    "fields": "SELECT model || '.' || name FROM ir_model_fields",
    "external ids": "SELECT module || '.' || name FROM ir_model_data",
    "scheduled actions": "SELECT cron_name FROM ir_cron",
    "menus": "SELECT id || ' ' || (name->>'en_US') FROM ir_ui_menu",
    "actions": "SELECT id || ' ' || (name->>'en_US') FROM ir_actions",
    "views": "SELECT id || ' ' || name FROM ir_ui_view",
    "parameters": "SELECT key FROM ir_config_parameter",
    "groups": "SELECT id || ' ' || (name->>'en_US') FROM res_groups",
    "rules": "SELECT id || ' ' || name FROM ir_rule",
    "rights": "SELECT id || ' ' || name FROM ir_model_access",
    "defaults": "SELECT id || ' ' || json_value FROM ir_default",
    "filters": "SELECT model_id || ' ' || name FROM ir_filters",
    "attachments": """
        SELECT coalesce(res_model, '') || ' ' || name FROM ir_attachment
         WHERE url IS NULL OR url NOT LIKE '/web/assets/%'""",
    "messages": """
        SELECT DISTINCT model FROM mail_message WHERE model IS NOT NULL""",
    "followers": "SELECT DISTINCT res_model FROM mail_followers",
    "activities": """
        SELECT DISTINCT res_model FROM mail_activity WHERE res_model IS NOT NULL""",
}


class ScratchDatabase:
    """A clone of the database without the add-on.

    ``addons_path`` may name the add-on's folder of another version.
    """

    def __init__(self, name, scratch):
        self.name = name
        self.addons_path = os.environ["MASSMAILING_ADDONS_PATH"]
        self.data = scratch / f"data-{name}"
        self.log = scratch / f"{name}.log"
        subprocess.run(
            ["createdb", "-T", os.environ["MASSMAILING_BASE_DB"], name], check=True
        )

    def run(self, *options):
        """Let an Odoo process do something to the database and end."""
        self._odoo("server", [*options, "--stop-after-init"])

    def shell(self, script):
        """Run a script in Odoo's shell; what it does is kept."""
        self._odoo("shell", [], script + "\nenv.cr.commit()\n")

    def traces(self):
        """Return ``{kind: names}`` of what is there."""
        connection = psycopg2.connect(dbname=self.name)
        try:
            with connection.cursor() as cursor:
                found = {}
                for kind, query in TRACES.items():
                    cursor.execute(query)
                    found[kind] = {row[0] for row in cursor.fetchall()}
                return found
        finally:
            connection.close()

    def take_page_files(self, name):
        """Take what Odoo has made for its pages from a database with the same add-ons;
        the filestore is there already."""
        rows = io.StringIO()
        columns = f"SELECT {OF_PAGE_FILES} FROM ir_attachment WHERE {PAGE_FILES}"
        with closing(psycopg2.connect(dbname=name)) as connection:
            with connection.cursor() as cursor:
                cursor.copy_expert(f"COPY ({columns}) TO STDOUT", rows)
        rows.seek(0)
        with closing(psycopg2.connect(dbname=self.name)) as connection:
            with connection, connection.cursor() as cursor:
                cursor.copy_expert(
                    f"COPY ir_attachment ({OF_PAGE_FILES}) FROM STDIN", rows
                )

    def drop(self):
        subprocess.run(["dropdb", "--force", "--if-exists", self.name], check=True)

    def _odoo(self, command, options, script=""):
        """Run Odoo.

        :raise AssertionError: with the end of its log, when it complains
        """
        result = subprocess.run(
            [
                os.environ["MASSMAILING_PYTHON"],
                "-m",
                "odoo",
                command,
                f"--addons-path={self.addons_path}",
                f"--data-dir={self.data}",
                f"--database={self.name}",
                "--no-http",
                "--max-cron-threads=0",
                "--log-level=warn",
                *options,
            ],
            input=script,
            text=True,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            timeout=60 * MINUTES,
            env={**os.environ, "PYTHONPATH": os.environ["MASSMAILING_ODOO_PATH"]},
        )
        with self.log.open("a") as log:
            log.write(result.stdout)
        assert result.returncode == 0, result.stdout[-4000:]
        for word in ("Traceback", " ERROR ", " CRITICAL "):
            assert word not in result.stdout, result.stdout[-4000:]
