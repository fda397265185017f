{
    "name": "Member Ticketing",
    "version": "19.0.1.0.0",
    "summary": "Sales policies by class, seats that never oversell, box office",
    "category": "Sales/Point of Sale",
    "author": "Member Suite",
    "license": "AGPL-3",
    "depends": [
        "member_loyalty",
        "pos_event_sale",
        "website_event_sale",
    ],
    "data": [
        "security/member_ticketing_groups.xml",
        "security/ir.model.access.csv",
        "security/member_ticketing_rules.xml",
        "security/processing_rules.xml",
        "data/ticket_cron.xml",
        "data/ticket_mail_data.xml",
        "data/member_seat_cron.xml",
        "views/member_ticketing_menus.xml",
        "views/member_seat_views.xml",
        "views/member_ticket_exception_views.xml",
        "views/portal_templates.xml",
        "views/member_ticket_policy_views.xml",
        "views/member_ticket_issue_views.xml",
        "views/sale_order_processing_views.xml",
        "views/event_registration_desk_views.xml",
        "views/member_ticket_policy_copy_views.xml",
        "views/event_event_views.xml",
        "views/event_type_views.xml",
    ],
    "post_init_hook": "post_init_hook",
    "uninstall_hook": "uninstall_hook",
    "assets": {
        "web.assets_backend": [
            "member_ticketing/static/src/backend/**/*",
        ],
        "point_of_sale._assets_pos": [
            "member_ticketing/static/src/app/**/*",
        ],
        "point_of_sale.customer_display_assets": [
            "member_ticketing/static/src/customer_display/**/*",
        ],
        "web.assets_tests": [
            "member_ticketing/static/tests/tours/**/*",
        ],
        "web.assets_unit_tests": [
            "member_ticketing/static/tests/unit/**/*",
        ],
    },
}
