"""Which orders lie in the sample shop's book, counted back from today?

The last days hold what the shipped rules look for: paid orders (one above the limit of the Settings tab, one
without an address), parcels delivered between a week and a month ago, with and without leave to write.
"""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Order:
    """An order: how many days ago at what time, the customer's number, and (product, quantity) for each line.

    delivered, asked: days ago, or None; score: the customer's answer, or None; note: (English, Chinese).
    """

    days_ago: int
    time: str
    customer: int
    status: str
    lines: tuple[tuple[str, int], ...]
    channel: str = "Web shop"
    payment: str = "Card"
    delivered: int | None = None
    consent: str = "yes"
    unsubscribed: bool = False
    asked: int | None = None
    score: int | None = None
    mailed: bool = True
    confirmed: bool = True
    note: tuple[str, str] = ("", "")


_CALL = ("Called, is on holiday until Monday", "已致电,客户周一前休假")
_GIFT = ("Gift, please wrap", "礼物,请包装")
_BACK = ("Parcel came back, wrong address", "包裹退回,地址有误")
_LIMIT = ("Large order, to be checked by Carla", "大额订单,待主管核对")
_COUNTER = ("Ordered at the counter", "门店下单")

ORDERS = (
    Order(46, "09:12", 1, "Delivered", (("GT-01", 2), ("TW-02", 1)), delivered=41, asked=34, score=5),
    Order(45, "18:40", 4, "Delivered", (("BT-01", 1), ("BT-03", 1)), delivered=40, asked=33),
    Order(43, "07:05", 8, "Delivered", (("OL-01", 1),), delivered=39, consent="no"),
    Order(41, "21:17", 12, "Cancelled", (("HB-01", 3),)),
    Order(40, "11:30", 3, "Delivered", (("TW-01", 1), ("HB-02", 2)), delivered=36, asked=29, score=4),
    Order(38, "14:02", 6, "Delivered", (("GT-04", 2),), delivered=34, asked=27, score=5),
    Order(36, "10:44", 15, "Returned", (("TW-05", 1),), delivered=31, note=_BACK),
    Order(35, "08:21", 2, "Delivered", (("BT-02", 1), ("GT-06", 1)), delivered=30),
    Order(33, "19:55", 19, "Delivered", (("OL-03", 2), ("HB-04", 1)), delivered=29, asked=22, score=2),
    Order(31, "12:12", 10, "Delivered", (("BT-06", 1),), delivered=27, consent="no"),
    Order(30, "16:35", 5, "Delivered", (("GT-03", 1), ("HB-03", 2)), delivered=26, asked=19, score=4),
    Order(28, "09:50", 22, "Delivered", (("TW-04", 1),), delivered=24),
    Order(27, "13:26", 1, "Delivered", (("GT-02", 1), ("GT-05", 1)), delivered=22, note=_GIFT),
    Order(25, "20:08", 17, "Delivered", (("OL-02", 1),), delivered=20, unsubscribed=True),
    Order(24, "07:48", 9, "Cancelled", (("BT-05", 1),), payment="Transfer"),
    Order(22, "15:19", 13, "Delivered", (("HB-01", 1), ("HB-02", 1), ("HB-04", 1)), delivered=17),
    Order(21, "11:03", 25, "Delivered", (("BT-04", 2),), delivered=16, consent=""),
    Order(20, "18:27", 7, "Delivered", (("GT-01", 1), ("OL-01", 1)), delivered=15),
    Order(19, "10:10", 28, "Delivered", (("TW-02", 2), ("GT-02", 1)), delivered=14, channel="Phone"),
    Order(17, "12:41", 11, "Returned", (("TW-01", 1),), delivered=12),
    Order(16, "09:33", 4, "Delivered", (("BT-03", 2),), delivered=11),
    Order(15, "17:52", 20, "Delivered", (("GT-06", 1), ("TW-02", 1)), delivered=10, consent="no"),
    Order(14, "14:14", 16, "Delivered", (("HB-03", 1), ("BT-01", 2)), delivered=9),
    Order(
        13,
        "08:59",
        30,
        "Delivered",
        (("OL-03", 1),),
        delivered=8,
        channel="Store",
        mailed=False,
        note=_COUNTER,
    ),
    Order(12, "19:04", 23, "Delivered", (("GT-04", 1), ("HB-01", 1)), delivered=7),
    Order(11, "11:47", 14, "Delivered", (("BT-02", 1),), delivered=6),
    Order(9, "16:20", 21, "Delivered", (("TW-04", 1), ("BT-06", 1)), delivered=4),
    Order(8, "10:05", 2, "Delivered", (("GT-05", 3),), delivered=3),
    Order(7, "20:31", 18, "Shipped", (("OL-01", 1), ("TW-02", 1))),
    Order(6, "13:13", 27, "Shipped", (("BT-05", 1), ("BT-03", 1)), note=_CALL),
    Order(5, "09:28", 24, "Shipped", (("GT-01", 1),)),
    Order(4, "15:57", 6, "Shipped", (("HB-02", 4),), payment="On delivery"),
    Order(3, "18:02", 29, "Shipped", (("GT-06", 1), ("GT-02", 1))),
    Order(3, "21:40", 12, "Cancelled", (("TW-03", 1),), payment="Transfer"),
    Order(2, "10:36", 26, "Paid", (("BT-01", 1), ("BT-04", 1))),
    Order(2, "17:15", 3, "Paid", (("TW-03", 4),), payment="Transfer", confirmed=False, note=_LIMIT),
    Order(1, "11:22", 8, "Paid", (("OL-03", 1), ("HB-04", 2)), channel="Store", mailed=False, note=_COUNTER),
    Order(1, "19:46", 13, "Paid", (("GT-04", 1), ("TW-01", 1)), confirmed=False),
    Order(0, "07:31", 5, "Paid", (("GT-03", 2),), confirmed=False),
    Order(0, "07:58", 19, "New", (("BT-02", 1), ("TW-02", 1)), payment="Transfer"),
)
