"""Says after a run how fast the unmarked tests are: their mean, and those above 100 ms (style paper 9)."""

import pytest

MARKERS = {"slow", "carrier", "postgres", "crash", "torture", "access", "fuzz", "journey"}
MEAN_SECONDS = 0.015
SINGLE_SECONDS = 0.100
SHOWN = 10


def unmarked(reports: list[pytest.TestReport]) -> list[pytest.TestReport]:
    return [report for report in reports if report.when == "call" and not MARKERS & set(report.keywords)]


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    reports = unmarked(terminalreporter.getreports("passed"))
    if not reports:
        return
    mean = sum(report.duration for report in reports) / len(reports)
    late = sorted(
        (report for report in reports if report.duration > SINGLE_SECONDS), key=lambda report: -report.duration
    )
    terminalreporter.write_line(
        f"{len(reports)} unmarked tests: {1000 * mean:.1f} ms on average (at most {1000 * MEAN_SECONDS:.0f}), "
        f"{len(late)} above {1000 * SINGLE_SECONDS:.0f} ms"
    )
    for report in late[:SHOWN]:
        terminalreporter.write_line(f"  {1000 * report.duration:6.0f} ms  {report.nodeid}")
