"""With ACCORDANT_NO_SKIPS=1 a skipped test fails: where everything is installed, nothing may be left out."""

import os
from collections.abc import Generator

import pytest

FORBIDDEN = os.environ.get("ACCORDANT_NO_SKIPS") == "1"


def refuse_skip(report: pytest.TestReport | pytest.CollectReport) -> None:
    """Turns a skip into a failure that repeats its reason; an expected failure stays what it is."""
    if not FORBIDDEN or not report.skipped or hasattr(report, "wasxfail"):
        return
    reason = report.longrepr[2] if isinstance(report.longrepr, tuple) else report.longrepr
    report.outcome = "failed"
    report.longrepr = f"{report.nodeid}: {reason}; install what is missing: skips are forbidden by ACCORDANT_NO_SKIPS=1"


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport() -> Generator[None, pytest.TestReport, pytest.TestReport]:
    report = yield
    refuse_skip(report)
    return report


@pytest.hookimpl(wrapper=True)
def pytest_make_collect_report() -> Generator[None, pytest.CollectReport, pytest.CollectReport]:
    report = yield
    refuse_skip(report)
    return report
