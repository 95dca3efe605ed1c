"""What happens in the demo's two weeks, and which mails and cells must come of it?"""

from decimal import Decimal

from rowcall.demo.script import LOW_STOCK, NEW_ORDER, SURVEY, TICKETS, AwaitedCell, AwaitedMail, Names, Step

ANNA, BEN, CARLA, DORA, EMIL = 1, 2, 3, 4, 5


def story(names: Names) -> tuple[Step, ...]:
    """Return the whole story in order."""
    parts = (_first_look, _an_order, _a_payment, _the_stock, _the_tickets, _the_first_week, _the_second_week)
    return tuple(step for part in parts for step in part(names))


def _first_look(n: Names) -> tuple[Step, ...]:
    low = ("BT-04", "GT-02", "GT-05", "HB-03")
    return (
        Step(
            n.at(0, "08:30"),
            n.say(
                "First look. What was there before is a baseline: paid orders and old deliveries get no mail. "
                "Two tickets have waited too long; four products are low, which must last 30 minutes to count.",
                "第一次查看。原来就有的行只作记录：旧的已付款订单和已签收订单不发邮件。两个咨询已超时；"
                "四种商品库存不足，要持续 30 分钟才算。",
            ),
            mails=(
                AwaitedMail(TICKETS, n.staff(CARLA), "T-311"),
                AwaitedMail(TICKETS, n.staff(EMIL), "T-314"),
            ),
            cells=(
                n.cell(TICKETS, "Tickets", "T-311", "SLA", "Overdue"),
                n.cell(TICKETS, "Tickets", "T-314", "SLA", "Overdue"),
            ),
        ),
        Step(
            n.at(0, "09:00"),
            n.say(
                "The four products are still low. And the question about 9 old deliveries goes out, "
                "because the survey rule may only send after 9.",
                "四种商品仍然不足。邀请评价的规则 9 点后才发信，所以这时才问：原有的 9 个已签收订单怎么办？",
            ),
            mails=(
                *(AwaitedMail(LOW_STOCK, n.staff(BEN), n.product(sku)) for sku in low),
                *(AwaitedMail(SURVEY, n.staff(who), "9") for who in (ANNA, CARLA, EMIL)),
            ),
            cells=tuple(n.cell(LOW_STOCK, "Products", sku, "Low since", f"{n.monday}") for sku in low),
        ),
    )


def _an_order(n: Names) -> tuple[Step, ...]:
    half = n.line(
        "Orders",
        "HT-1041",
        Ordered_on=n.at(0, "09:08"),
        Channel="Phone",
        Customer_No="C-023",
        Customer_name=n.customer_name(23),
        Status="Paid",
    )
    rest = (
        n.typed("Orders", "HT-1041", "Email", n.customer(23)),
        n.typed("Orders", "HT-1041", "Total", Decimal("26.30") if n.language == "en" else Decimal(194)),
        n.typed("Orders", "HT-1041", "Payment method", "Transfer"),
    )
    confirmed = n.cell(
        NEW_ORDER, "Orders", "HT-1041", "Confirmed at", f"{n.at(0, '09:12'):%Y-%m-%d %H:%M:%S}"
    )
    return (
        Step(
            n.at(0, "09:10"),
            n.say("A half-typed row acts on nobody.", "只填了一半的行，不会惊动任何人。"),
            people=(
                n.say(
                    f"{n.name(ANNA)} types order HT-1041, paid, but is called away before the address.",
                    f"{n.name(ANNA)}录入订单 HT-1041，已付款，还没填邮箱就被叫走了。",
                ),
                n.say(
                    f"{n.name(CARLA)} answers the question: rowcall answer survey-due leave",
                    f"{n.name(CARLA)}回答了那个问题：rowcall answer survey-due leave",
                ),
            ),
            edits=(half,),
            leave=SURVEY,
        ),
        Step(
            n.at(0, "09:11"),
            n.say("New rows must stay the same for 30 seconds first.", "新行要先保持 30 秒不变。"),
            people=(
                n.say(
                    f"{n.name(ANNA)} comes back and fills in the rest.", f"{n.name(ANNA)}回来把其余的填完。"
                ),
            ),
            edits=rest,
        ),
        Step(
            n.at(0, "09:12"),
            n.say("Now the row is complete and calm.", "这一行现在完整了，也不再变动。"),
            mails=(AwaitedMail(NEW_ORDER, n.customer(23), "HT-1041"),),
            cells=(confirmed,),
        ),
    )


