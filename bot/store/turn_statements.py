"""The statements about conversations and turns that every message needs.

They are made once: building a statement takes as long as executing it. Parameters that would share a column's name are
called `the_…`, since an UPDATE takes the parameters that are columns' names as what to set.
"""

import sqlalchemy as sa

from bot.store.columns import BigId, Json
from bot.store.tables import TurnStatus, conversations, turns
from bot.store.upsert import DIALECTS, insert

TURN = turns.c.id == sa.bindparam("the_turn", type_=BigId)
OPEN = sa.select(conversations).where(
    conversations.c.person_id == sa.bindparam("person"), conversations.c.ended_at.is_(None)
)
OPEN_IN_CHAT = OPEN.where(conversations.c.chat_id == sa.bindparam("chat"))
OPEN_ELSEWHERE = OPEN.where(conversations.c.chat_id.is_(None))
GET = sa.select(turns).where(TURN)
RECEIVE = {
    name: insert(name, turns).on_conflict_do_nothing(index_elements=["update_id"]).returning(*turns.c)
    for name in DIALECTS
}
SET_MESSAGES = (
    sa.update(turns)
    .where(TURN)
    .values(
        message_ids=sa.bindparam("sent", type_=Json),
        status=sa.case((turns.c.status == TurnStatus.RECEIVED, TurnStatus.ANSWERING), else_=turns.c.status),
        sending_after=sa.bindparam("after", type_=BigId),
    )
)
SET_SENDING = sa.update(turns).where(TURN).values(sending_after=sa.bindparam("after"))
UNLESS_ANSWERED = sa.update(turns).where(TURN, turns.c.status != TurnStatus.ANSWERED).returning(*turns.c)


def answered(
    conversation_id: int | sa.BindParameter[int], before: int | None = None
) -> tuple[sa.ColumnElement[bool], ...]:
    """Return what is true of a conversation's answered turns, those that gave way to another answer left out.

    `before`: only of those that came before this turn.
    """
    later = turns.alias()
    gave_way = sa.exists().where(
        sa.or_(later.c.replaces == turns.c.id, later.c.again_of == turns.c.id),
        later.c.status == TurnStatus.ANSWERED,
    )
    found = (
        turns.c.conversation_id == conversation_id,
        turns.c.status == TurnStatus.ANSWERED,
        turns.c.answer.is_not(None),  # taken out again, see `Texts`
        sa.not_(gave_way),
    )
    return found if before is None else (*found, turns.c.id < before)


EXCHANGES = (
    sa.select(turns.c.question, turns.c.notices, turns.c.answer)
    .where(*answered(sa.bindparam("conversation", type_=BigId)))
    .order_by(turns.c.id.desc())
    .limit(sa.bindparam("most", type_=sa.Integer))
)
EARLIER_EXCHANGES = EXCHANGES.where(turns.c.id < sa.bindparam("before"))
