{
    "name": "Member Test: Refunds That Pass Each Other",
    "summary": "Negative control of the test of refunds at once",
    "version": "19.0.1.0.0",
    "license": "AGPL-3",
    "author": "odoo-members contributors",
    "category": "Hidden",
    "depends": ["member_card"],
}