def _a_payment(n: Names) -> tuple[Step, ...]:
    late = n.cell(NEW_ORDER, "Orders", "HT-1040", "Confirmed at", f"{n.at(0, '10:00'):%Y-%m-%d %H:%M:%S}")
    return (
        Step(
            n.at(0, "10:00"),
            n.say("One changed cell is enough.", "改一个单元格就够了。"),
            people=(
                n.say(
                    "The transfer for HT-1040 has come: its status becomes Paid.",
                    "HT-1040 的转账到了：状态改为“已付款”。",
                ),
            ),
            edits=(n.typed("Orders", "HT-1040", "Status", "Paid"),),
            mails=(AwaitedMail(NEW_ORDER, n.customer(19), "HT-1040"),),
            cells=(late,),
        ),
    )


def _the_stock(n: Names) -> tuple[Step, ...]:
    return (
        Step(
            n.at(0, "10:10"),
            n.say(
                "Below the reorder point, but not yet for 30 minutes. The answered ticket falls silent.",
                "低于补货点，但还不到 30 分钟。已回复的咨询不再提醒。",
            ),
            people=(
                n.say(
                    f"{n.name(BEN)} enters sales: Chrysanthemum 29 → 8, Matcha 16 → 6.",
                    f"{n.name(BEN)}登记销售：杭白菊 29 → 8，抹茶 16 → 6。",
                ),
                n.say(f"{n.name(EMIL)} answers ticket T-314.", f"{n.name(EMIL)}回复了咨询 T-314。"),
            ),
            edits=(
                n.typed("Products", "HB-04", "On hand", Decimal(8)),
                n.typed("Products", "GT-06", "On hand", Decimal(6)),
                n.typed("Tickets", "T-314", "First reply at", n.at(0, "10:05")),
            ),
        ),
        Step(
            n.at(0, "10:25"),
            n.say("Corrected within 30 minutes: nobody was woken.", "30 分钟内改正了：没有打扰任何人。"),
            people=(
                n.say(
                    f"{n.name(BEN)} notices a slip: Chrysanthemum is 28, not 8.",
                    f"{n.name(BEN)}发现打错了：杭白菊是 28，不是 8。",
                ),
            ),
            edits=(n.typed("Products", "HB-04", "On hand", Decimal(28)),),
        ),
        Step(
            n.at(0, "10:40"),
            n.say("Matcha has been low for 30 minutes.", "抹茶不足已满 30 分钟。"),
            mails=(AwaitedMail(LOW_STOCK, n.staff(BEN), n.product("GT-06")),),
            cells=(n.cell(LOW_STOCK, "Products", "GT-06", "Low since", f"{n.monday}"),),
        ),
        Step(
            n.at(0, "11:00"),
            n.say(
                "Rows are known by their key, and Rowcall by what it wrote down: nothing is sent.",
                "Rowcall 靠编号认行，靠自己的记录认事：什么也不发。",
            ),
            people=(
                n.say(
                    f"{n.name(ANNA)} sorts Orders by customer and Products by stock. Then the computer restarts.",
                    f"{n.name(ANNA)}把订单按客户、商品按库存排序。随后电脑重启。",
                ),
            ),
            edits=(n.sort("Orders", "Customer name"), n.sort("Products", "On hand", descending=True)),
            restart=True,
        ),
    )


def _the_tickets(n: Names) -> tuple[Step, ...]:
    order = tuple(n.typed("Products", sku, "Purchase order", f"PO-12{number}") for number, sku in
                  enumerate(("BT-04", "GT-02", "GT-05", "GT-06")))  # fmt: skip
    return (
        Step(
            n.at(0, "12:30"),
            n.say(
                "Nobody has answered T-311 for another four hours: the next one up. T-315 is late now, too. "
                "T-314 was answered, so its reminders have stopped.",
                "T-311 又过了四小时无人回复：上报一级。T-315 也超时了。T-314 已回复，不再提醒。",
            ),
            mails=(
                AwaitedMail(TICKETS, n.staff(CARLA), "T-311"),
                AwaitedMail(TICKETS, n.staff(ANNA), "T-315"),
            ),
            cells=(n.cell(TICKETS, "Tickets", "T-315", "SLA", "Overdue"),),
        ),
        Step(
            n.at(0, "14:00"),
            n.say("Everything here ends reminders, or begins to wait.", "这些都会让提醒停止，或开始等待。"),
            people=(
                n.say(
                    f"{n.name(BEN)} orders all that is low but Rooibos; {n.name(ANNA)} answers T-315; "
                    "parcel HT-1029 is delivered.",
                    f"{n.name(BEN)}除博士茶外都下了采购单；{n.name(ANNA)}回复了 T-315；订单 HT-1029 签收。",
                ),
            ),
            edits=(
                *order,
                n.typed("Tickets", "T-315", "First reply at", n.at(0, "13:10")),
                n.typed("Tickets", "T-315", "Status", "Solved"),
                n.typed("Orders", "HT-1029", "Status", "Delivered"),
                n.typed("Orders", "HT-1029", "Delivered on", n.monday),
            ),
        ),
    )


