{
    "name": "Member Hardware",
    "version": "19.0.1.0.0",
    "summary": "Card readers and writers, receipt printers and customer displays",
    "category": "Sales/Point of Sale",
    "author": "Member Suite",
    "license": "AGPL-3",
    "depends": [
        "member_card",
    ],
    "data": [
        "security/member_hw_groups.xml",
        "security/ir.model.access.csv",
        "security/member_hw_rules.xml",
        "security/member_card_encoding_rules.xml",
        "views/member_card_encoding_start_views.xml",
        "views/member_card_encoding_views.xml",
        "views/member_card_issue_views.xml",
        "views/member_card_views.xml",
        "views/member_hw_agent_views.xml",
        "views/member_hw_terminal_views.xml",
        "views/member_hw_assign_views.xml",
        "views/pos_config_views.xml",
        "views/res_config_settings_views.xml",
    ],
    "assets": {
        "web.assets_backend": [
            "member_hw_proxy/static/src/core/**/*",
            "member_hw_proxy/static/src/app/utils/hardware_words.js",
            "member_hw_proxy/static/src/backend/**/*",
        ],
        "point_of_sale._assets_pos": [
            "member_hw_proxy/static/src/core/**/*",
            "member_hw_proxy/static/src/app/**/*",
        ],
        "web.assets_unit_tests": [
            "member_hw_proxy/static/tests/unit/**/*",
        ],
    },
}
