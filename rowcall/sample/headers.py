"""Which tabs, columns and choices does the sample workbook have, in English and in Chinese?

Chinese columns are their own slugs in templates: `{{ 订单编号 }}`.
"""

from collections.abc import Mapping
from typing import Literal

Language = Literal["en", "zh"]
Pair = tuple[str, str]
"""One name in English and in Chinese."""

TABS: Mapping[str, str] = {
    "Orders": "订单",
    "Order lines": "订单明细",
    "Products": "商品库存",
    "Customers": "客户",
    "Tickets": "咨询投诉",
    "Staff": "员工",
    "Settings": "设置",
    "Overview": "概览",
}

HEADERS: Mapping[str, tuple[Pair, ...]] = {
    "Orders": (
        ("Order No", "订单编号"),
        ("Ordered on", "下单时间"),
        ("Channel", "渠道"),
        ("Customer No", "客户编号"),
        ("Customer name", "客户姓名"),
        ("Email", "邮箱"),
        ("Status", "订单状态"),
        ("Total", "总金额"),
        ("Payment method", "付款方式"),
        ("Tracking No", "运单号"),
        ("Delivered on", "签收日期"),
        ("Marketing consent", "同意营销"),
        ("Unsubscribed", "已退订"),
        ("Review asked on", "邀评日期"),
        ("Review score", "评分"),
        ("Confirmed at", "确认邮件时间"),
        ("Note", "备注"),
    ),
    "Order lines": (
        ("Line No", "明细编号"),
        ("Order No", "订单编号"),
        ("SKU", "商品编码"),
        ("Product", "商品名称"),
        ("Quantity", "数量"),
        ("Unit price", "单价"),
        ("Line total", "小计"),
    ),
    "Products": (
        ("SKU", "商品编码"),
        ("Product", "商品名称"),
        ("Category", "类目"),
        ("Price", "售价"),
        ("Supplier", "供应商"),
        ("On hand", "库存"),
        ("Reorder point", "补货点"),
        ("Active", "在售"),
        ("Low since", "缺货日期"),
        ("Purchase order", "采购单号"),
    ),
    "Customers": (
        ("Customer No", "客户编号"),
        ("Customer name", "客户姓名"),
        ("Email", "邮箱"),
        ("Phone", "电话"),
        ("City", "城市"),
        ("Tier", "等级"),
        ("Customer since", "注册日期"),
    ),
    "Tickets": (
        ("Ticket No", "工单编号"),
        ("Opened at", "提交时间"),
        ("Channel", "渠道"),
        ("Customer", "客户"),
        ("Subject", "主题"),
        ("Priority", "优先级"),
        ("Status", "工单状态"),
        ("Assigned to", "负责人"),
        ("First reply at", "首次回复时间"),
        ("SLA", "时限结果"),
    ),
    "Staff": (
        ("Name", "姓名"),
        ("Email", "邮箱"),
        ("Roles", "角色"),
        ("Active", "在职"),
        ("Away from", "休假开始"),
        ("Away to", "休假结束"),
        ("Backup", "代理人"),
        ("Language", "语言"),
    ),
    "Settings": (
        ("Name", "名称"),
        ("Value", "值"),
        ("About", "说明"),
    ),
}

CHOICES: Mapping[tuple[str, str], tuple[Pair, ...]] = {
    ("Orders", "Channel"): (("Web shop", "网店"), ("Phone", "电话"), ("Store", "门店")),
    ("Orders", "Status"): (
        ("New", "新建"),
        ("Paid", "已付款"),
        ("Shipped", "已发货"),
        ("Delivered", "已签收"),
        ("Cancelled", "已取消"),
        ("Returned", "已退货"),
    ),
    ("Orders", "Payment method"): (
        ("Card", "在线支付"),
        ("Transfer", "银行转账"),
        ("On delivery", "货到付款"),
    ),
    ("Products", "Category"): (
        ("Green tea", "绿茶"),
        ("Black tea", "红茶"),
        ("Oolong", "乌龙茶"),
        ("Herbal", "花草茶"),
        ("Teaware", "茶具"),
    ),
    ("Customers", "Tier"): (("Standard", "普通"), ("Silver", "银卡"), ("Gold", "金卡")),
    ("Tickets", "Channel"): (("Email", "邮件"), ("Phone", "电话"), ("Chat", "在线")),
    ("Tickets", "Priority"): (("Urgent", "紧急"), ("High", "高"), ("Normal", "普通"), ("Low", "低")),
    ("Tickets", "Status"): (
        ("New", "新建"),
        ("Open", "处理中"),
        ("Waiting for customer", "等待客户"),
        ("Solved", "已解决"),
        ("Closed", "已关闭"),
    ),
    ("Tickets", "SLA"): (("On time", "按时"), ("Overdue", "超时"), ("Escalated", "已升级")),
}
"""The choices of each column that has a list, in their order (first = highest rank where it matters)."""

YES: Pair = ("yes", "是")
NO: Pair = ("no", "否")

ROLES: tuple[Pair, ...] = (
    ("warehouse", "仓库"),
    ("service desk", "客服"),
    ("team leads", "主管"),
    ("owners", "店主"),
)


def tab(name: str, language: Language) -> str:
    """Return what the tab of this English name is called in the workbook's language."""
    return name if language == "en" else TABS[name]


def header(table: str, name: str, language: Language) -> str:
    """Return what the column of this English name is called in the workbook's language."""
    return name if language == "en" else dict(HEADERS[table])[name]


def choice(table: str, column: str, value: str, language: Language) -> str:
    """Return what the choice of this English name is called in the workbook's language; "" stays ""."""
    return value if language == "en" or not value else dict(CHOICES[table, column])[value]
