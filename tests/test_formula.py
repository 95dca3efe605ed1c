"""Does a formula's text become the tree that it means, and is every mistake told where it stands, with its remedy?"""

from collections.abc import Callable

import pytest

from rowcall.language.formula.parse import DEEPEST, LONGEST, parse_formula
from rowcall.language.formula.raw import MistakenFormula, Raw
from rowcall.language.formula.understand import mistakes_of, read_formula
from rowcall.language.scope import Scope
from rowcall.table import Kind
from tests.tables import BERLIN, make_schema

SCHEMAS = {
    "Orders": make_schema(
        "Orders", "Order No",
        {"Order No": "text", "Total": "money", "Freight": "money", "Qty": "number", "Rate": "percent", "Day": "date",
         "At": "datetime", "Took": "duration", "Paid": "yes/no", "Status": ["New", "Paid", "Shipped"],
         "Email": "email", "Note": "text", "a]b": "text", "v1.2": "number"},
        {"Customer": ("Customers", "Email")},
    ),
    "Order lines": make_schema(
        "Order lines", "Id",
        {"Id": "text", "Order No": "text", "Qty": "number", "Line total": "money", "Day": "date", "Tag": ["tea", "cup"]},
    ),
    "Customers": make_schema("Customers", "Email", {"Email": "email", "Tier": ["Gold", "Silver"]}),
    "茶叶": make_schema("茶叶", "编号", {"编号": "text", "数量": "number"}),
    "2026-sales": make_schema("2026-sales", "Id", {"Id": "text", "Total": "money"}),
}  # fmt: skip
SCOPE = Scope(SCHEMAS, "en", BERLIN, table="Orders")
FIGURES = {"Revenue": Kind.MONEY, "Orders placed": Kind.NUMBER, "Total": Kind.MONEY}


def drawn(raw: Raw) -> str:
    name = f"{raw.table}!{raw.text}" if raw.table else raw.text
    return f"{name}({', '.join(map(drawn, raw.parts))})" if raw.parts else name


@pytest.mark.parametrize(
    ("text", "meaning"),
    [
        ("=1+2*3", "+(1, *(2, 3))"),
        ("1+2*3", "+(1, *(2, 3))"),
        (" = (1+2)*3", "*(+(1, 2), 3)"),
        ("-2^2", "^(-(2), 2)"),
        ("2^3^2", "^(^(2, 3), 2)"),
        ("-5%", "%(-(5))"),
        ("10-2-3", "-(-(10, 2), 3)"),
        ('"a"&1+2&"b"', "&(&(a, +(1, 2)), b)"),
        ("1+2=3&4", "=(+(1, 2), &(3, 4))"),
        ("1<2<>3", "<>(<(1, 2), 3)"),
        ('"say ""hi"""', 'say "hi"'),
        ("if( [Total] ,1,\n2)", "IF(Total, 1, 2)"),
        ("true", "TRUE"),
        ("TODAY()", "TODAY"),
        ("[a]]b]", "a]b"),
        ("Order lines[Qty]", "Order lines!Qty"),
        ("'2026-sales'[Total]", "2026-sales!Total"),
        ("茶叶[数量]", "茶叶!数量"),
        ("SUM( Order lines[Qty] ,.5)", "SUM(Order lines!Qty, .5)"),
    ],
)
def test_pieces(text: str, meaning: str) -> None:
    assert drawn(parse_formula(text)) == meaning


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("[Total]+1", Kind.MONEY),
        ("[Total]*[Rate]", Kind.MONEY),
        ("[Total]/[Freight]", Kind.NUMBER),
        ("[Total]/[Qty]", Kind.MONEY),
        ("[Qty]%", Kind.PERCENT),
        ("[Day]+3", Kind.DATE),
        ("3+[Day]", Kind.DATE),
        ("[At]-1", Kind.DATETIME),
        ("[Day]+[Took]", Kind.DATETIME),
        ("[At]-[Day]", Kind.NUMBER),
        ("INT([At])", Kind.DATE),
        ("MOD([At],1)", Kind.NUMBER),
        ("[Took]*2", Kind.DURATION),
        ("MAX([Day],[At])", Kind.DATETIME),
        ("MAX([Day],DATE(2026,1,1))", Kind.DATE),
        ("SUM([Total],[Qty])", Kind.MONEY),
        ("SUMIFS(Order lines[Line total],Order lines[Order No],[Order No])", Kind.MONEY),
        ("MAXIFS(Order lines[Day],Order lines[Order No],[Order No])", Kind.DATE),
        ("XLOOKUP([Email],Customers[Email],Customers[Tier])", Kind.TEXT),
        ('XLOOKUP([Order No],Order lines[Order No],Order lines[Day],"")', Kind.DATE),
        ('IF([Paid],[Total],"")', Kind.MONEY),
        ('IF([Paid],[Total],"none")', Kind.TEXT),
        ("IF([Paid],[Total],0)", Kind.MONEY),
        ("IF([Paid],TRUE)", Kind.YES_NO),
        ('IFERROR([Day],"")', Kind.DATE),
        ("[Total]>5", Kind.YES_NO),
        ("[Customer.Tier]", Kind.TEXT),
        ("[Revenue]/[Orders placed]", Kind.MONEY),
        ("TODAY()", Kind.DATE),
        ("EDATE([Day],1)", Kind.DATE),
        ("`v1.2`", None),
        ("[`v1.2`]", Kind.NUMBER),
        ("2^[Qty]", Kind.NUMBER),
        ("-[Day]", Kind.NUMBER),
        ("ROUND([Total],2)", Kind.MONEY),
    ],
)
def test_kinds(text: str, kind: Kind | None) -> None:
    figures = {name: figure for name, figure in FIGURES.items() if name != "Total"}
    if kind is None:
        assert mistakes_of(text, SCOPE, figures)
    else:
        assert read_formula(text, SCOPE, figures).form.result is kind


