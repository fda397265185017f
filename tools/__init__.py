"""What `make` calls: get Odoo, run PostgreSQL, make databases, run and test.

Only the standard library is imported here, because these modules run before
anything is installed.
"""
