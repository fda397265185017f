"""Who and what the demo company has: tables, without any code.

The names and the phone numbers belong to nobody we know.
"""

from dataclasses import dataclass

TIME_ZONE = "Asia/Shanghai"
COMPANY = "Lanting Theatre 兰亭剧场"
STORES = {
    "SHOP": "Foyer Shop 大堂商店",
    "BAR": "Interval Bar 幕间酒吧",
    "BOX": "Box Office 售票处",
}

#: The PIN of every demo member who has one.
PIN = "8246"

#: login (also the password) → name, language, role
USERS = {
    "manager": ("Lin Yue 林悦", "en_US", "manager"),
    "accountant": ("Zheng Shu 郑舒", "en_US", "accountant"),
    "supervisor": ("Shen Hao 沈昊", "en_US", "supervisor"),
    "cashier": ("Guo Ning 郭宁", "en_US", "cashier"),
    "shouyin": ("Luo Xia 罗霞", "zh_CN", "cashier"),
}

#: category code → name, Chinese, colour, store, VAT in percent
CATEGORIES = {
    "gifts": ("Gifts", "文创礼品", 3, "SHOP", 13),
    "print": ("Books & Music", "书刊音像", 4, "SHOP", 9),
    "drinks": ("Drinks", "酒水饮料", 10, "BAR", 6),
    "snacks": ("Snacks", "茶点小食", 2, "BAR", 6),
    "tickets": ("Tickets", "演出票", 5, "BOX", 6),
}

#: category, name, Chinese, price with tax
PRODUCTS = (
    ("gifts", "Folding Fan", "戏曲折扇", 104.00),
    ("gifts", "Tote Bag", "帆布袋", 68.00),
    ("gifts", "T-shirt", "纪念T恤", 128.00),
    ("gifts", "Silk Scarf", "真丝丝巾", 268.00),
    ("gifts", "Key Ring", "脸谱钥匙扣", 35.00),
    ("gifts", "Opera Glasses", "观剧望远镜", 158.00),
    ("print", "Programme", "节目册", 30.00),
    ("print", "Postcard Set", "明信片套装", 25.00),
    ("print", "Cast Recording (CD)", "演出实录唱片", 108.00),
    ("print", "History of the House", "剧场百年史", 88.00),
    ("drinks", "Longjing Tea", "西湖龙井", 38.00),
    ("drinks", "Americano", "美式咖啡", 28.00),
    ("drinks", "Latte", "拿铁咖啡", 34.00),
    ("drinks", "Plum Juice", "酸梅汤", 22.00),
    ("drinks", "Glass of Red Wine", "红葡萄酒（杯）", 58.00),
    ("drinks", "Draught Beer", "鲜啤酒", 36.00),
    ("drinks", "Mineral Water", "矿泉水", 10.00),
    ("snacks", "Osmanthus Cake", "桂花糕", 26.00),
    ("snacks", "Salted Nuts", "咸味坚果", 24.00),
    ("snacks", "Club Sandwich", "总汇三明治", 48.00),
    ("snacks", "Ice Cream", "冰淇淋", 20.00),
)


@dataclass(frozen=True)
class Member:
    """One demo member.

    `card` is None (no card), 0 (a drawn number) or the running number of a documented
    one. `topup` and `bonus` are in yuan. `story` is acted out after the cards are out.
    """

    name: str
    member_class: str = "ordinary"
    store: str = "SHOP"
    card: int | None = 0
    has_pin: bool = False
    topup: int = 0
    bonus: int = 0
    story: str = ""


def stored(name, store, topup, *, bonus=0, **more):
    """A stored-value member: card, PIN and money."""
    return Member(
        name, "stored_value", store, has_pin=True, topup=topup, bonus=bonus, **more
    )


MEMBERS = (
    stored("王芳 Wang Fang", "SHOP", 500, bonus=50, card=1),
    stored("李强 Li Qiang", "BAR", 60, card=2),
    Member("张敏 Zhang Min", "discount", card=3),
    stored("陈静 Chen Jing", "SHOP", 300, bonus=20, card=4, story="replaced twice"),
    stored("刘洋 Liu Yang", "BAR", 200, card=5, story="card lost"),
    stored("赵磊 Zhao Lei", "SHOP", 800, card=6, story="member frozen"),
    Member("黄丽 Huang Li", "points", "BAR", card=7, story="card frozen"),
    stored("James Carter", "SHOP", 1000, bonus=100),
    stored("周婷 Zhou Ting", "SHOP", 350),
    stored("吴昊 Wu Hao", "BAR", 500, bonus=50),
    stored("徐慧 Xu Hui", "SHOP", 150),
    stored("孙鹏 Sun Peng", "BAR", 2000, bonus=300),
    stored("胡雪 Hu Xue", "SHOP", 100),
    stored("朱琳 Zhu Lin", "BAR", 450),
    stored("高翔 Gao Xiang", "SHOP", 600, bonus=60),
    stored("Emily Brooks", "BAR", 300),
    stored("何俊 He Jun", "BAR", 250),
    stored("郭颖 Guo Ying", "SHOP", 4800),
    Member("马超 Ma Chao", "discount", "BAR"),
    Member("罗兰 Luo Lan", "discount"),
    Member("梁宇 Liang Yu", "discount", "BAR"),
    Member("宋佳 Song Jia", "discount"),
    Member("Oliver Schmidt", "discount"),
    Member("郑凯 Zheng Kai", "discount", "BAR"),
    Member("谢欣 Xie Xin", "discount"),
    Member("韩雨 Han Yu", "points"),
    Member("唐薇 Tang Wei", "points", "BAR"),
    Member("冯刚 Feng Gang", "points"),
    Member("于洁 Yu Jie", "points", "BAR"),
    Member("董浩 Dong Hao", "points"),
    Member("萧红 Xiao Hong", "points", "BAR"),
    Member("Sofia Rossi", "points"),
    Member("程诚 Cheng Cheng"),
    Member("曹玉 Cao Yu", store="BAR"),
    Member("袁野 Yuan Ye", card=None),
    Member("邓超凡 Deng Chaofan", store="BAR", card=None),
    Member("许诺 Xu Nuo"),
    Member("傅瑶 Fu Yao", store="BAR", card=None),
    Member("沈默 Shen Mo", card=None),
    Member("Hana Suzuki", store="BAR"),
)

#: store → orders: (member's running number or None, products, how it is paid)
ORDERS = {
    "SHOP": (
        (1, ("Folding Fan",), "wallet"),
        (3, ("Tote Bag", "Programme"), "card"),
        (None, ("Postcard Set", "Key Ring"), "cash"),
        (4, ("Cast Recording (CD)",), "wallet"),
        (11, ("Silk Scarf",), "wallet and cash"),
    ),
    "BAR": (
        (2, ("Longjing Tea", "Osmanthus Cake"), "wallet"),
        (None, ("Draught Beer", "Salted Nuts"), "cash"),
        (1, ("Latte", "Ice Cream"), "wallet"),
        (7, ("Americano",), "card"),
    ),
}
