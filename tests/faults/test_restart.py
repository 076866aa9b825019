"""The database server is stopped and started while a mailing is on its way."""

import os
import shutil
from pathlib import Path

import pytest
from calls import CALLS, SEND_CALL
from cluster import Cluster
from rig import Rig
from servers import of_this_process


@pytest.fixture(scope="module")
def cluster():
    folder = Path(os.environ["MASSMAILING_SCRATCH"]) / of_this_process("cluster")
    cluster = Cluster(folder)
    yield cluster
    cluster.stop()
    shutil.rmtree(folder)


@pytest.fixture(scope="module")
def session_rig(cluster):
    """A rig whose database server is nobody else's."""
    name = of_this_process("restart")
    scratch = Path(os.environ["MASSMAILING_SCRATCH"]) / name
    scratch.mkdir()
    database = f"{os.environ['MASSMAILING_TEST_DB_PREFIX']}{name}"
    with pytest.MonkeyPatch.context() as patch:
        for name, value in cluster.variables.items():
            patch.setenv(name, value)
        with Rig(scratch, database) as rig:
            yield rig


@pytest.mark.cases("calls", [CALLS, [SEND_CALL]], [[SEND_CALL]])
def test_the_database_server_restarts(rig, cluster, calls):
    """Odoo's servers are started again too, as a supervisor does: without
    a database, their threads for scheduled work end."""
    for call in calls:
        rig.plan("hang", *call, when="after")
    mailing = rig.send()
    for _call in calls:
        if rig.wait_for_hanging_call():
            cluster.stop()
            rig.release_hanging_calls()
            cluster.start()
            rig.reconnect()
    rig.assert_sent_once(mailing)
