"""Who and what is on the pictures: names that belong to nobody we know."""

CASHIER = "till_cashier"
COMPANY = "兰亭剧场"
COMPUTER = "FOYER-1"
PASSWORD = "till_cashier_password"
ZONE = "Asia/Shanghai"
"""Of the house and of who works there: one clock on every screen."""
APPROVAL_PIN = "4826"

#: Of the members, by turns in English and in Chinese; see `Screen.member`.
MEMBERS = (
    ("Wang Fang", "王芳"),
    ("Li Qiang", "李强"),
    ("Zhang Min", "张敏"),
    ("Chen Jing", "陈静"),
    ("Liu Yang", "刘洋"),
    ("Zhao Lei", "赵磊"),
    ("Huang Li", "黄丽"),
    ("Zhou Jie", "周杰"),
    ("Wu Lan", "吴兰"),
    ("Xu Gang", "徐刚"),
    ("Hu Ping", "胡萍"),
    ("Zhu Qing", "朱青"),
    ("Gao Yan", "高燕"),
    ("Lin Tao", "林涛"),
    ("He Jing", "何静"),
    ("Luo Min", "罗敏"),
    ("Song Yu", "宋雨"),
    ("Tang Hao", "唐浩"),
    ("Feng Ying", "冯英"),
    ("Dong Mei", "董梅"),
    ("Xiao Bo", "萧波"),
    ("Cheng Li", "程丽"),
    ("Cao Ning", "曹宁"),
    ("Yuan Fei", "袁飞"),
    ("Deng Xue", "邓雪"),
    ("Fu Kang", "傅康"),
    ("Shen Qiu", "沈秋"),
    ("Peng Bin", "彭斌"),
    ("Jiang Hua", "蒋华"),
    ("Cai Wen", "蔡文"),
    ("Jia Rong", "贾蓉"),
    ("Wei Dong", "魏东"),
    ("Xue Lian", "薛莲"),
    ("Ye Ming", "叶明"),
    ("Yan Hong", "严红"),
    ("Du Juan", "杜娟"),
    ("Pan Yun", "潘云"),
    ("Fan Jun", "范军"),
    ("Shi Lei", "石磊"),
    ("Qian Duo", "钱朵"),
    ("Ma Lan", "马兰"),
)
GOODS = {
    "ticket": ("Folding Fan", "戏曲折扇"),
    "tea": ("Longjing Tea", "西湖龙井"),
}
MORE_GOODS = (
    ("Tote Bag", "帆布袋", 68),
    ("Programme", "节目册", 30),
    ("Silk Scarf", "真丝丝巾", 268),
    ("Postcard Set", "明信片套装", 25),
    ("Opera Glasses", "观剧望远镜", 158),
    ("Osmanthus Cake", "桂花糕", 26),
)
REWARDS = (
    ("Money off", "积分抵现", {"kind": "discount", "points_per_unit": 100}),
    (
        "Longjing Tea, 50 g",
        "西湖龙井，半两",
        {"product_id": "tea", "points_cost": 300, "total_quantity": 40},
    ),
    (
        "¥20 bonus",
        "赠送金 20 元",
        {"kind": "bonus", "bonus_amount": 20, "points_cost": 800},
    ),
    (
        "¥500 bonus",
        "赠送金 500 元",
        {"kind": "bonus", "bonus_amount": 500, "points_cost": 20000},
    ),
)
METHODS = {"Cash": "现金", "Bank card": "银行卡"}
STORES = {"SHOP": "Foyer Shop", "SHOP-ZH": "大堂商店"}
USERS = (
    # login, name, language, role
    (f"{CASHIER}_zh", "罗霞", "zh_CN", "cashier"),
    ("supervisor", "Shen Hao", "en_US", "supervisor"),
    ("supervisor_zh", "沈昊", "zh_CN", "supervisor"),
    ("manager", "Lin Yue", "en_US", "manager"),
    ("manager_zh", "林悦", "zh_CN", "manager"),
    ("accountant", "Zheng Shu", "en_US", "accountant"),
    ("accountant_zh", "郑舒", "zh_CN", "accountant"),
)


def english_names():
    """Return what stays English on a Chinese screen: who and what has one name."""
    pairs = (*MEMBERS, *GOODS.values(), *MORE_GOODS)
    names = [english for english, *_chinese in pairs]
    return [
        *names,
        COMPUTER,
        "IC(?=卡)",
        *STORES.values(),
        *(name for _login, name, *_role in USERS),
        "Guo Ning",
    ]
