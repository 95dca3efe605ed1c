"""Where Rowcall and Calc answer differently, and under which heading of the reference it is explained.

The list is closed: a formula that is not here must agree in every row, one that is here must differ in some.
"""

DIFFERENCES: dict[str, tuple[str, ...]] = {
    "dates in texts": ('[Day]&""',),
    "yes and no in texts": (
        'TRUE&""', '[Paid]&""', '(1=1)&"!"', "LEN(TRUE)", "LEN([Paid])", "LOWER(TRUE)", 'CONCAT(1,TRUE,"x")',
        "CONCAT([Paid])",
    ),
    "large and small numbers in texts": ('1E20&""', '0.00001&""', '1E15&""'),
    "days hold no time": ("[Day]+[Qty]",),
    "order of letters": ('"ä"<"b"',),
    "empty cells in AND and OR": (
        "AND([Paid],[Qty]>0)", "AND([Qty])", "AND([Freight],[Rate])", "OR([Qty])", "OR([Freight],[Rate])",
        'IF(AND([Paid],[Total]>=50),"free",TEXT([Freight],"0.00"))',
    ),
    "numbers in text columns": ('SUMIFS(Broken[Price],Broken[Id],"<3")', "COUNTIFS(Lines[Tag],12)"),
    "halves at 15 digits": ("ROUND(0.285*100,0)", 'TEXT([Freight],"0%")'),
    "years": (
        "DATE(YEAR([Day]),12,31)", "DATE(YEAR([Day]),MONTH([Day])+1,1)-1", "DATE(10000,1,1)", "DATE(26,1,1)",
    ),
    "last week of the year": (
        "WEEKNUM([Day],1)", "WEEKNUM([Day],2)", "WEEKNUM([Day],11)", "WEEKNUM([Day],12)", "WEEKNUM([Day],13)",
        "WEEKNUM([Day],14)", "WEEKNUM([Day],15)", "WEEKNUM([Day],16)", "WEEKNUM([Day],17)", "WEEKNUM([Day])",
        "WEEKNUM([Due])", "WEEKNUM([At])",
    ),
    "whole days": ("DAYS([At],[Day])", "DAYS(10.9,1.1)"),
    "sharp s": ("UPPER([Note])", 'UPPER("straße")', "UPPER([No]&[Note])"),
    "an empty cell as text": ('TEXT([Note],"@")',),
    "nothing is found everywhere": ('SEARCH("","abc")',),
}  # fmt: skip