MISTAKES = [
    # grammar: text, the characters meant, words of the message, suggestion
    ("=Total*2", "Total", "a column stands in brackets", "=[Total]*2"),
    ("=A1+1", "A1", "address of a cell", ""),
    ("=[Total]==1", "==", "`==` is not understood", "=[Total]=1"),
    ("=[Total]!=1", "!=", "`!=` is not understood", "=[Total]<>1"),
    ("=[Total]=>1", "=>", "`=>`", "=[Total]>=1"),
    ("=[Paid]&&[Paid]", "&&", "`&&`", ""),
    ("=IF([Paid],1;2)", ";", "separated by commas", "=IF([Paid],1,2)"),
    ("=IF([Paid],1,2", "", "`)` is missing", "=IF([Paid],1,2)"),
    ("=SUM([Total]))", ")", "without its `(`", ""),
    ('="abc', '"abc', "no closing quote", ""),
    ("=[Total", "[Total", "no closing `]`", ""),
    ("=[Status]='Paid'", "'Paid'", "not understood", '=[Status]="Paid"'),
    ("=[Status]=“Paid”", "“", "not understood", '=[Status]="Paid”'),
    ("=SUM（[Total])", "（", "`（`", "=SUM([Total])"),
    ("=[Paid] AND [Paid]", "AND", "AND is a function", ""),
    ("=[Total] [Freight]", "[Freight]", "can't stand here", ""),
    ("=1+", "", "something more is needed", ""),
    ("=", "=", "no formula", ""),
    ("=[Total].real", ".real", "can't stand here", ""),
    ('=__import__("os")', "__import__", "not understood", '=[__import__]("os")'),
    ("={1,2}", "{1,2}", "can't stand here", ""),
    # names
    ("=[Totl]+1", "[Totl]", "Did you mean `Total`", "=[Total]+1"),
    ("=[Revenu]+1", "[Revenu]", "figure `Revenue`", "=[Revenue]+1"),
    ("=[Customer.Teir]", "[Customer.Teir]", "Did you mean `Tier`", "=[Customer.Tier]"),
    ("=[Buyer.Tier]", "[Buyer.Tier]", "is not a link of Orders", ""),
    ("=SUM(Order line[Qty])", "Order line[Qty]", "no table `Order line`", "=SUM(Order lines[Qty])"),
    ("=SUM(Order lines[Qti])", "Order lines[Qti]", "no column `Qti`", "=SUM(Order lines[Qty])"),
    ("=SUMFIS(1)", "SUMFIS", "Did you mean SUMIFS", "=SUMIFS(1)"),
    ("=VLOOKUP(1)", "VLOOKUP", "Did you mean XLOOKUP", ""),
    ("=SUMIF(1)", "SUMIF", "Did you mean SUMIFS", ""),
    ("=eval(1)", "eval", "no function EVAL", ""),
    # arguments
    ("=LEFT()", "LEFT()", "can't have no arguments; it is written LEFT(text, [count])", ""),
    ("=ABS(1,2)", "ABS(1,2)", "can't have 2 arguments", ""),
    ("=COUNTIFS(Order lines[Qty])", "COUNTIFS(Order lines[Qty])", "COUNTIFS(where, criterion, …)", ""),
    ("=IFS([Paid],1,[Paid])", "IFS([Paid],1,[Paid])", "3 arguments", ""),
    ("=IF([Paid],,1)", "", "missing between the commas", ""),
    ("=IF([Paid],5)", "IF([Paid],5)", "where the condition is false", '=IF([Paid],5, "")'),
    ("=[Email]*2", "[Email]", "an email address", ""),
    ('="abc"+1', '"abc"', "needs a number", ""),
    ('=YEAR("5.1.2026")', '"5.1.2026"', "needs a number", ""),
    ("=IF([Note],1,2)", "[Note]", "true or false", ""),
    ("=[Day]+[Day]", "[Day]+[Day]", "Two dates can't be added", ""),
    ("=SUM([Note])", "[Note]", "counts numbers only", "=SUM(VALUE([Note]))"),
    ("=COUNT(Order lines[Order No])", "Order lines[Order No]", "counts numbers only", ""),
    ("=Orders[Total]+1", "Orders[Total]", "whole column", "=[Total]+1"),
    ("=Order lines[Qty]", "Order lines[Qty]", "whole column", ""),
    ("=Order lines[Qty]*2", "Order lines[Qty]", "whole column", ""),
    ("=LEN(Orders[Note])", "Orders[Note]", "whole column", "=LEN([Note])"),
    ('=SUMIFS([Total],Orders[Status],"New")', "[Total]", "column of a table", '=SUMIFS(Orders[Total],Orders[Status],"New")'),
    ("=SUMIFS(Order lines[Id],Order lines[Qty],1)", "Order lines[Id]", "needs numbers", ""),
    ("=SUMIFS(Orders[Total],Order lines[Qty],1)", "SUMIFS(Orders[Total],Order lines[Qty],1)", "of one table", ""),
    ("=NETWORKDAYS([Day],TODAY(),Orders[Total])", "Orders[Total]", "column of dates", ""),
    ("=WEEKDAY([Day],9)", "9", "is one of 1, 2, 3", ""),
    ("=WEEKDAY([Day],[Qty])", "[Qty]", "is one of 1, 2, 3", ""),
    ("=XLOOKUP(1,Orders[Qty],Orders[Total],0,2)", "2", "is one of 0, -1, 1", ""),
    ('=TEXT([Day],"quarter")', '"quarter"', "no format", ""),
    ("=TEXT([Day],[Note])", "[Note]", "in quotes, not taken from a cell", ""),
    ('=DATEDIF([Day],[Day],"W")', '"W"', "no unit of DATEDIF", ""),
    ('=REGEXMATCH([Note],"(")', '"("', "missing )", ""),
    ('=REGEXMATCH([Note],"(?=x)")', '"(?=x)"', "not understood", ""),
    # what would silently never be true
    ('=[Total]="many"', '"many"', "never equal", ""),
    ('=[Total]="5"', '"5"', "never equal", "=[Total]=5"),
    ('=[Day]>="2026-01-05"', '"2026-01-05"', "never equal", "=[Day]>=DATE(2026, 1, 5)"),
    ('=[Paid]="yes"', '"yes"', "never equal", "=[Paid]=TRUE"),
    ("=[Note]=5", "[Note]", "never equal", "=VALUE([Note])=5"),
    ('=[Total]>""', '[Total]>""', "nothing is more or less", ""),
    ('=[Status]="Payed"', '"Payed"', 'Did you mean "Paid"', '=[Status]="Paid"'),
    ('="Shiped"=[Status]', '"Shiped"', 'Did you mean "Shipped"', '="Shipped"=[Status]'),
    ('=COUNTIFS(Order lines[Tag],"te")', '"te"', 'Did you mean "tea"', '=COUNTIFS(Order lines[Tag],"tea")'),
    ('=COUNTIFS(Order lines[Qty],"many")', '"many"', "is a number, never", ""),
    ('=COUNTIFS(Order lines[Qty],">x")', '">x"', "compares with a text", ""),
    ('=COUNTIFS(Order lines[Qty],">")', '">"', "nothing behind its operator", ""),
    # a name that could be two things
    ("=[Total]", "[Total]", "both a column and a figure", ""),
]  # fmt: skip


