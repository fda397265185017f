"""The log rule: what it lets pass and what it does not."""

import pytest

from tests.support.odoo_log import records, unexpected_lines

STAMP = "2026-03-01 10:00:00,123 4242"

OURS = f"{STAMP} WARNING db odoo.addons.member_card.ledger: a posting failed"
CORE = f"{STAMP} ERROR db odoo.http: Exception during request handling."
INFO = f"{STAMP} INFO db odoo.addons.member_card.ledger: applied 3 postings"
ROOT = f"{STAMP} WARNING ? odoo: Running as user 'root' is a security risk."


@pytest.fixture
def log(tmp_path):
    def write(*lines):
        path = tmp_path / "odoo.log"
        path.write_text("\n".join(lines) + "\n")
        return path

    return write


@pytest.mark.parametrize("line", [OURS, CORE])
def test_warnings_and_errors_are_unexpected(log, line):
    assert [str(found) for found in unexpected_lines(log(INFO, line))] == [
        line.removeprefix(STAMP + " ").replace(" db ", " ")
    ]


@pytest.mark.parametrize("line", [INFO, ROOT])
def test_information_and_listed_warnings_pass(log, line):
    assert unexpected_lines(log(line)) == []


def test_a_test_may_allow_the_line_it_provokes(log):
    path = log(OURS, CORE)
    assert [line.logger for line in unexpected_lines(path, ["a posting failed"])] == [
        "odoo.http"
    ]


def test_a_traceback_belongs_to_its_record(log):
    path = log(CORE, "Traceback (most recent call last):", "ValueError: 7", INFO)
    (found,) = unexpected_lines(path)
    assert found.message.endswith("Traceback (most recent call last):\nValueError: 7")


def test_output_before_the_first_record_is_no_record():
    assert [line.level for line in records(f"banner\n{INFO}")] == ["INFO"]


def test_core_conflicts_pass_and_ours_do_not(log):
    conflict = (
        f"{STAMP} ERROR db odoo.sql_db: bad query: b' UPDATE \"{{table}}\" SET x = 1'\n"
        "ERROR: could not serialize access due to concurrent update"
    )
    path = log(
        conflict.format(table="discuss_channel_member"),
        conflict.format(table="member_balance"),
    )
    (found,) = unexpected_lines(path)
    assert "member_balance" in found.message
