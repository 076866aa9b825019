"""What Odoo makes before its first page."""

from datetime import datetime, timezone

import psutil
import pytest

from devkit.database import PAGE_FILES


@pytest.mark.browser
def test_no_copy_of_a_database_makes_the_files_of_its_pages(odoo, admin, open_page):
    open_page("demo").open_crm_menu("Mass Mailing", "Mailings", title="Mass Mailing")
    made = admin.call(
        "ir.attachment",
        "search_read",
        [["url", "=like", "/web/assets/%"]],
        ["name", "create_date"],
    )
    started = psutil.Process(odoo.popen.pid).create_time()
    since = f"{datetime.fromtimestamp(started, timezone.utc):%Y-%m-%d %H:%M:%S}"
    names = {
        row["name"].replace(".min.", ".") for row in made if row["create_date"] < since
    }
    assert set(PAGE_FILES) <= names
