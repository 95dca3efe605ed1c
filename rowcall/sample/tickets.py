"""Which questions and complaints lie in the sample shop's inbox, counted back from today?

Three were never answered: one of yesterday, one of three days ago that nobody took, one of this morning.
"""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Ticket:
    """A ticket: when it was opened, by which customer, about what (English, Chinese).

    replied: (days ago, time) of the first reply, or None; assignee: which employee of the Staff tab, counted
    from 1, or None.
    """

    days_ago: int
    time: str
    customer: int
    subject: tuple[str, str]
    priority: str
    status: str
    assignee: int | None = 1
    replied: tuple[int, str] | None = None
    sla: str = ""
    channel: str = "Email"


TICKETS = (
    Ticket(
        24,
        "10:20",
        5,
        ("Where is my parcel?", "包裹到哪里了?"),
        "Normal",
        "Closed",
        1,
        (24, "12:05"),
        "On time",
    ),
    Ticket(
        21, "09:02", 19, ("Tea tastes of soap", "茶叶有异味"), "High", "Closed", 5, (21, "15:40"), "Overdue"
    ),
    Ticket(
        18, "16:45", 15, ("Parcel came back", "包裹被退回"), "High", "Closed", 1, (18, "17:10"), "On time"
    ),
    Ticket(
        15,
        "11:11",
        11,
        ("Pot arrived broken", "茶壶到货破损"),
        "Urgent",
        "Closed",
        3,
        (15, "11:30"),
        "On time",
    ),
    Ticket(
        12,
        "13:37",
        25,
        ("Invoice for my company", "需要公司发票"),
        "Low",
        "Closed",
        5,
        (11, "09:15"),
        "Overdue",
    ),
    Ticket(
        9,
        "08:50",
        7,
        ("How long to brew?", "冲泡多久合适?"),
        "Low",
        "Solved",
        1,
        (9, "09:30"),
        "On time",
        "Chat",
    ),
    Ticket(
        7, "18:22", 28, ("Wrong tea in the box", "发错茶叶"), "High", "Solved", 5, (6, "09:05"), "Overdue"
    ),
    Ticket(
        6,
        "10:00",
        4,
        ("Change of address", "修改收货地址"),
        "Normal",
        "Solved",
        1,
        (6, "10:12"),
        "On time",
        "Phone",
    ),
    Ticket(
        5,
        "14:55",
        27,
        ("Please deliver after Monday", "请周一后送货"),
        "Normal",
        "Waiting for customer",
        1,
        (5, "15:20"),
        "On time",
    ),
    Ticket(
        4, "12:08", 18, ("Is Longjing back soon?", "龙井何时到货?"), "Low", "Open", 5, (4, "14:01"), "On time"
    ),
    Ticket(3, "17:30", 22, ("Tumbler leaks", "随行杯漏水"), "High", "New", None),
    Ticket(
        2, "09:41", 6, ("Paid twice?", "是否重复付款?"), "Urgent", "Open", 3, (2, "10:02"), "On time", "Phone"
    ),
    Ticket(
        1,
        "11:26",
        16,
        ("Discount code refused", "优惠码无法使用"),
        "Normal",
        "Waiting for customer",
        5,
        (1, "12:00"),
        "On time",
        "Chat",
    ),
    Ticket(1, "15:10", 24, ("Parcel is late", "快递延误"), "High", "Open", 5),
    Ticket(0, "08:05", 13, ("Add a gift card, please", "请附一张贺卡"), "Normal", "New", 1),
)
