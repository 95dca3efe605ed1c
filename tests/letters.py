"""What do the shipped templates get to print in the tests? One lifelike row for each, in English and Chinese."""

from collections.abc import Mapping
from datetime import UTC, date, datetime

NOW = datetime(2026, 3, 9, 13, 30, tzinfo=UTC)

_ENGLISH: Mapping[str, object] = {"shop": {"name": "Harbour Tea"}, "now": NOW}
_CHINESE: Mapping[str, object] = {"shop": {"name": "海港茶铺"}, "now": NOW}

SAMPLES: Mapping[str, Mapping[str, Mapping[str, object]]] = {
    "en": {
        "order-confirmation.html": {
            **_ENGLISH,
            "order_no": "10023",
            "customer_name": "Zoë <script>alert(1)</script> O'Neill",
            "email": "zoe@example.com",
            "status": "Paid",
            "total": 1234.505,
            "ordered_on": date(2026, 3, 5),
        },
        "low-stock.html": {
            **_ENGLISH,
            "sku": "TEA-007",
            "product": "Darjeeling First Flush {{ 7*7 }}",
            "supplier": None,
            "on_hand": 3.0,
            "reorder_point": 1200.0,
            "because": [
                {"text": "On hand: at most Reorder point", "value": 3.0},
                {"text": "Active: yes", "value": True},
            ],
        },
        "ticket-overdue.html": {
            **_ENGLISH,
            "ticket_no": "T-0815",
            "subject": "The parcel arrived open, and two of the five tins are missing",
            "customer": "Jonas Berg",
            "priority": "Urgent",
            "opened_at": datetime(2026, 3, 6, 9, 5, tzinfo=UTC),
            "assigned_to": None,
            "because": [
                {"text": "Status: one of New, Open", "value": "New"},
                {"text": "First reply at: empty", "value": None},
            ],
        },
        "review-request.html": {
            **_ENGLISH,
            "order_no": "10007",
            "customer_name": None,
            "delivered_on": date(2026, 3, 2),
        },
        "notice.html": {
            **_ENGLISH,
            "headline": "61 mails of “Confirm new orders” are waiting for you",
            "sentences": [
                "The rule may send 50 mails an hour. 61 rows matter now.",
                "Nothing was sent.\nNothing is lost.",
            ],
            "columns": ["Order No", "Customer", "Total"],
            "rows": [["10023", "Zoë O'Neill", "€1,234.51"], ["10024", "Jonas Berg", "€12.00"]],
            "what_to_do": "rowcall release new-order   (send them)\nrowcall drop new-order   (don't)",
        },
    },
    "zh": {
        "order-confirmation.html": {
            **_CHINESE,
            "订单编号": "10023",
            "客户姓名": "王小明",
            "邮箱": "wang@example.com",
            "订单状态": "已付款",
            "总金额": 1234.505,
            "下单时间": date(2026, 3, 5),
        },
        "low-stock.html": {
            **_CHINESE,
            "商品编码": "TEA-007",
            "商品名称": "西湖龙井 明前特级",
            "供应商": "杭州茶厂",
            "库存": 3.0,
            "补货点": 1200.0,
            "because": [{"text": "现有库存: 最多 补货点", "value": 3.0}, {"text": "在售: 是", "value": True}],
        },
        "ticket-overdue.html": {
            **_CHINESE,
            "工单编号": "T-0815",
            "主题": "包裹送到时已被打开，五罐茶叶少了两罐",
            "客户": "李雷",
            "优先级": "紧急",
            "提交时间": datetime(2026, 3, 6, 9, 5, tzinfo=UTC),
            "负责人": "韩梅梅",
            "because": [],
        },
        "review-request.html": {
            **_CHINESE,
            "订单编号": "10007",
            "客户姓名": "王小明",
            "签收日期": date(2026, 3, 2),
        },
        "notice.html": {
            **_CHINESE,
            "headline": "“确认新订单”有 61 封邮件等待您处理",
            "sentences": ["该规则每小时最多发送 50 封邮件，现在有 61 行符合条件。"],
            "columns": [],
            "rows": [],
            "what_to_do": "rowcall release new-order",
        },
    },
}
