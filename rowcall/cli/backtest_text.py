"""How does a back-test read: a line and a bar for each day, and the first mails?"""

from rowcall.backtest.run import Report
from rowcall.cli.screen import Page, count, shop_time

_BAR = 30


def show_backtest(report: Report) -> None:
    """Print what a rule would have done."""
    page, tally = Page(), report.tally
    zone = tally.zone
    first, last = report.grid.first, report.grid.at(report.grid.count - 1)
    page.line(f"{report.rule.title}, {shop_time(first, zone)} to {shop_time(last, zone)}", "bold")
    for problem in report.notes:
        page.problem(problem)
    if tally.baseline:
        rows = count(tally.baseline, "row")
        page.line(f"{rows} mattered already at the beginning: recorded, nothing is done about them.")
    _show_days(page, report)
    for number, sample in enumerate(tally.samples):
        if number == 0:
            page.heading("The first mails would have been")
        page.parts(("to ", ""), (sample.to, "cyan"), indent=2)
        page.line(sample.subject, "bold", indent=4)
        for line in sample.text.strip().splitlines():
            page.line(line, indent=4)
    if tally.problems:
        page.heading("Problems")
        for problem in tally.problems:
            page.problem(problem, indent=2)
    page.line()
    page.line("This was a back-test: nothing was sent or written.", "dim")


def _show_days(page: Page, report: Report) -> None:
    days = sorted(report.tally.days.items())
    total = sum(one.firings for _, one in days)
    most = max((one.firings for _, one in days), default=0)
    page.line()
    if not total:
        page.line("It would have done nothing.")
        return
    page.line(f"{'day':<14}{'rows':>6}{'mails':>7}{'cells':>7}{'added':>7}{'held':>6}", "dim")
    for day, one in days:
        numbers = f"{one.firings:>6}{one.mails:>7}{one.written:>7}{one.added:>7}{one.held:>6}"
        bar = "█" * -(-one.firings * _BAR // most) if most else ""
        page.raw_parts((f"{day:%a %Y-%m-%d}", ""), (numbers, ""), (f"  {bar}", "cyan"))
    mails = sum(one.mails for _, one in days)
    page.line(f"In all it would have acted {count(total, 'time')} and sent {count(mails, 'mail')}.", "bold")
