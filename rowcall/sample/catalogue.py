"""What does the sample shop sell, and how much of it is left?"""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Product:
    """A product in both languages; `euro` and `yuan` are its price in either shop.

    left, point: what is on hand, and the count at which the shop wants to buy again.
    """

    sku: str
    english: str
    chinese: str
    category: str
    euro: float
    yuan: float
    supplier: int
    left: int
    point: int
    active: bool = True
    ordered: str = ""


SUPPLIERS = (("Acme Teas", "云上茶业"), ("Blue Mountain Gardens", "蓝山茶园"), ("Kiln & Clay", "窑火陶坊"))

PRODUCTS = (
    Product("GT-01", "Sencha 100 g", "煎茶 100克", "Green tea", 9.80, 78.0, 0, 64, 20),
    Product("GT-02", "Longjing 50 g", "西湖龙井 50克", "Green tea", 16.50, 168.0, 1, 11, 12),
    Product("GT-03", "Gunpowder 250 g", "珠茶 250克", "Green tea", 8.40, 52.0, 0, 37, 15),
    Product("GT-04", "Jasmine pearls 50 g", "茉莉龙珠 50克", "Green tea", 14.90, 128.0, 1, 28, 12),
    Product("GT-05", "Genmaicha 100 g", "玄米茶 100克", "Green tea", 8.90, 66.0, 0, 20, 20),
    Product("GT-06", "Matcha tin 30 g", "抹茶 30克", "Green tea", 24.00, 198.0, 0, 16, 8),
    Product("BT-01", "Assam 100 g", "阿萨姆红茶 100克", "Black tea", 7.60, 58.0, 0, 52, 25),
    Product(
        "BT-02", "Darjeeling first flush 100 g", "大吉岭春茶 100克", "Black tea", 18.90, 158.0, 1, 19, 10
    ),
    Product("BT-03", "Keemun 100 g", "祁门红茶 100克", "Black tea", 12.40, 96.0, 1, 33, 12),
    Product("BT-04", "Earl Grey 100 g", "伯爵红茶 100克", "Black tea", 8.20, 62.0, 0, 4, 20),
    Product("BT-05", "Smoky Lapsang 100 g", "正山小种 100克", "Black tea", 11.80, 108.0, 1, 22, 10),
    Product("BT-06", "Breakfast blend 500 g", "早餐红茶 500克", "Black tea", 21.50, 148.0, 0, 41, 15),
    Product("OL-01", "Tieguanyin 100 g", "铁观音 100克", "Oolong", 15.60, 138.0, 1, 26, 10),
    Product("OL-02", "Da Hong Pao 50 g", "大红袍 50克", "Oolong", 22.00, 188.0, 1, 6, 8, ordered="PO-118"),
    Product("OL-03", "Milk oolong 100 g", "奶香金萱 100克", "Oolong", 13.20, 112.0, 1, 30, 12),
    Product("HB-01", "Camomile 80 g", "洋甘菊 80克", "Herbal", 6.40, 45.0, 0, 48, 20),
    Product("HB-02", "Peppermint 100 g", "薄荷 100克", "Herbal", 5.90, 42.0, 0, 55, 20),
    Product("HB-03", "Rooibos vanilla 100 g", "香草博士茶 100克", "Herbal", 7.20, 56.0, 0, 0, 15),
    Product("HB-04", "Chrysanthemum 50 g", "杭白菊 50克", "Herbal", 8.80, 48.0, 1, 29, 10),
    Product("HB-05", "Winter spice 100 g", "冬日香料茶 100克", "Herbal", 7.90, 60.0, 0, 3, 10, active=False),
    Product("TW-01", "Glass pot 600 ml", "玻璃茶壶 600毫升", "Teaware", 29.00, 138.0, 2, 14, 5),
    Product("TW-02", "Gaiwan, white", "白瓷盖碗", "Teaware", 19.50, 88.0, 2, 21, 6),
    Product("TW-03", "Yixing pot 180 ml", "紫砂壶 180毫升", "Teaware", 148.00, 980.0, 2, 7, 3),
    Product("TW-04", "Travel tumbler 400 ml", "随行杯 400毫升", "Teaware", 24.50, 118.0, 2, 18, 8),
    Product("TW-05", "Tea tray, bamboo", "竹茶盘", "Teaware", 58.00, 268.0, 2, 9, 4),
)
