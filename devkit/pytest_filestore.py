"""A pytest plugin: gives each process its own filestore.

pytest-odoo gives each process a database of its own, but one filestore to all. When a
class of tests ends, Odoo removes the files that no attachment of its own database
needs, so one process would remove what a test of the other has just stored.
"""

import os
import shutil
from pathlib import Path
from unittest import mock

import pytest
from xdist import get_xdist_worker_id, is_xdist_worker

from odoo.tests.common import get_db_name
from odoo.tools import config


@pytest.fixture(scope="session", autouse=True)
def own_filestore(request, load_registry):
    """Use a copy of the filestore, which is removed in the end."""
    if not is_xdist_worker(request):
        yield
        return
    shared = Path(config.filestore(get_db_name()))
    own = shared.with_name(f"{shared.name}-{get_xdist_worker_id(request)}")
    # Odoo never changes a stored file, so a link is as good as a copy.
    shutil.copytree(shared, own, copy_function=os.link)
    with mock.patch.object(config, "filestore", return_value=str(own)):
        yield
    shutil.rmtree(own)
