"""The form beside the action plan that filters it, as a page shows it."""

from functools import lru_cache

from markupsafe import Markup

from tracker.actions.grouping import DUE_WORDS
from tracker.actions.headline import Headline
from tracker.actions.wanted import Wanted
from tracker.web.action_words import LEVEL_WORDS
from tracker.web.pages import build_templates
from tracker.web.plan_filters import SOURCE_CHOICES, STATUS_WORDS, due_in_words


# A headline is the very one that was counted for its reader: what another may see, or is counted anew, is another one.
@lru_cache(maxsize=50)
def filter_form(headline: Headline, wanted: Wanted, by: str, *, leads: bool) -> Markup:
    """Write the form with what is asked for chosen in it; the same is written once, while the same counts stand."""
    template = build_templates().get_template("pages/actions/filter.html")
    return Markup(
        template.render(
            headline=headline,
            wanted=wanted,
            by=by,
            leads=leads,
            status_words=STATUS_WORDS,
            due_words=DUE_WORDS,
            due_in_words=due_in_words,
            level_words=LEVEL_WORDS,
            source_words=SOURCE_CHOICES,
        )
    )
