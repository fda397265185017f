{
    "name": "Member Loyalty",
    "version": "19.0.1.0.0",
    "summary": "Points, gifts and classes by rule, on the members' ledger",
    "category": "Sales/Point of Sale",
    "author": "Member Suite",
    "license": "AGPL-3",
    "depends": [
        "member_card",
        "partner_contact_birthdate",
        "pos_loyalty",
        "sale_loyalty",
    ],
    "data": [
        "security/member_loyalty_groups.xml",
        "security/ir.model.access.csv",
        "security/member_loyalty_rules.xml",
        "data/member_point_rule_data.xml",
        "data/member_point_warning_data.xml",
        "views/member_loyalty_menus.xml",
        "views/member_class_views.xml",
        "views/member_lot_views.xml",
        "views/member_point_award_views.xml",
        "views/member_point_balance_views.xml",
        "views/member_point_entry_views.xml",
        "views/member_point_rule_views.xml",
        "views/member_point_warning_views.xml",
        "views/res_config_settings_views.xml",
        "views/res_partner_views.xml",
    ],
    "assets": {
        "point_of_sale._assets_pos": [
            "member_loyalty/static/src/app/**/*",
        ],
        "point_of_sale.customer_display_assets": [
            "member_loyalty/static/src/customer_display/**/*",
        ],
        "web.assets_tests": [
            "member_loyalty/static/tests/tours/**/*",
        ],
        "web.assets_unit_tests": [
            "member_loyalty/static/tests/unit/**/*",
        ],
    },
    "post_init_hook": "post_init_hook",
    "uninstall_hook": "uninstall_hook",
}
