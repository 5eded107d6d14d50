"""How the story passes its learning on: the seven-minute briefing, written, refused while it is not whole, approved."""

from tracker.demo.teller import Teller
from tracker.demo.tower_hamlets import CASEY

_FIRST = {
    "title": "One story, four services: sharing what we know the same day",
    "why_this_matters": (
        "Most of the children we worry about are known to more than one service. Each holds a part of the story.\n"
        "When the parts meet late, help comes late."
    ),
    "what_happened": (
        "Four services each knew a part of what worried them. Nobody put the parts together in time. "
        "Relatives who helped with the care were not asked what they saw."
    ),
    "what_we_learnt": (
        "- Each service asked about the child it saw, and none about the others at home\n"
        "- What one service learnt reached the others after weeks\n"
        "- Relatives knew more than the records did"
    ),
}
_REST = {
    "what_worked_well": (
        "- One ward sister rang round until somebody listened\n"
        "- A school wrote down what it heard, word for word\n"
        "- The panel met within days"
    ),
    "what_is_changing": (
        "- Every ward asks who else cares for the child\n"
        "- Services share what they learn within one working day\n"
        "- Every assessment hears the relatives who care"
    ),
    "what_you_can_do_today": (
        "- Ask: “Who else lives with you, and who helps you?”\n"
        "- Ring the other service. Do not wait for the file\n"
        "- Write down what relatives tell you, in their words"
    ),
    "talk_about_it": (
        "- Think of the last family you met. Who else knew them?\n"
        "- What would have to change for you to ring the same day?"
    ),
}


def share_the_learning(story: Teller) -> None:
    """Write the briefing in two sittings, and approve it when it is whole."""
    story.day("2023-11-13")
    story.does(CASEY, "write_briefing", "begins the seven-minute briefing for all staff.", **_FIRST)
    story.refused(CASEY, "approve_briefing", "tries to approve it with three boxes written.")
    story.day("2023-11-15")
    story.does(CASEY, "write_briefing", "writes the other four boxes.", **_REST)
    words = "approves it as version 1: one page of A4, with nothing on it that names the case."
    story.does(CASEY, "approve_briefing", words)
