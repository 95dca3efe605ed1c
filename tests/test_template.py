"""What do texts and templates say, and what do they refuse?"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from pathlib import Path
from time import perf_counter
from zoneinfo import ZoneInfo

import pytest

from rowcall.errors import Place, Severity, TemplateError
from rowcall.evaluate.slugs import slug
from rowcall.template import FILTERS, TESTS, Templates
from rowcall.template.plain import html_of, text_of
from rowcall.template.sandbox import Budget

BERLIN = ZoneInfo("Europe/Berlin")
NOW = datetime(2026, 3, 9, 13, 0, tzinfo=UTC)
PLACE = Place(file="rules/x.yaml", line=7)
VALUES: Mapping[str, object] = {
    "order_no": "10023",
    "number": 10023.0,
    "total": 1234.505,
    "exact": Decimal("0.10"),
    "share": 0.925,
    "on": date(2026, 3, 5),
    "at": datetime(2026, 3, 9, 13, 0, tzinfo=UTC),
    "last_year": datetime(2025, 12, 31, 23, 30, tzinfo=UTC),
    "elapsed": timedelta(days=2, hours=4, minutes=5),
    "paid": True,
    "nothing": None,
    "blank": "",
    "nobody": None,
    "customer": {"name": "Zoë", "tier": None},
    "rows": [{"sku": "B-2", "left": 3.0}, {"sku": "A-1", "left": None}, {"sku": "C-3", "left": 1.0}],
    "none_left": [],
    "names": ["Anna", "Ben"],
    "evil": "{{ 7*7 }}",
    "note": "one\ntwo <b>",
    "now": NOW,
}


def templates(folder: Path = Path(), language: str = "en", currency: str = "EUR") -> Templates:
    return Templates(folder, language, BERLIN, currency)


def say(text: str, values: Mapping[str, object] = VALUES, language: str = "en") -> str:
    return templates(language=language).render(text, values, place=PLACE)


def refusal(text: str, values: Mapping[str, object] = VALUES) -> str:
    with pytest.raises(TemplateError) as caught:
        say(text, values)
    return str(caught.value)


@pytest.mark.parametrize(
    ("text", "english", "chinese"),
    [
        ("no names", "no names", "no names"),
        ("{{ order_no }}", "10023", "10023"),
        ("{{ number }}", "10023", "10023"),
        ("{{ total }}", "1234.505", "1234.505"),
        ("{{ exact }}", "0.1", "0.1"),
        ("{{ on }}", "5 Mar 2026", "2026年3月5日"),
        ("{{ at }}", "9 Mar 2026, 14:00", "2026年3月9日 14:00"),
        ("{{ last_year }}", "1 Jan 2026, 00:30", "2026年1月1日 00:30"),
        ("{{ elapsed }}", "2 days 4 hours", "2天4小时"),
        ("{{ paid }} {{ not paid }}", "yes no", "是 否"),
        ("<{{ nothing }}{{ blank }}>", "<>", "<>"),
        ("{{ customer.name }}{{ customer['name'] }}", "ZoëZoë", "ZoëZoë"),
        ("{{ names }}", "Anna, Ben", "Anna、Ben"),
        ("{{ evil }}", "{{ 7*7 }}", "{{ 7*7 }}"),
        ("{{ order_no ~ '/' ~ number ~ on }}", "10023/100235 Mar 2026", "10023/100232026年3月5日"),
        ("{{ rows[0].sku }}", "B-2", "B-2"),
        ("{{ number + 1 }} {{ number // 10 }} {{ -number }}", "10024 1002 -10023", "10024 1002 -10023"),
        ("{{ exact + 0.2 }} {{ 10 / 4 }}", "0.3 2.5", "0.3 2.5"),
        ("{{ now - at }}", "0 minutes", "0分钟"),
        ("{{ 'a' + 'b' }}", "ab", "ab"),
        ("{{ 'x' if paid else 'y' }}{{ 'z' if not paid }}", "x", "x"),
        ("{% set a = number * 2 %}{{ a }}", "20046", "20046"),
        ("{% if 'Anna' in names and number > 5 %}in{% endif %}", "in", "in"),
        ("{% raw %}{{ x }}{% endraw %}{# hush #}", "{{ x }}", "{{ x }}"),
        ("{% for row in rows %}{{ loop.index }}/{{ loop.length }} {{ row.sku }}{{ ';' if not loop.last }}{% else %}none{% endfor %}", "1/3 B-2;2/3 A-1;3/3 C-3", "1/3 B-2;2/3 A-1;3/3 C-3"),
        ("{% for row in none_left %}x{% else %}none{% endfor %}{% for row in nothing %}x{% endfor %}", "none", "none"),
        ("{% for row in rows if row.left is not empty %}{{ row.sku }} {% endfor %}", "B-2 C-3 ", "B-2 C-3 "),
    ],
)  # fmt: skip
def test_values_read_as_the_shop_says_them(text: str, english: str, chinese: str) -> None:
    assert (say(text), say(text, language="zh")) == (english, chinese)


@pytest.mark.parametrize(
    ("text", "english", "chinese"),
    [
        ("{{ total | money }}", "€1,234.51", "€1,234.51"),
        ("{{ 2.675 | money }} {{ 1.005 | money }} {{ -0.005 | money }}", "€2.68 €1.01 -€0.01", "€2.68 €1.01 -€0.01"),
        ("{{ nothing | money }}", "", ""),
        ("{{ '12.5' | money }}", "€12.50", "€12.50"),
        ("{{ number | number }} {{ total | number(1) }} {{ exact | number }}", "10,023 1,234.5 0.1", "10,023 1,234.5 0.1"),
        ("{{ share | percent }} {{ share | percent(1) }}", "93% 92.5%", "93% 92.5%"),
        ("{{ on | date }} {{ last_year | date }}", "5 Mar 2026 1 Jan 2026", "2026年3月5日 2026年1月1日"),
        ("{{ at | time }}", "14:00", "14:00"),
        ("{{ at | when }} | {{ on | when }}", "Mon 9 Mar, 14:00 | Thu 5 Mar", "3月9日 周一 14:00 | 3月5日 周四"),
        ("{{ on | days }} {{ elapsed | days }} {{ 1 | days }}", "4 days 2 days 1 day", "4天 2天 1天"),
        ("{{ elapsed | hours }} {{ 2.5 | hours }}", "52.1 hours 2.5 hours", "52.1小时 2.5小时"),
        ("{{ nothing | default('friend') }} {{ blank | default('x') }} {{ order_no | default('x') }}", "friend x 10023", "friend x 10023"),
        ("{{ nobody.name | default('friend') }} {{ customer.tier | default('none') }}", "friend none", "friend none"),
        ("{% if nobody.name %}x{% else %}nobody{% endif %} {{ nobody.name is empty }}", "nobody yes", "nobody 是"),
        ("{{ 'ab' | upper }} {{ 'AB' | lower }} {{ \"it's ok\" | title }} <{{ '\u3000x ' | trim }}>", "AB ab It's Ok <x>", "AB ab It's Ok <x>"),
        ("{{ rows | length }} {{ 'abc' | length }} {{ nothing | length }}", "3 3 0", "3 3 0"),
        ("{{ names | join(' + ') }} {{ rows | join(', ', 'sku') }}", "Anna + Ben B-2, A-1, C-3", "Anna + Ben B-2, A-1, C-3"),
        ("{{ (rows | first).sku }} {{ (rows | last).sku }} <{{ none_left | first }}>", "B-2 C-3 <>", "B-2 C-3 <>"),
        ("{{ rows | sort('left') | join(' ', 'sku') }} {{ rows | sort('sku', reverse=true) | join(' ', 'sku') }}", "C-3 B-2 A-1 C-3 B-2 A-1", "C-3 B-2 A-1 C-3 B-2 A-1"),
        ("{{ 2.5 | round }} {{ 3.5 | round }} {{ total | round(2) }}", "3 4 1234.51", "3 4 1234.51"),
        ("{{ 'Lapsang Souchong' | truncate(8) }} {{ 'Tea' | truncate(8) }}", "Lapsang… Tea", "Lapsang… Tea"),
        ("{{ note | lines }}", "one\ntwo <b>", "one\ntwo <b>"),
        ("{{ 2 is even }} {{ 2 is odd }} {{ none_left is empty }}", "yes no yes", "是 否 是"),
    ],
)  # fmt: skip
def test_filters(text: str, english: str, chinese: str) -> None:
    assert (say(text), say(text, language="zh")) == (english, chinese)


def test_every_filter_and_test_is_used_above_and_explained() -> None:
    source = Path(__file__).read_text(encoding="utf-8")
    assert [name for name in FILTERS if f"| {name}" not in source] == []
    assert [name for name in TESTS if f"is {name}" not in source] == []
    assert all(text.endswith(".") for text in (*FILTERS.values(), *TESTS.values()))


def test_money_knows_its_coins() -> None:
    yen = Templates(Path(), "en", BERLIN, "JPY")
    assert yen.render("{{ 1234.5 | money }}", {}, place=PLACE) == "¥1,235"
    assert templates(currency="CNY", language="zh").render("{{ 9.9 | money }}", {}, place=PLACE) == "¥9.90"


def test_when_names_another_year() -> None:
    values = {"at": datetime(2027, 3, 9, 13, tzinfo=UTC), "now": NOW}
    assert say("{{ at | when }}", values) == "Tue 9 Mar 2027, 14:00"


def test_times_of_day_and_long_and_negative_durations() -> None:
    values = {"t": time(9, 5), "zero": timedelta(0), "back": timedelta(hours=-3), "s": timedelta(seconds=61)}
    assert say("{{ t }} {{ t | time }} {{ zero }} {{ back }} {{ s }}", values) == (
        "09:05 09:05 0 minutes -3 hours 1 minute 1 second"
    )


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("{{ ordr_no }}", 'rules/x.yaml:7: unknown name "ordr_no" (did you mean "order_no"?)'),
        ("\n\n{{ nix }}", "rules/x.yaml:7, line 3 of the text: unknown name"),
        ("{{ nix | default('x') }}", 'unknown name "nix"'),
        ("{{ nix is empty }}", 'unknown name "nix"'),
        ("{% if nix %}x{% endif %}", 'unknown name "nix"'),
        ("{{ 'a' ~ nix }}", 'unknown name "nix"'),
        ("{% for x in nix %}{% endfor %}", 'unknown name "nix"'),
        ("{{ customer.nam }}", 'no "nam" here; there are: name, tier (did you mean "name"?)'),
        ("{{ nobody.name }}", 'nothing to take "name" from: it is empty'),
        ("{{ nobody.name ~ 'x' }}", "it is empty"),
        ("{{ order_no.upper }}", 'is a single value, it has no part "upper"'),
        ("{{ on.year }}", 'no part "year"'),
        ("{{ rows }}", "go through it with {% for row in"),
        ("{{ customer }}", "name one of its columns"),
        ("{{ order_no | when }}", 'when needs a date, but got "10023"'),
        ("{{ on | time }}", "time needs a date with a time"),
        ("{{ evil | money }}", "money needs a number"),
        ("{{ paid | money }}", "money needs a number"),
        ("{{ 'N/A' | round }}", 'round needs a number, but got "N/A"'),
        ("{{ number > nothing }}", "a number can't be compared with an empty value"),
        ("{{ on > order_no }}", "a date can't be compared with a text"),
        ("{{ number / 0 }}", "/ 0 has no result"),
        ("{{ number + nothing }}", "+ needs a number"),
        ("{{ rows | join(', ', 'skuu') }}", 'no column "skuu" in this list; columns: sku, left'),
        ("{{ rows | sort }}", "sort needs the name of a column"),
        ("{% for x in order_no %}{% endfor %}", "{% for %} needs a list such as rows"),
        ("{% for x in customer %}{% endfor %}", "{% for %} needs a list such as rows"),
        ("{{ order_no | truncate('x') }}", "a whole number in its brackets"),
        ("{{ total", "can't be understood"),
        ("{% if paid %}x", "can't be understood"),
        ("{{ order_no | mony }}", 'unknown filter "mony" (did you mean "money"?)'),
        ("{{ order_no is nonempty }}", 'unknown word after is "nonempty"'),
    ],
)  # fmt: skip
def test_what_a_text_can_not_say_is_told(text: str, words: str) -> None:
    assert words in refusal(text)


@pytest.mark.parametrize(
    "text",
    [
        "{{ ''.__class__.__mro__ }}",
        "{{ customer['__class__'] }}",
        "{{ customer | attr('__class__') }}",
        "{{ __builtins__ }}",
        "{{ order_no.format(1) }}",
        "{{ '{0.__class__}'.format(order_no) }}",
        "{{ self._TemplateReference__context }}",
        "{{ self.x() }}",
        "{{ cycler.__init__.__globals__.os }}",
        "{{ cycler('a') }}",
        "{{ joiner() }}",
        "{{ namespace(a=1) }}",
        "{{ lipsum() }}",
        "{{ dict(a=1) }}",
        "{{ range(10**9) }}",
        "{{ range }}",
        "{{ namespace }}",
        "{{ loop.cycle('a') }}",
        "{{ rows.append(1) }}",
        "{{ {'a': 1} }}",
        "{{ order_no[0:2] }}",
        "{{ rows[number] }}",
        "{% macro m() %}{% endmacro %}",
        "{% import 'x.html' as x %}",
        "{% from 'x.html' import y %}",
        "{% call m() %}{% endcall %}",
        "{% filter upper %}x{% endfilter %}",
        "{% autoescape false %}{{ evil }}{% endautoescape %}",
        "{{ evil | safe }}",
        "{{ evil | forceescape }}",
        "{{ names | map('upper') }}",
        "{{ names | join(*names) }}",
        "{% for a, b in rows %}{% endfor %}",
        "{% for a in rows recursive %}{% endfor %}",
        "{% set a, b = names %}",
        "{% set customer.name = 1 %}",
        "{% include evil %}",
        "{% include ['a.html'] %}",
        "{% include 'a.html' ignore missing %}",
        "{% include 'a.html' without context %}",
        "{% do names.append(1) %}",
        "{% with a = 1 %}{% endwith %}",
        "{% trans %}x{% endtrans %}",
        "{% debug %}",
        "{% for row in rows %}{{ loop(rows) }}{% endfor %}",
        "{% for row in rows %}{{ loop.previtem }}{% endfor %}",
    ],
)
def test_escapes_are_refused(text: str) -> None:
    refusal(text)


TALL = {"rows": list(range(3000)), "text": "x" * 100_000, "lists": ["y"] * 3000}


@pytest.mark.parametrize(
    "text",
    [
        "{{ 'a'*10**9 }}",
        "{{ 'a' * 1000000000 }}",
        "{{ 10 ** 10 ** 10 }}",
        "{{ 'a' | center(1000000000) }}",
        "{{ '%999999999d' % 1 }}",
        "{{ 'a' | indent(1000000000) }}",
        "{{ 'aa' | replace('a', text) }}",
        "{{ lists | join(text) }}",
        "{{ 1 | number(99999999999) }}",
        "{{ 'a' | truncate(99999999999999) }}",
        "{% for a in rows %}{% for b in rows %}{% for c in rows %}{% endfor %}{% endfor %}{% endfor %}",
        "{% for a in rows %}{% for b in rows %}x{% endfor %}{% endfor %}",
        "{% for a in rows %}{{ text }}{% endfor %}",
        "{% for a in rows %}{% for b in rows %}{% for c in rows %}{% for d in rows %}{% endfor %}{% endfor %}{% endfor %}{% endfor %}",
        "{% set a = text %}" + "{% set a = a ~ a %}" * 60,
        "{% set a = text %}" + "{% set a = a + a %}" * 60,
        "{% set a = 999999999 %}" + "{% set a = a * a %}" * 60,
        "{{ " + "9" * 5000 + " }}",
        "{{ " + "(" * 30_000 + "1" + ")" * 30_000 + " }}",
        "{{ " + "-" * 20_000 + "1 }}",
        "{{ 1" + " + 1" * 20_000 + " }}",
        "{% if 1 %}" * 200 + "{% endif %}" * 200,
        "{{ text }}" * 11,
        "x{{ text }}" * 50_000,
    ],
    ids=lambda text: text[:40],
)
def test_exhaustion_is_refused_at_once(text: str) -> None:
    start = perf_counter()
    refusal(text, TALL)
    assert perf_counter() - start < 8
    templates().check(text, TALL.keys())


def test_time_runs_out() -> None:
    budget = Budget(seconds=-1)
    with pytest.raises(TemplateError, match="takes longer than"):
        budget.spend()


@dataclass(frozen=True, slots=True)
class Line:
    """A plain value object."""

    text: str
    value: object


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("{% for line in because %}{{ line.text }}={{ line.value }}{% endfor %}", "a=1"),
        ("{{ because[0].text }}{{ because[7] }}", "a"),
        ("{{ (now - at) | hours }} {{ now | days }} {{ day | hours }}", "24 hours 0 days 24 hours"),
        ("{{ (at + gap) | time }} {{ (at - gap) | time }} {{ (gap + gap) }}", "14:30 13:30 1 hour"),
        ("{{ at | hours }}", "24 hours"),
        ("{{ 7 % 4 }} {{ 7 - 4 }} {{ +7 }} {{ 1e3 }} {{ 123456789012345678 }}", "3 3 7 1000 123456789012345678"),
        ("{{ mixed | sort('v') | join(' ', 'v') }}", "2 10 1 Jan 2026 30 minutes a B yes"),
    ],
)  # fmt: skip
def test_value_objects_and_arithmetic(text: str, expected: str) -> None:
    values = {
        "because": [Line("a", 1.0)],
        "now": NOW,
        "at": NOW - timedelta(days=1),
        "day": (NOW - timedelta(days=1)).date(),
        "gap": timedelta(minutes=30),
        "mixed": [{"v": v} for v in ("B", 10, "a", True, date(2026, 1, 1), timedelta(minutes=30), 2.0)],
    }
    assert sorted(say(text, values).split()) == sorted(expected.split())


@pytest.mark.parametrize(
    "text", ["{{ because[0].__class__ }}", "{{ because[0].txt }}", "{{ because[0].__init__ }}"]
)
def test_value_objects_show_only_their_fields(text: str) -> None:
    refusal(text, {"because": [Line("a", 1.0)]})


def test_what_is_checked_is_what_is_refused() -> None:
    problems = templates().check("{{ 'a'*10**9 }} {{ x.y() }}", {"x"}, place=PLACE)
    assert [str(problem.place) for problem in problems] == ["rules/x.yaml:7", "rules/x.yaml:7"]
    assert "to the power of" in problems[0].what
    assert "calling something" in problems[1].what


KNOWN = {"order_no", "total", "status", "customer.name", "customer.tier", "rows.sku", "because", "shop.name"}


@pytest.mark.parametrize(
    ("text", "what", "line", "fix"),
    [
        ("{{ ordr_no }}", 'unknown name "ordr_no" (did you mean "order_no"?)', 7, ""),
        ("a\nb {{ Status }}", 'unknown name "Status" (did you mean "status"?)', 8, ""),
        ("Dear {{ Order No }}", '"Order No" is written as order_no', 7, "{{ order_no }}"),
        ("{{ Order No | upper }}", '"Order No" is written as order_no', 7, "{{ order_no |"),
        ("{{ customer.nam }}", '"customer" has no "nam" (did you mean "name"?); there are: name, tier', 7, ""),
        ("{% for row in rows %}{{ row.skuu }}{% endfor %}", '"rows" has no "skuu" (did you mean "sku"?)', 7, ""),
        ("{% for row in rows | sort('sku') %}{{ row.x }}{% endfor %}", '"rows" has no "x"', 7, ""),
        ("{% set c = customer %}{{ c.x }}", '"customer" has no "x"', 7, ""),
        ("{{ total | number(1, 2, 3) }}", 'filter "number" does not take these settings', 7, ""),
        ("{{ total | money(digits=2) }}", 'filter "money" does not take these settings', 7, ""),
        ("{% for row in rows %}{{ loop.next }}{% endfor %}", '"loop" has no "next"; there are: index', 7, ""),
        ("{{ loop.index }}", 'unknown name "loop"', 7, ""),
        ("{% if total %}", "can't be understood", 7, ""),
        ("Order {order_no}", '"{order_no}" would be sent as it stands', 7, "{{ order_no }}"),
        ("Order {Order No}", '"{Order No}" would be sent as it stands', 7, "{{ order_no }}"),
    ],
)  # fmt: skip
def test_check_names_each_mistake(text: str, what: str, line: int, fix: str) -> None:
    (problem,) = templates().check(text, KNOWN, place=PLACE)
    assert what in problem.what
    assert (problem.place.line, problem.suggestion.startswith(fix)) == (line, True)
    assert problem.severity is (Severity.WARNING if "as it stands" in what else Severity.ERROR)


@pytest.mark.parametrize(
    "text",
    [
        "{{ customer.name }} {{ shop.name }} {{ because | length }}",
        "{% for row in rows %}{{ row.sku }} {{ loop.index }}{% endfor %}",
        "{% for line in because %}{{ line.text }}{% endfor %}",
        "{% set a = 1 %}{{ a }}",
        "50 {kg} {} { }",
        "body { margin: 0 }",
    ],
)
def test_check_is_content(text: str) -> None:
    assert templates().check(text, KNOWN) == []


def test_variables() -> None:
    text = "{% set a = b %}{{ a.c }} {% for r in rows %}{{ r.x }}{{ loop.index }}{% endfor %}{% if d | default(e) %}{% endif %}"
    assert templates().variables(text) == {"b", "rows", "d", "e"}


def test_files_escape_cells_and_include_each_other(tmp_path: Path) -> None:
    (tmp_path / "main.html").write_text(
        "<p>{{ evil }} {{ note | lines }} {{ bad }}</p>{% include 'part.html' %}{{ names | join('<br>') }}"
    )
    (tmp_path / "part.html").write_text("<i>{{ order_no }}</i>{{ '<' ~ bad }}")
    shown = templates(tmp_path).render_html_file("main.html", {**VALUES, "bad": "<script>&\"'"})
    assert "<script>" not in shown
    assert (
        "<p>{{ 7*7 }} one<br>two &lt;b&gt; &lt;script&gt;&amp;&#34;&#39;</p><i>10023</i>&lt;&lt;script&gt;"
        in shown
    )
    assert shown.endswith("Anna&lt;br&gt;Ben")


def test_an_edited_file_is_used_at_once(tmp_path: Path) -> None:
    (tmp_path / "a.html").write_text("{% include 'b.html' %}")
    (tmp_path / "b.html").write_text("one")
    shop = templates(tmp_path)
    assert shop.render_html_file("a.html", {}) == "one"
    (tmp_path / "b.html").write_text("two")
    assert shop.render_html_file("a.html", {}) == "two"


def test_blocks_of_another_file(tmp_path: Path) -> None:
    (tmp_path / "frame.html").write_text("<b>{% block inner %}x{% endblock %}</b>{{ order_no }}")
    (tmp_path / "a.html").write_text(
        "{% extends 'frame.html' %}{% block inner %}{{ total | money }}{% endblock %}"
    )
    assert templates(tmp_path).render_html_file("a.html", VALUES) == "<b>€1,234.51</b>10023"


def test_the_chinese_file_wins_in_a_chinese_shop(tmp_path: Path) -> None:
    (tmp_path / "a.html").write_text("english {% include 'b.html' %}", encoding="utf-8")
    (tmp_path / "a.zh.html").write_text("中文 {% include 'b.html' %}", encoding="utf-8")
    (tmp_path / "b.html").write_text("only one")
    assert templates(tmp_path).render_html_file("a.html", {}) == "english only one"
    assert templates(tmp_path, "zh").render_html_file("a.html", {}) == "中文 only one"
    assert templates(tmp_path).folder.names() == ["a.html", "b.html"]


@pytest.mark.parametrize(
    "name",
    [
        "../secret.html",
        "/etc/passwd",
        "sub/../../secret.html",
        "link.html",
        "..\\secret.html",
        "C:secret.html",
    ],
)
def test_nothing_outside_of_the_folder_is_read(name: str, tmp_path: Path) -> None:
    folder = tmp_path / "templates"
    folder.mkdir()
    (tmp_path / "secret.html").write_text("TOP SECRET")
    (folder / "link.html").symlink_to(tmp_path / "secret.html")
    (folder / "a.html").write_text(f"{{% include '{name.replace(chr(92), chr(92) * 2)}' %}}")
    for asked in (name, "a.html"):
        with pytest.raises(TemplateError) as caught:
            templates(folder).render_html_file(asked, {})
        assert "TOP SECRET" not in str(caught.value)
        assert templates(folder).check(asked if asked.endswith(".html") else "a.html", set()) != []


def test_a_link_within_the_folder_is_fine(tmp_path: Path) -> None:
    (tmp_path / "a.html").write_text("here")
    (tmp_path / "b.html").symlink_to(tmp_path / "a.html")
    assert templates(tmp_path).render_html_file("b.html", {}) == "here"


def test_a_circle_of_files_is_named(tmp_path: Path) -> None:
    (tmp_path / "a.html").write_text("{% include 'b.html' %}")
    (tmp_path / "b.html").write_text("{% include 'a.html' %}")
    (problem,) = templates(tmp_path).check("a.html", set())
    assert "a.html → b.html → a.html" in problem.what
    with pytest.raises(TemplateError, match="include each other"):
        templates(tmp_path).render_html_file("a.html", {})


def test_problems_of_a_file_name_file_and_line(tmp_path: Path) -> None:
    folder = tmp_path / "templates"
    folder.mkdir()
    (folder / "a.html").write_text("<p>\n{{ totl }}\n</p>{% include 'b.html' %}")
    (folder / "b.html").write_text("\n\n{{ x.y() }}")
    problems = templates(folder).check("a.html", {"total"})
    assert [str(problem.place) for problem in problems] == ["templates/a.html:2", "templates/b.html:3"]
    with pytest.raises(TemplateError, match=r'^a\.html:2: unknown name "totl" \(did you mean "total"\?\)'):
        templates(folder).render_html_file("a.html", {"total": 1})


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (None, 'no file "low-stok.html" in the folder'),
        (b"\xd6\xd0\xce\xc4", "not saved as UTF-8"),
        (b"x" * 300_000, "larger than 256 KB"),
    ],
)
def test_files_that_can_not_be_read(content: bytes | None, words: str, tmp_path: Path) -> None:
    (tmp_path / "low-stock.html").write_text("x")
    if content is not None:
        (tmp_path / "low-stok.html").write_bytes(content)
    with pytest.raises(TemplateError, match=words) as caught:
        templates(tmp_path).render_html_file("low-stok.html", {})
    assert content is not None or 'did you mean "low-stock.html"?' in str(caught.value)
    assert words in templates(tmp_path).check("low-stok.html", set())[0].what


@pytest.mark.parametrize(
    ("header", "name"),
    [("Order No", "order_no"), ("订单编号", "订单编号"), ("E-Mail (private)", "e_mail_private"), ("In", "in_"), ("2nd line", "_2nd_line"), ("Total €", "total"), ("ＳＫＵ", "sku"), ("Straße", "straße"), ("a__b", "a_b")],
)  # fmt: skip
def test_slugs(header: str, name: str) -> None:
    assert slug(header) == name
    assert say("{{ " + name + " }}", {name: "value"}) == "value"


@pytest.mark.parametrize(
    ("html", "text"),
    [
        ("<p>One\n two</p><p>three<br>four</p>", "One two\n\nthree\nfour"),
        ("<p>a <a href='https://x.example/y'>link</a>, <a href='mailto:a@b.cd'>a@b.cd</a></p>", "a link (https://x.example/y), a@b.cd"),
        ("<ul><li>a</li><li>b</li></ul><ol><li>c</li><li>d</li></ol>", "- a\n- b\n\n1. c\n2. d"),
        ("<table><tr><th>Order</th><td>1</td></tr><tr><th>订单</th><td>22</td></tr></table>", "Order  1\n订单   22"),
        ("<table><tr><td><h1>T</h1><p>x</p></td></tr></table>", "T\n\nx"),
        ("<style>p{}</style><script>x()</script><p>&lt;b&gt; &amp; c</p><div style='display: none'>no<br>no</div>y", "<b> & c\n\ny"),
        ("<p>a<img alt='logo' src='x'></p><hr><p>b</p>", "alogo\n\n---\n\nb"),
        ("<p>not <b>closed<table><tr><td>x", "not closed\n\nx"),
    ],
)  # fmt: skip
def test_html_as_text(html: str, text: str) -> None:
    assert text_of(html) == text


def test_text_as_html() -> None:
    assert html_of("Hi <b>\nsee https://a.example/c?d=1&e=2.\n\n\nBye") == (
        '<p>Hi &lt;b&gt;<br>see <a href="https://a.example/c?d=1&amp;e=2">https://a.example/c?d=1&amp;e=2</a>.</p>\n<p>Bye</p>'
    )
