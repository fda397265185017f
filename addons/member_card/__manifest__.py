{
    "name": "Member Card",
    "version": "19.0.1.0.0",
    "summary": "Members, cards and one wallet ledger for the till and the books",
    "category": "Sales/Point of Sale",
    "author": "Member Suite",
    "license": "AGPL-3",
    "depends": [
        "account",
        "phone_validation",
        "point_of_sale",
        "portal",
        "pos_hr",
    ],
    "data": [
        "security/member_groups.xml",
        "security/ir.model.access.csv",
        "security/member_rules.xml",
        "security/books_rules.xml",
        "data/barcode_rule_data.xml",
        "data/ir_sequence_data.xml",
        "data/member_class_data.xml",
        "data/member_card_cron.xml",
        "data/product_data.xml",
        "views/member_menus.xml",
        "views/pos_config_views.xml",
    ],
    "assets": {
        "point_of_sale._assets_pos": [
            "member_card/static/src/app/**/*",
        ],
        "point_of_sale.customer_display_assets": [
            "member_card/static/src/customer_display/**/*",
        ],
        "web.assets_tests": [
            "member_card/static/tests/tours/**/*",
        ],
        "web.assets_unit_tests": [
            "member_card/static/tests/unit/**/*",
        ],
    },
    "application": True,
    "post_init_hook": "post_init_hook",
    "uninstall_hook": "uninstall_hook",
}
