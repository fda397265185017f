import logging

from odoo import SUPERUSER_ID, api, models

from odoo.addons.member_card.ledger.cursor import ledger_cursor

from ..class_moves import move, plan

_logger = logging.getLogger(__name__)
_PENDING = "member_loyalty.class_rules"


class MemberClassRule(models.Model):
    """Classes at once: a purchase that reaches a class gives it for the next sale."""

    _inherit = "member.class.rule"

    @api.model
    def _judge_after_commit(self, partners, company):
        """Judge these members by the rules once what happened is committed.

        Costs nothing where no rule applies at once. What fails here is left to the
        daily job: the document of the caller stands either way.
        """
        root = company._member_root()
        if not self._at_once_ids(root.id):
            return
        postcommit = self.env.cr.postcommit
        pending = postcommit.data.setdefault(_PENDING, set())
        if not pending:
            # the ledger applies first what this document earned: it is in this queue
            postcommit.add(lambda: postcommit.add(judge))
        pending.update((root.id, partner_id) for partner_id in partners.ids)

        def judge():
            found = {}
            for root_id, partner_id in postcommit.data.pop(_PENDING, ()):
                found.setdefault(root_id, []).append(partner_id)
            try:
                for root_id, partner_ids in found.items():
                    self._raise_at_once(root.browse(root_id), sorted(partner_ids))
            except Exception:
                # the document is committed: its user must not be told that it failed
                _logger.exception("class rules: members %s wait for the job", found)

    @api.model
    def _raise_at_once(self, root, partner_ids=None):
        """Let members rise by the rules that apply at once; return the ids of who did.

        In a transaction of its own. All members of the company, or those named.
        """
        # sudo: rules apply whoever sold
        rules = self.sudo().browse(self._at_once_ids(root.id))
        if not rules:
            return []
        rules = rules.with_context(lang=root.partner_id.lang)
        today = root._member_today()
        source = plan(
            rules, root, today=today, at_review=False, partner_ids=partner_ids
        )
        with ledger_cursor(self.env) as cr:
            cr.execute(move(source, rules, root, today=today))
            moved = [partner_id for (partner_id,) in cr.fetchall()]
        if moved:
            self._tell_moved(moved)
        return moved

    @api.model
    def _tell_moved(self, partner_ids):
        """Let go what is cached of these members, here and at the tills."""
        self.env["res.partner"].invalidate_model(["member_class_id"], flush=False)
        self.env["member.class.assignment"].invalidate_model(flush=False)
        with self.env.registry.cursor() as cr:
            # sudo: tills of every branch hear it
            env = api.Environment(cr, SUPERUSER_ID, {})
            env["res.partner"].browse(partner_ids)._member_tell_tills()