@pytest.mark.parametrize(("text", "where", "what", "suggestion"), MISTAKES, ids=[row[0] for row in MISTAKES])
def test_mistakes(text: str, where: str, what: str, suggestion: str) -> None:
    figures = FIGURES if "both" in what else {"Revenue": Kind.MONEY}
    found = mistakes_of(text, SCOPE, figures)
    assert len(found) == 1, found
    mistake = found[0]
    assert text[mistake.at : mistake.end] == where
    assert what in mistake.what
    assert mistake.suggestion == suggestion


def test_all_mistakes_together() -> None:
    found = mistakes_of("=IF([Totl]>1, LEFTT([Note]), SUMIFS([Qty], Order lines[Id], 1)) & [Statu]", SCOPE)
    assert [mistake.at for mistake in found] == [4, 14, 36, 66]


@pytest.mark.parametrize(
    "text",
    [
        "(" * 10_000,
        "(" * 1_900 + "1" + ")" * 1_900,
        "=" + "-" * 3_000 + "1",
        "+".join(["1"] * 1_500),
        "1" + "%" * 3_000,
        "IF(TRUE," * 400 + "1",
        "^".join(["2"] * 1_500),
        "=" + "NOT(" * 900 + "TRUE" + ")" * 900,
        "[" * 3_000,
        '"' * 3_001,
        "'" * 3_000,
        "a" * 3_999,
    ],
    ids=lambda text: f"{text[:9]}… {len(text)}",
)
def test_bombs_are_answered(text: str) -> None:
    assert mistakes_of(text, SCOPE)


def nested(depth: int) -> str:
    return "NOT(" * depth + "TRUE" + ")" * depth


@pytest.mark.parametrize(
    ("make", "fits"),
    [
        (lambda: nested(DEEPEST), True),
        (lambda: nested(DEEPEST + 1), False),
        (lambda: "1" * LONGEST, True),
        (lambda: "1" * (LONGEST + 1), False),
        (lambda: "+".join(["1"] * 199), True),
        (lambda: '"' + "(" * 200 + '"', True),
    ],
    ids=["64 brackets", "65 brackets", "as long as may be", "too long", "a long chain", "brackets in a text"],
)
def test_limits(make: Callable[[], str], *, fits: bool) -> None:
    try:
        parse_formula(make())
    except MistakenFormula:
        assert not fits
    else:
        assert fits


def test_a_rule_without_rows_knows_figures_only() -> None:
    scope = Scope(SCHEMAS, "en", BERLIN)
    assert read_formula("=[Revenue]/SUM(Orders[Qty])", scope, FIGURES).form.result is Kind.MONEY
    (mistake,) = mistakes_of("=[Qty]", scope, FIGURES)
    assert "not a figure" in mistake.what
    assert "Revenue" in mistake.fix
