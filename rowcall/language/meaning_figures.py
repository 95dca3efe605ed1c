"""What does each word of figures, and of values that are chosen, mean, in one line, with an example?"""

from collections.abc import Mapping

from rowcall.language.meaning import Meaning
from rowcall.language.words import FigureKey, FigureWord, ValueKey

FIGURE_KEYS: Mapping[FigureKey, Meaning] = {
    FigureKey.IN: Meaning("The table whose rows are counted, summed or listed.", "in: Orders", "needed"),
    FigureKey.WHERE: Meaning(
        "Conditions on these rows. A plain column belongs to that table; the watched row's is `this.Column`, "
        "and then the figure has a value of its own for every row.",
        "where: {Customer No: same as this.Customer No}",
        "all rows",
    ),
    FigureKey.COUNT: Meaning("How many rows there are; 0 if none.", "count: rows"),
    FigureKey.SUM_OF: Meaning("The sum of a column of numbers; 0 if there are no rows.", "sum of: Total"),
    FigureKey.AVERAGE_OF: Meaning("Their average; nothing (`–`) if there are no rows.", "average of: Total"),
    FigureKey.MEDIAN_OF: Meaning("The value in the middle: half of the rows have less.", "median of: Total"),
    FigureKey.P90_OF: Meaning("The value that nine of ten rows don't exceed.", "p90 of: Total"),
    FigureKey.HIGHEST_OF: Meaning("The largest number, or the latest date.", "highest of: Ordered on"),
    FigureKey.LOWEST_OF: Meaning("The smallest number, or the earliest date.", "lowest of: Total"),
    FigureKey.DISTINCT_OF: Meaning("How many different values there are.", "distinct of: Customer name"),
    FigureKey.TIME_BETWEEN: Meaning(
        "The average time from one date to another. Another measure: `median of: {time between: [A, B]}`.",
        "time between: [Ordered on, Confirmed at]",
    ),
    FigureKey.IN_WORKING_HOURS: Meaning(
        "`yes`: that time is counted in the rule's `working hours`.", "in working hours: yes", "no"
    ),
    FigureKey.SHARE_WITH: Meaning(
        "How many of the rows fulfil these conditions too, as a percentage.", "share with: {Status: Paid}"
    ),
    FigureKey.LIST: Meaning(
        "The rows themselves, with these columns.", "list: [Order No, Customer name, Total]"
    ),
    FigureKey.SORT_BY: Meaning(
        "The order of a list: one column or several.", "sort by: Total descending", "as in the table"
    ),
    FigureKey.AT_MOST: Meaning("How many rows of a list are kept.", "at most: 10", "all of them"),
    FigureKey.FORMULA: Meaning(
        "Computed from other figures; the order in which they are written does not matter.",
        'formula: "=[Revenue] / [Placed]"',
    ),
    FigureKey.BY: Meaning("One value for each value of a column; it prints as a table.", "by: Status"),
    FigureKey.SHOW_AS: Meaning(
        "`money`, `percent`, `days` or `hours`.", "show as: money", "as its kind is written"
    ),
}
FIGURE_WORDS: Mapping[FigureWord, Meaning] = {
    FigureWord.ROWS: Meaning("Behind `count`.", "count: rows"),
    FigureWord.DESCENDING: Meaning(
        "Behind `sort by`: the largest or latest first.", "sort by: Total descending"
    ),
    FigureWord.ASCENDING: Meaning(
        "Behind `sort by`: the smallest or earliest first.", "sort by: Total ascending"
    ),
}
VALUE_KEYS: Mapping[ValueKey, Meaning] = {
    ValueKey.BY_COLUMN: Meaning(
        "The words in a column choose the value from a table of lines below it; several columns stand with commas, "
        "and so do their words.",
        "by column: Status",
    ),
    ValueKey.EVERYTHING_ELSE: Meaning(
        "The value for all words that the table does not name.", "everything else: no hurry", "no value"
    ),
    ValueKey.FIRST_THAT_FITS: Meaning(
        "A list of values with conditions; the first whose conditions are true is taken. "
        "Unknown conditions choose nothing.",
        "first that fits: [{value: large, when: {Total: above 500}}, {value: small}]",
    ),
    ValueKey.VALUE: Meaning("A value of that list.", "value: large", "needed"),
    ValueKey.WHEN: Meaning("Its conditions.", "when: {Total: above 500}", "it always fits"),
    ValueKey.GO_DOWN: Meaning(
        "In `keep`: a lower value is taken only once it was chosen that long without a break.",
        "go down only after: 90 days",
        "at once",
    ),
}
