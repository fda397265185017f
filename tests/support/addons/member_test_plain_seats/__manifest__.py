{
    "name": "Member Test: Seats as Odoo Counts Them",
    "summary": "What P8 is measured against",
    "version": "19.0.1.0.0",
    "license": "AGPL-3",
    "author": "odoo-members contributors",
    "category": "Hidden",
    "depends": ["member_ticketing"],
}