def _asked(n: Names, key: str, day: int) -> AwaitedCell:
    return n.cell(SURVEY, "Orders", key, "Review asked on", f"{n.at(day, '09:00').date()}")


def _the_first_week(n: Names) -> tuple[Step, ...]:
    return (
        Step(
            n.at(1, "09:00"),
            n.say("HT-1026 was delivered a week ago: the survey.", "HT-1026 签收满一周：邀请评价。"),
            mails=(AwaitedMail(SURVEY, n.customer(14), "HT-1026"),),
            cells=(_asked(n, "HT-1026", 1),),
        ),
        Step(
            n.at(1, "12:30"),
            n.say(
                "One more day without an answer to T-311: the owner hears of it.",
                "T-311 又一天无人回复：上报店主。",
            ),
            mails=(AwaitedMail(TICKETS, n.staff(DORA), "T-311"),),
            cells=(n.cell(TICKETS, "Tickets", "T-311", "SLA", "Escalated"),),
        ),
        Step(
            n.at(1, "14:00"),
            n.say("From now on T-311 is silent, too.", "从此 T-311 也不再提醒。"),
            people=(n.say(f"{n.name(CARLA)} answers T-311.", f"{n.name(CARLA)}回复了 T-311。"),),
            edits=(n.typed("Tickets", "T-311", "First reply at", n.at(1, "13:50")),),
        ),
        Step(
            n.at(3, "09:00"),
            n.say(
                "Three days, and Rooibos is not ordered yet: a reminder. Another week-old delivery.",
                "三天了，博士茶还没有采购单：提醒。又一个订单签收满一周。",
            ),
            mails=(
                AwaitedMail(LOW_STOCK, n.staff(BEN), n.product("HB-03")),
                AwaitedMail(SURVEY, n.customer(21), "HT-1027"),
            ),
            cells=(_asked(n, "HT-1027", 3),),
        ),
    )


def _the_second_week(n: Names) -> tuple[Step, ...]:
    return (
        Step(
            n.at(4, "09:00"),
            n.say("And another one.", "再一个。"),
            people=(
                n.say(
                    f"{n.name(BEN)} orders Rooibos; the customer of HT-1026 gave 5 of 5.",
                    f"{n.name(BEN)}给博士茶下了采购单；HT-1026 的客户打了 5 分。",
                ),
            ),
            edits=(
                n.typed("Products", "HB-03", "Purchase order", "PO-124"),
                n.typed("Orders", "HT-1026", "Review score", Decimal(5)),
            ),
            mails=(AwaitedMail(SURVEY, n.customer(2), "HT-1028"),),
            cells=(_asked(n, "HT-1028", 4),),
        ),
        Step(
            n.at(7, "09:00"),
            n.say(
                "HT-1029, delivered on the first day, is a week old. HT-1026 has answered: no reminder.",
                "第一天签收的 HT-1029 满一周了。HT-1026 已评分：不再提醒。",
            ),
            mails=(AwaitedMail(SURVEY, n.customer(18), "HT-1029"),),
            cells=(_asked(n, "HT-1029", 7),),
        ),
        Step(
            n.at(8, "09:00"),
            n.say(
                "HT-1027 has not answered for five days: one reminder.", "HT-1027 五天没有回答：提醒一次。"
            ),
            mails=(AwaitedMail(SURVEY, n.customer(21), "HT-1027"),),
        ),
        Step(
            n.at(8, "09:00"),
            n.say("A second run at the same moment sends nothing.", "同一时刻再运行一次，什么也不发。"),
            restart=True,
        ),
    )
