from pathlib import Path

from odoo.modules import load_script

FOLDER = Path(__file__).parents[1] / "migrations"


def load(name):
    """Return the module of a migration script, such as ``19.0.1.2.0/post-html``."""
    return load_script(str(FOLDER / f"{name}.py"), Path(name).name)
