"""Formulas for the referee, by the function or operator that they are about."""

_NUMBERS = ("[Total]", "[Freight]", "[Qty]", "[Rate]")
_PAIRS = (("[Total]", "[Qty]"), ("[Freight]", "[Rate]"), ("[Qty]", "3"), ("[Total]", "[Freight]"))
_COMPARISONS = ("=", "<>", "<", "<=", ">", ">=")
_DAYS = ("[Day]", "[Due]", "[At]", "DATE(2026,3,8)")
_WEEKDAY_TYPES = (1, 2, 3, 11, 12, 13, 14, 15, 16, 17)
_WEEKNUM_TYPES = (1, 2, 11, 12, 13, 14, 15, 16, 17, 21)
_CRITERIA = (
    "1", "5", "0", '">1"', '">=2.5"', '"<5"', '"<=0"', '"<>5"', '"=5"', '"5"', '">-1"', "[Qty]", '">"&[Qty]',
    '"<="&[Qty]', '"<>"&[Qty]', '"="', '"<>"', "[Qty]+1",
)  # fmt: skip
_TEXT_CRITERIA = (
    '"tea"', '"TEA"', '"tea*"', '"t?a"', '"*p"', '"<>tea"', '"<>t*"', '"="', '"<>"', '"a~*b"', '"=tea"', '">b"', '"<m"',
    '"12"', "12", '"zzz"', '"*"', '"???"', '"=te*"', '""',
)  # fmt: skip

