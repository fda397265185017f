{
    "name": "Member Test: Sudden Death",
    "summary": "Kills its own process at the worst moment",
    "version": "19.0.1.0.0",
    "license": "AGPL-3",
    "author": "odoo-members contributors",
    "category": "Hidden",
    "depends": ["member_ticketing"],
}
