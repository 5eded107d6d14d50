"""What falls due: agency by month, so that nobody gets a date in a month that is full already."""

from fastapi import APIRouter, Request
from fastapi.responses import Response

from tracker.actions.queries import may_see_action
from tracker.policy import policy
from tracker.showing.load import load_by_agency, month_in_words, months_from
from tracker.web.action_deeds import READ_ACTIONS
from tracker.web.figures import plan_link
from tracker.web.load_tables import table_of
from tracker.web.pages import page
from tracker.web.visitors import Db, Reader

routes = APIRouter()


@routes.get("/actions/load")
@policy(READ_ACTIONS)
def load(request: Request, db: Db, reader: Reader) -> Response:
    """Show how many open actions each agency has in each of the next twelve months."""
    months = months_from(reader.day)
    by_agency = load_by_agency(db, [may_see_action(reader)], months)
    in_all = {month: sum(one.by_month.get(month, 0) for one in by_agency.values()) for month in months}
    fullest = max(in_all, key=lambda month: in_all[month])
    return page(
        request,
        "pages/actions/load.html",
        table=table_of(by_agency, months),
        in_all=[(month_in_words(month), in_all[month], plan_link(due=month)) for month in months],
        most=in_all[fullest],
        fullest=month_in_words(fullest),
        earlier=sum(one.earlier for one in by_agency.values()),
        first=months[0],
    )