CASES: dict[str, tuple[str, ...]] = {
    "arithmetic": (
        *(f"{one}{sign}{other}" for sign in "+-*/" for one, other in _PAIRS),
        "-[Total]", "+[Total]", "--[Qty]", "[Total]%", "50%", "50%%", "-5%", "-2^2", "2^3^2", "2^-1", "-2^-2", "[Qty]^2",
        "[Total]^0.5", "[Qty]^(1/3)", "0^0", "[Qty]^0", "(-8)^(1/3)", "1/0", "0/0", "[Qty]/0", "1/[Qty]", "0.1+0.2-0.3",
        "1-0.9-0.1", "0.1*3-0.3", "1E300*1E300", "1e-5*1", ".5+1.", "2+3*4-6/3", "(2+3)*4", "2*3%", "10-2-3", "100/10/5",
        "[Total]*[Rate]", "[Total]*(1+[Rate])", "[Qty]*-1", "-[Qty]^2", "TRUE+1", "[Paid]+1", "[Paid]*[Total]", "TRUE/2",
        "[Day]+1", "[Day]-1", "1+[Day]", "[Due]-[Day]", "[At]-[Day]", "[At]+0.5", "[Day]+[Qty]", "[Day]*2", "[Day]/7",
        "[Code]+1", "[Code]*2", '"5"+1', '"1e2"+1', '"-3"*2', '"2026-03-01"+1', '"5"&1', '"1.5"+1', '"12%"+0',
        '"1,000"+1', "[Code]-[Qty]", "-[Code]",
    ),
    "comparison": (
        *(f"[Total]{sign}[Qty]" for sign in _COMPARISONS),
        *(f'[Note]{sign}"gift"' for sign in _COMPARISONS),
        *(f"[Day]{sign}[Due]" for sign in _COMPARISONS),
        *(f"[Freight]{sign}0" for sign in _COMPARISONS),
        "0.1+0.2=0.3", "[Total]=0.3", "1/3=0.333333333333333", "1=1.000000000000001", "1=1.0000000000000001",
        '[Status]="paid"', '[Status]<>"New"', '[No]="HT-3"', "[No]=[Note]", '[Note]=""', '[Total]=""',
        '[Total]<>""', '[Note]<>""', "[Paid]=TRUE", "[Paid]=FALSE", "[Paid]=1", "[Paid]<>[Paid]", "1<2<3", "1=1=1",
        "[Day]=DATE(2026,2,28)", "[At]>DATE(2026,1,1)", '"a"<"B"', '"B"<"a"', '"ß"="SS"', '"ä"<"b"',
        '"a "="a"', "[Rate]=7%", "[Rate]>0.1", 'IF([Qty]>1,"x",1)=1', 'IF([Qty]>1,"x",1)="X"',
        'IF([Qty]>1,"x",1)>1', 'IF([Qty]>1,"x",1)<[Total]', 'IF([Qty]>1,[Total],"")=""',
        'IF([Qty]>1,[Total],"")=0', '"1"="1.0"', '""=""', "TRUE>5", '[Code]="5"', '[Code]<"b"',
    ),
    "&": (
        '[No]&"-"&[Note]', '[Total]&""', '[Qty]&"x"', "[Freight]&[Rate]", '1/3&""', '2/3&""', '0.1+0.2&""',
        '1E20&""', '1E14&""', '123456789012345&""', '1E-4&""', '0.00001&""', '-0.5&""', '1000000*1000&""',
        'TRUE&""', '[Paid]&""', "1&2", '(1=1)&"!"', '-[Qty]&""', '0.1&""', '100&"%"', '1E15&""', '12.50&""',
        '1234567.125&""', "[Code]&1", '"a""b"&"c"', '[Day]&""',
    ),
    "IF": (
        "IF([Total]>10,1,2)", 'IF([Paid],"yes","no")', "IF([Qty],1,0)", 'IF([Total]>0,[Total],"")',
        "IF([Qty]=0,0,[Total]/[Qty])", "IF(TRUE,1,1/0)", "IF(FALSE,1/0,2)", 'IF([Qty]>0,"many",[Qty])',
        "IF(1/0,1,2)", "IF([Day]>[Due],[Day],[Due])", "IF([Qty]>1,TRUE,FALSE)", "IF([Qty]>1,[Paid])",
        'IF([Total]>50,"A",IF([Total]>10,"B",IF([Total]>0,"C","D")))', "IF([Paid],[Total],0)*2",
        'IF([Qty]>1,"5",5)+1', "IF(AND([Qty]>0,[Total]>0),[Total]*[Qty],0)", 'IF([Note]="gift",1,0)+1',
        "IF([Qty]>1,TRUE,0)+1",
    ),
    "IFS": (
        'IFS([Total]>50,"A",[Total]>10,"B",TRUE,"C")', "IFS([Qty]>100,1,[Qty]>1,2)", "IFS(TRUE,[Total])",
        "IFS([Paid],1,NOT([Paid]),2)", 'IFS([Qty]>1,"x",TRUE,5)', "IFS(1/0,1,TRUE,2)",
    ),
    "AND": (
        "AND(TRUE,TRUE)", "AND([Total]>0,[Qty]>0)", "AND([Paid],[Qty]>0)", "AND(1,2,3)", "AND(0,1)", "AND([Qty])",
        "AND(1/0,FALSE)", "AND([Total]>0)", "AND([Freight],[Rate])",
    ),
    "OR": (
        "OR(FALSE,FALSE)", "OR([Total]>50,[Qty]>5)", "OR([Paid],[Qty]>2)", "OR(0,0,1)", "OR([Qty])", "OR(1/0,TRUE)",
        "OR([Freight],[Rate])",
    ),
    "NOT": ("NOT(TRUE)", "NOT([Paid])", "NOT([Qty])", "NOT([Total]>10)", "NOT(0)", "NOT(1/0)"),
    "ISBLANK": (
        "ISBLANK([Total])", "ISBLANK([Note])", "ISBLANK([Day])", "ISBLANK([Paid])", 'ISBLANK("")', "ISBLANK(0)",
        "ISBLANK([Total]+0)", 'ISBLANK([Note]&"")', "NOT(ISBLANK([At]))", "ISBLANK(1/0)",
    ),
    "IFERROR": (
        "IFERROR([Total]/[Qty],0)", "IFERROR([Total],-1)", 'IFERROR([Note],"?")', 'IFERROR([Code]+1,"no number")',
        'IFERROR(1/0,"div")', "IFERROR(5,6)", "IFERROR(1/0,1/0)", "IFERROR([Due]-[Day],0)",
        'IFERROR(SEARCH("gift",[Note]),0)', "IFERROR([Qty],[Total])", 'IFERROR(IF([Qty]>1,1/0,"a"),"b")',
    ),
    "SUM": (
        "SUM([Total],[Freight])", "SUM([Total],[Freight],[Qty],1)", "SUM(Lines[Qty])", "SUM(Lines[Price],[Total])",
        "SUM([Qty])", "SUM(1,2,3)", "SUM([Paid],1)", "SUM(Orders[Total])", "SUM(Lines[Qty],Lines[Price])", "SUM(0.1,0.2)",
        "SUM([Total]+1,[Qty])", "SUM([Day])-[Day]",
    ),
    "AVERAGE": (
        "AVERAGE([Total],[Freight])", "AVERAGE([Qty])", "AVERAGE(Lines[Qty])", "AVERAGE(Lines[Price],[Qty])",
        "AVERAGE(1,2,6)", "AVERAGE([Total],[Freight],[Qty])", "AVERAGE(Orders[Freight])", "AVERAGE([Qty]+0)",
    ),
    "MIN": (
        "MIN([Total],[Freight])", "MIN([Qty])", "MIN(Lines[Price])", "MIN([Qty],0)", "MIN(Lines[Qty],[Qty])",
        "MIN([Day],[At])", "MIN(3,1,2)", "MIN(Orders[Total])",
    ),
    "MAX": (
        "MAX([Total],[Freight])", "MAX([Qty])", "MAX(Lines[Price])", "MAX([Qty],0)", "MAX(Lines[Day])",
        "MAX([Day],[At])", "MAX(-3,-1)", "MAX(Orders[Freight],[Qty])",
    ),
    "COUNT": (
        "COUNT([Total],[Freight])", "COUNT(Lines[Qty])", "COUNT(Orders[Total])", "COUNT([Day],[Due],[At])", "COUNT(1,2)",
        "COUNT([Qty])", "COUNT(1/0,1)", "COUNT([Paid])",
    ),
    "COUNTA": (
        "COUNTA([Total],[Note])", "COUNTA(Lines[Tag])", "COUNTA(Orders[Total])", "COUNTA([No])", 'COUNTA("",1)',
        "COUNTA([Note],[Paid],[Due])", "COUNTA(Lines[No],Lines[Qty])", 'COUNTA([Note]&"")',
    ),
    "SUMIFS": (
        "SUMIFS(Lines[Price],Lines[No],[No])", 'SUMIFS(Lines[Qty],Lines[No],[No],Lines[Price],">1")',
        *(f"SUMIFS(Lines[Price],Lines[Qty],{criterion})" for criterion in _CRITERIA),
        "SUMIFS(Lines[Price],Lines[Day],[Day])", 'SUMIFS(Lines[Price],Lines[Day],">="&[Day])',
        'SUMIFS(Lines[Price],Lines[Day],">=2026-02-01")', "SUMIFS(Lines[Price],Lines[Gift],TRUE)",
        "SUMIFS(Lines[Price],Lines[Gift],FALSE)", "SUMIFS(Lines[Price],Lines[Gift],[Paid])",
        'SUMIFS(Lines[Price],Lines[Day],">="&[Day],Lines[Day],"<="&[Due])', "SUMIFS(Lines[Price],Lines[No],UPPER([No]))",
        "SUMIFS(Broken[Price],Broken[No],[No])", 'SUMIFS(Broken[Price],Broken[Id],"<3")',
        "SUMIFS(Orders[Freight],Orders[Status],[Status])-[Freight]", 'SUMIFS(Lines[Price],Lines[No],"*"&RIGHT([No],1))',
        'SUMIFS(Lines[Price],Lines[Tag],LEFT("teapot",3))', "SUMIFS(Lines[Price],Lines[Qty],[Code])",
    ),
    "COUNTIFS": (
        "COUNTIFS(Lines[No],[No])", *(f"COUNTIFS(Lines[Tag],{criterion})" for criterion in _TEXT_CRITERIA),
        *(f"COUNTIFS(Lines[Qty],{criterion})" for criterion in _CRITERIA),
        'COUNTIFS(Lines[No],[No],Lines[Qty],">0")', 'COUNTIFS(Lines[Day],"<"&TODAY())', "COUNTIFS(Lines[Day],TODAY())",
        "COUNTIFS(Orders[Status],[Status])", "COUNTIFS(Orders[Paid],[Paid])", 'COUNTIFS(Lines[Day],"<>"&[Day])',
        'COUNTIFS(Orders[Total],">0")', 'COUNTIFS(Lines[No],"<>"&[No])', "COUNTIFS(Lines[Tag],[Code])",
        'COUNTIFS(Lines[No],LEFT([No],3)&"*")', 'COUNTIFS(Lines[Tag],"*"&LEFT([Note],1)&"*")',
    ),
    "AVERAGEIFS": (
        "AVERAGEIFS(Lines[Price],Lines[No],[No])", "AVERAGEIFS(Lines[Qty],Lines[No],[No])",
        'AVERAGEIFS(Lines[Price],Lines[Qty],">1")', 'AVERAGEIFS(Lines[Qty],Lines[Tag],"tea*")',
        'AVERAGEIFS(Lines[Price],Lines[Day],"<"&[Day])', 'AVERAGEIFS(Lines[Price],Lines[Tag],"zzz")',
    ),
    "MAXIFS": (
        "MAXIFS(Lines[Price],Lines[No],[No])", 'MAXIFS(Lines[Qty],Lines[Tag],"tea*")',
        "MAXIFS(Lines[Day],Lines[No],[No])", 'MAXIFS(Lines[Price],Lines[Qty],">"&[Qty])',
        'MAXIFS(Lines[Price],Lines[Tag],"zzz")',
    ),
    "MINIFS": (
        "MINIFS(Lines[Price],Lines[No],[No])", 'MINIFS(Lines[Qty],Lines[Tag],"tea*")',
        "MINIFS(Lines[Day],Lines[No],[No])", 'MINIFS(Lines[Price],Lines[Qty],"<"&[Qty])',
        'MINIFS(Lines[Price],Lines[Tag],"zzz")',
    ),
    "ROUND": (
        *(f"ROUND({number},{digits})" for number in _NUMBERS for digits in (0, 1, 2, -1)),
        "ROUND(2.675,2)", "ROUND(1.005,2)", "ROUND(-2.5,0)", "ROUND(2.5,0)", "ROUND(0.5,0)", "ROUND(-0.5,0)", "ROUND(1234.5678)",
        "ROUND(1e15+0.3,1)", "ROUND([Total]*[Rate],2)", "ROUND([Total],[Qty])", "ROUND(15,-1)", "ROUND(0.285*100,0)",
    ),
    "ROUNDUP": (
        *(f"ROUNDUP({number},{digits})" for number in _NUMBERS for digits in (0, 2, -1)),
        "ROUNDUP(0.1+0.2,1)", "ROUNDUP(-1.1,0)", "ROUNDUP(4.35*100,0)",
    ),
    "ROUNDDOWN": (
        *(f"ROUNDDOWN({number},{digits})" for number in _NUMBERS for digits in (0, 2, -1)),
        "ROUNDDOWN(0.3/0.1,0)", "ROUNDDOWN(-1.9,0)", "ROUNDDOWN(4.35*100,0)",
    ),
    "INT": (*(f"INT({number})" for number in _NUMBERS), "INT(-1.5)", "INT(0.3/0.1)", "INT([At])", "INT([Paid])", "INT([Code])"),
    "ABS": (*(f"ABS({number})" for number in _NUMBERS), "ABS(-3)", "ABS([Due]-[Day])"),
    "MOD": (
        "MOD([Total],[Qty])", "MOD([Qty],3)", "MOD([Qty],-3)", "MOD(-7,3)", "MOD(7,-3)", "MOD(5,0)", "MOD([At],1)",
        "MOD(0.3,0.1)", "MOD([Total],0.1)", "MOD(5.5,2)", "MOD([Freight],[Rate])",
    ),
    "DATE": (
        "DATE(2026,3,8)", "DATE(2026,13,1)", "DATE(2026,0,1)", "DATE(2026,1,0)", "DATE(2026,2,30)", "DATE(2024,2,29)",
        "DATE(2026,-11,1)", "DATE(2026,12,400)", "DATE(2026.9,1.9,1.9)", "DATE(2026,[Qty],1)", "DATE(YEAR([Day]),12,31)",
        "DATE(1900,3,1)", "DATE(YEAR([Day]),MONTH([Day])+1,1)-1", "DATE(10000,1,1)", "DATE(26,1,1)",
    ),
    "YEAR": (*(f"YEAR({day})" for day in _DAYS), "YEAR(46000)", 'YEAR("2026-03-08")', "YEAR([Qty])", "YEAR(0)"),
    "MONTH": (*(f"MONTH({day})" for day in _DAYS), "MONTH(46000.99)", "MONTH([Code])"),
    "DAY": (*(f"DAY({day})" for day in _DAYS), "DAY(46000)", "DAY(1.5)"),
    "HOUR": (*(f"HOUR({day})" for day in _DAYS), "HOUR(0.5)", "HOUR(0.999999)", "HOUR([At]+1/24)", "HOUR(1/3)"),
    "WEEKDAY": (
        *(f"WEEKDAY([Day],{kind})" for kind in _WEEKDAY_TYPES), *(f"WEEKDAY({day})" for day in _DAYS),
    ),
    "WEEKNUM": (
        *(f"WEEKNUM([Day],{kind})" for kind in _WEEKNUM_TYPES), *(f"WEEKNUM({day})" for day in _DAYS),
        "WEEKNUM(DATE(2021,1,3),21)", "WEEKNUM(DATE(2020,12,31),21)", "WEEKNUM(DATE(2024,12,30),21)",
        "WEEKNUM(DATE(2026,1,4))", "WEEKNUM(DATE(2026,1,4),2)",
    ),
    "DAYS": ("DAYS([Due],[Day])", "DAYS([At],[Day])", "DAYS(DATE(2026,3,8),[Day])", "DAYS([Day],[Day])", "DAYS(10.9,1.1)"),
    "EDATE": (
        "EDATE([Day],1)", "EDATE([Day],-1)", "EDATE([Day],12)", "EDATE([Day],0)", "EDATE([Day],[Qty])", "EDATE([At],1)",
        "EDATE(DATE(2026,1,31),1)", "EDATE(DATE(2024,2,29),12)", "EDATE([Day],1.9)", "EDATE([Day],-1.9)",
    ),
    "EOMONTH": (
        "EOMONTH([Day],0)", "EOMONTH([Day],1)", "EOMONTH([Day],-1)", "EOMONTH([Due],[Qty])", "EOMONTH([At],12)",
        "EOMONTH(DATE(2024,1,31),1)",
    ),
    "NETWORKDAYS": (
        "NETWORKDAYS([Day],[Due])", "NETWORKDAYS([Day],[Day])", "NETWORKDAYS([Day],TODAY())",
        "NETWORKDAYS([Day],[Due],Holidays[Day])", "NETWORKDAYS(DATE(2026,1,1),DATE(2026,12,31),Holidays[Day])",
        "NETWORKDAYS(DATE(2026,3,7),DATE(2026,3,8))", "NETWORKDAYS([At],TODAY(),Holidays[Day])",
        "NETWORKDAYS(DATE(2026,3,10),DATE(2026,3,1))",
    ),
    "WORKDAY": (
        "WORKDAY([Day],1)", "WORKDAY([Day],5)", "WORKDAY([Day],-3)", "WORKDAY([Day],0)", "WORKDAY([Day],10,Holidays[Day])",
        "WORKDAY([Day],-10,Holidays[Day])", "WORKDAY(DATE(2026,3,7),1)", "WORKDAY(DATE(2026,3,7),-1)",
        "WORKDAY([Day],3.9)", "WORKDAY([Due],[Freight])", "WORKDAY([Day],250,Holidays[Day])",
    ),
    "DATEDIF": (
        *(f'DATEDIF([Day],[Due],"{unit}")' for unit in ("Y", "M", "D", "YM", "MD", "YD")),
        *(f'DATEDIF([Day],TODAY(),"{unit}")' for unit in ("Y", "M", "D", "YM", "MD", "YD", "y")),
        *(f'DATEDIF(DATE(2024,2,29),DATE(2025,2,28),"{unit}")' for unit in ("Y", "M", "D", "YM", "MD", "YD")),
        *(f'DATEDIF(DATE(2025,1,31),DATE(2026,3,1),"{unit}")' for unit in ("Y", "M", "D", "YM", "MD", "YD")),
    ),
    "LEFT": (
        "LEFT([No],2)", "LEFT([Note])", "LEFT([Note],0)", "LEFT([Note],100)", "LEFT([Note],-1)", "LEFT([Total],2)",
        "LEFT([Note],[Qty])", 'LEFT("茶叶",1)', "LEFT([Note],2.9)",
    ),
    "RIGHT": (
        "RIGHT([No],2)", "RIGHT([Note])", "RIGHT([Note],0)", "RIGHT([Note],100)", "RIGHT([Note],-1)", "RIGHT([Total],2)",
        "RIGHT([Note],[Qty])", 'RIGHT("茶叶",1)',
    ),
    "MID": (
        "MID([No],2,2)", "MID([Note],1,3)", "MID([Note],0,3)", "MID([Note],100,3)", "MID([Note],3,100)", "MID([Note],2,-1)",
        "MID([Note],2,0)", "MID([Note],[Qty],2)", "MID([Note],2.9,1.9)",
    ),
    "LEN": ("LEN([Note])", "LEN([No])", "LEN([Total])", 'LEN("")', 'LEN("茶叶")', "LEN(TRUE)", "LEN([Paid])"),
    "TRIM": ("TRIM([Note])", 'TRIM("  a   b  ")', "TRIM([Qty])", 'TRIM("")'),
    "UPPER": ("UPPER([Note])", 'UPPER("straße")', "UPPER([No]&[Note])", 'UPPER("é茶")'),
    "LOWER": ("LOWER([Note])", "LOWER([No])", 'LOWER("ÄÖÜ")', "LOWER(TRUE)"),
    "CONCAT": (
        'CONCAT([No]," ",[Note])', "CONCAT([Qty],[Total])", "CONCAT(Lines[Tag])", 'CONCAT(1,TRUE,"x")',
        "CONCAT([Paid])", "CONCAT(Lines[Qty],[No])",
    ),
    "TEXT": (
        *(f'TEXT([Total],"{style}")' for style in ("0", "0.00", "#,##0", "#,##0.00", "0%", "0.0%", "000", "#", "#.##", "0.0#", "€0.00", '0 ""pcs""')),
        *(f'TEXT([Freight],"{style}")' for style in ("0", "0.00", "0.0##", "0%", "#.#")),
        *(f'TEXT([Day],"{style}")' for style in ("yyyy-mm-dd", "dd.mm.yyyy", "d/m/yy", "d mmm yyyy", "dddd, d mmmm yyyy", "mmm", "ddd", "yyyy", "mm/dd/yyyy", "0")),
        *(f'TEXT([At],"{style}")' for style in ("hh:mm", "h:mm AM/PM", "yyyy-mm-dd hh:mm:ss", "hh:mm:ss", "h", "mm:ss", "d mmm hh:mm")),
        'TEXT([Note],"0")', 'TEXT("abc","0.00")', 'TEXT("5","0.00")', 'TEXT([Note],"@")', 'TEXT(1.5,"[h]:mm")',
        'TEXT(0.5,"0")', 'TEXT(1.5,"0")', 'TEXT(2.5,"0")', 'TEXT(-0.001,"0.00")', 'TEXT(0,"#")', 'TEXT(1e10,"#,##0")',
        'TEXT([Due]-[Day],"0")', 'TEXT([Code],"0.0")', 'TEXT(1234.5,"#,##0.00 €")', 'TEXT(-5,"0.00")', 'TEXT(5,"@")',
    ),
    "VALUE": (
        'VALUE("5")', 'VALUE("-1.5")', 'VALUE("1e3")', 'VALUE("12%")', 'VALUE("1,234.5")', 'VALUE(" 5 ")',
        "VALUE([Code])", "VALUE([Qty])", 'VALUE("2026-03-08")', "VALUE([Note])", 'VALUE("2026-03-08 12:00")',
        'VALUE(".5")', 'VALUE("+5")',
    ),
    "SUBSTITUTE": (
        'SUBSTITUTE([No],"-","")', 'SUBSTITUTE([Note]," ","_")', 'SUBSTITUTE([Note],"G","x")',
        'SUBSTITUTE("aXbXc","X","-",2)', 'SUBSTITUTE("aXbXc","X","-",3)', 'SUBSTITUTE("abc","","x")',
        'SUBSTITUTE("aaa","aa","b")', 'SUBSTITUTE([No],"HT",[Qty])', 'SUBSTITUTE("aXbX","X","",1)',
        'SUBSTITUTE([Total],".",",")', 'SUBSTITUTE("abc","b","x",0)',
    ),
    "SEARCH": (
        'SEARCH("t",[No])', 'SEARCH("GIFT",[Note])', 'SEARCH("?",[Note])', 'SEARCH("g*t",[Note])',
        'SEARCH("~*",[Note])', 'SEARCH("a","banana",3)', 'SEARCH("z","banana")', 'SEARCH("","abc")',
        'SEARCH("ß",[Note])', 'SEARCH("a","banana",0)', 'SEARCH("a","banana",9)', 'SEARCH("茶",[Note])',
        'SEARCH("(",[Note])', "SEARCH(RIGHT([No],1),[No])",
    ),
    "together": (
        "[Total]<>SUMIFS(Lines[Price],Lines[No],[No])+[Freight]",
        'IF(ISBLANK([Due]),"no date",IF([Due]<TODAY(),"late by "&(TODAY()-[Due])&" days",""))',
        "ROUND(SUMIFS(Lines[Price],Lines[No],[No])*1.19,2)", 'IFERROR(ROUND([Total]/COUNTIFS(Lines[No],[No]),2),"-")',
        "UPPER(LEFT([Note],1))&LOWER(MID([Note],2,100))", 'TEXT(IFERROR([Total]*[Rate],0),"0.00")&" EUR"',
        'IF(OR([Status]="Paid",[Status]="Sent"),NETWORKDAYS([Day],TODAY()),0)',
        "MAX(0,ROUNDUP([Qty]/12,0))*12", 'IF(AND([Paid],[Total]>=50),"free",TEXT([Freight],"0.00"))',
        "INT((NOW()-[At])*24)", "MOD(WEEKDAY([Day],2)+2,7)", "SUM([Total]*[Qty],-[Freight])/COUNT(Lines[Qty])",
    ),
}  # fmt: skip
