from odoo import models
from odoo.exceptions import AccessError
from odoo.tools import SQL, sql

from ..refusals import attempts_logged


class MemberAppendOnlyMixin(models.AbstractModel):
    """Rows that are written once: the ORM and a database trigger refuse the rest."""

    _name = "member.append.only.mixin"
    _description = "Append-only Records"
    _log_access = False
    _append_only_except = ()
    """Columns that foreign keys and a merge of contacts may still change."""

    # === CRUD METHODS === #

    # refusing is the rule here, so core's methods are never reached
    # pylint: disable=method-required-super,no-raise-unlink

    @attempts_logged
    def write(self, vals):
        raise AccessError(
            self.env._("These records are never changed: %s.", self._description)
        )

    @attempts_logged
    def unlink(self):
        raise AccessError(
            self.env._("These records are never deleted: %s.", self._description)
        )

    def _member_attempt(self):
        return {"reference": self._name}

    # === DATABASE === #

    def _auto_init(self):
        # a later version that adds a stored column with a default updates every row
        guarded = not self._abstract and sql.table_exists(self.env.cr, self._table)
        if guarded:
            self._alter_triggers("DISABLE")
        result = super()._auto_init()
        if guarded:
            self._alter_triggers("ENABLE")
        return result

    def _alter_triggers(self, action):
        self.env.cr.execute(
            SQL(
                "ALTER TABLE %s %s TRIGGER USER",
                SQL.identifier(self._table),
                SQL(action),
            )
        )

    def init(self):
        """Install the triggers; runs at install and at each update of the add-on."""
        if self._abstract:
            return
        cr, table = self.env.cr, SQL.identifier(self._table)
        cr.execute(
            """
            CREATE OR REPLACE FUNCTION member_append_only() RETURNS trigger
            LANGUAGE plpgsql AS $$
            BEGIN
                RAISE EXCEPTION '% is append-only, % refused', TG_TABLE_NAME, TG_OP
                USING ERRCODE = 'integrity_constraint_violation', TABLE = TG_TABLE_NAME;
            END $$
            """
        )
        for suffix, events, level, condition in (
            ("append_only", "UPDATE", "ROW", self._append_only_condition()),
            ("no_delete", "DELETE", "ROW", SQL()),
            ("no_truncate", "TRUNCATE", "STATEMENT", SQL()),
        ):
            trigger = SQL.identifier(f"{self._table}_{suffix}")
            cr.execute(SQL("DROP TRIGGER IF EXISTS %s ON %s", trigger, table))
            cr.execute(
                SQL(
                    "CREATE TRIGGER %s BEFORE %s ON %s FOR EACH %s %s "
                    "EXECUTE FUNCTION member_append_only()",
                    trigger,
                    SQL(events),
                    table,
                    SQL(level),
                    condition,
                )
            )

    def _append_only_condition(self):
        if not self._append_only_except:
            return SQL()
        free = SQL("%s::text[]", list(self._append_only_except))
        return SQL(
            "WHEN (to_jsonb(OLD) - %s IS DISTINCT FROM to_jsonb(NEW) - %s)", free, free
        )
