"""Who buys from the sample shop and who works there? All of them invented, all at example.com."""

from dataclasses import dataclass

from rowcall.sample.headers import Language


@dataclass(frozen=True, slots=True)
class Person:
    """A customer: the name as written, the part of the address before the @, and the city."""

    name: str
    mailbox: str
    city: str

    @property
    def email(self) -> str:
        """The address, in the domain that is set aside for examples (RFC 2606)."""
        return f"{self.mailbox}@example.com"


@dataclass(frozen=True, slots=True)
class Employee:
    """A member of staff; `away` is (first, last day counted from today), `backup` a name of the same list."""

    name: str
    mailbox: str
    roles: tuple[str, ...]
    away: tuple[int, int] | None = None
    backup: str = ""
    active: bool = True

    @property
    def email(self) -> str:
        """The address, in the domain that is set aside for examples (RFC 2606)."""
        return f"{self.mailbox}@example.com"


_ENGLISH = """
Mira Falk, mira.falk, Hamburg
Jonas Feld, jonas.feld, Berlin
Amara Osei, amara.osei, Bremen
Luca Marino, luca.marino, Berlin
Hanna Sommer, hanna.sommer, Leipzig
Tariq Aziz-Lund, tariq.lund, Hamburg
Greta Olsen, greta.olsen, Kiel
Noah Winter, noah.winter, Berlin
Sofia Reyes, sofia.reyes, Potsdam
Paul Achterberg, paul.achterberg, Berlin
Ines Duarte, ines.duarte, Dresden
Max Ohnsorg, max.ohnsorg, Rostock
Yuna Park, yuna.park, Berlin
Oskar Lindqvist, oskar.lindqvist, Hamburg
Clara Vogt, clara.vogt, Hanover
Ravi Menon, ravi.menon, Berlin
Elif Kaya, elif.kaya, Cologne
Tom Brandner, tom.brandner, Munich
Nadia Petrova, nadia.petrova, Berlin
Felix Moor, felix.moor, Bremen
Ida Rosen, ida.rosen, Berlin
Samir Haddad, samir.haddad, Essen
Lotte Krug, lotte.krug, Hamburg
Daniel O'Hara, daniel.ohara, Berlin
Zoë Lambert, zoe.lambert, Aachen
Emre Tan, emre.tan, Berlin
Marta Nowak, marta.nowak, Leipzig
Kai Petersen, kai.petersen, Flensburg
Lea Stein, lea.stein, Berlin
Hugo Bernard, hugo.bernard, Freiburg
"""
_CHINESE = """
陈思雨, chen.siyu, 杭州
林一凡, lin.yifan, 上海
王雨桐, wang.yutong, 南京
张子墨, zhang.zimo, 上海
李若溪, li.ruoxi, 苏州
赵明轩, zhao.mingxuan, 杭州
黄诗涵, huang.shihan, 厦门
周景行, zhou.jingxing, 上海
吴清越, wu.qingyue, 宁波
徐知远, xu.zhiyuan, 上海
孙语嫣, sun.yuyan, 无锡
马千里, ma.qianli, 合肥
朱晚晴, zhu.wanqing, 上海
胡北辰, hu.beichen, 杭州
郭沐阳, guo.muyang, 福州
何书瑶, he.shuyao, 上海
高云帆, gao.yunfan, 广州
罗小满, luo.xiaoman, 成都
郑秋白, zheng.qiubai, 上海
梁思齐, liang.siqi, 绍兴
谢安然, xie.anran, 上海
宋知夏, song.zhixia, 武汉
唐见微, tang.jianwei, 杭州
许多多, xu.duoduo, 上海
邓采薇, deng.caiwei, 长沙
冯时雨, feng.shiyu, 上海
曹望舒, cao.wangshu, 南京
彭远山, peng.yuanshan, 青岛
曾静好, zeng.jinghao, 上海
萧长风, xiao.changfeng, 西安
"""


def _people(text: str) -> tuple[Person, ...]:
    return tuple(Person(*line.split(", ")) for line in text.strip().splitlines())


CUSTOMERS: dict[Language, tuple[Person, ...]] = {"en": _people(_ENGLISH), "zh": _people(_CHINESE)}

STAFF: dict[Language, tuple[Employee, ...]] = {
    "en": (
        Employee("Anna", "anna", ("service desk",)),
        Employee("Ben", "ben", ("warehouse",)),
        Employee("Carla", "carla", ("team leads", "service desk")),
        Employee("Dora", "dora", ("owners",)),
        Employee("Emil", "emil", ("service desk",)),
        Employee("Farah", "farah", ("warehouse",), away=(-2, 5), backup="Ben"),
        Employee("Gustav", "gustav", ("service desk",), active=False),
    ),
    "zh": (
        Employee("安然", "anran", ("客服",)),
        Employee("本初", "benchu", ("仓库",)),
        Employee("佳宁", "jianing", ("主管", "客服")),
        Employee("东晴", "dongqing", ("店主",)),
        Employee("一鸣", "yiming", ("客服",)),
        Employee("方圆", "fangyuan", ("仓库",), away=(-2, 5), backup="本初"),
        Employee("谷雨", "guyu", ("客服",), active=False),
    ),
}
