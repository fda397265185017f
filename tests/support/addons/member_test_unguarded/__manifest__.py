{
    "name": "Member Test: the Guard Switched Off",
    "summary": "Negative control of the tests in tests/concurrency",
    "version": "19.0.1.0.0",
    "license": "AGPL-3",
    "author": "odoo-members contributors",
    "category": "Hidden",
    "depends": ["member_hw_proxy", "member_ticketing"],
}
