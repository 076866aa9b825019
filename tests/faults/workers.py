"""The Odoo servers that do scheduled work, and are killed and started again at will."""

import json
import os
import subprocess
from pathlib import Path

from servers import OdooServer

LOADED_ODOO = Path(__file__).with_name("loaded_odoo.py")


INSTALLED = "SELECT name FROM ir_module_module WHERE state = 'installed'"


class LoadedOdoo:
    """The process that the workers of a database are copies of."""

    def __init__(self, scratch, database, environment):
        addons_path = f"--addons-path={os.environ['MASSMAILING_ADDONS_PATH']}"
        addons = [addon for (addon,) in database.sql(INSTALLED)]
        environment = {"PYTHONPATH": os.environ["MASSMAILING_ODOO_PATH"], **environment}
        with (scratch / "loaded_odoo.log").open("ab") as output:
            self.popen = subprocess.Popen(
                [os.environ["MASSMAILING_PYTHON"], LOADED_ODOO, addons_path, *addons],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=output,
                text=True,
                env={**os.environ, **environment},
            )

    def order(self, *words):
        """Return its answer to an order."""
        print(json.dumps(words), file=self.popen.stdin, flush=True)
        return json.loads(self.popen.stdout.readline())

    def stop(self):
        self.popen.stdin.close()
        self.popen.wait()


class Copy:
    """A process that another one has made and looks after."""

    def __init__(self, source, command, log):
        self.source = source
        self.pid = source.order("start", command, str(log))

    def kill(self):
        self.source.order("kill", self.pid)

    def wait(self):
        self.source.order("wait", self.pid)


class Worker(OdooServer):
    """An Odoo for scheduled work, a copy of one that is loaded."""

    def __init__(self, source, *arguments, **options):
        self.source = source
        super().__init__(*arguments, clone=False, name="worker", http=False, **options)

    def _start(self, command, environment):
        _python, *rest = command
        return Copy(self.source, rest, self.log)
