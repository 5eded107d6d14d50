"""The forms of the publication: the day planned, the copy that goes ahead of it, and the act itself."""

from tracker.web.fields import Field
from tracker.web.step_forms.form import At, StepForm
from tracker.web.step_forms.questions import day, line, words


def _publication(_at: At) -> list[Field]:
    return [
        day("When is the report published?", missing="Enter the date of the publication"),
        line(
            "public_label",
            "What does the public call it? (optional)",
            hint="The title of the published report, up to 100 characters. Never a child’s name or initials.",
        ),
        words(
            "override_reason",
            "Why does it not wait for the 7 working days? (only if it does not)",
            hint="The full report goes to the national Panel and the Secretary of State 7 working days ahead.",
            rows=3,
        ),
    ]


FORMS = (
    StepForm(
        "plan_publication",
        "Plan the publication",
        "Plan the publication",
        "planned the publication",
        lambda _at: [day("When is the report to be published?", missing="Enter the planned date")],
        intro="The full report goes to the national Panel (the Child Safeguarding Practice Review Panel) and the "
        "Secretary of State ahead of this day. If you plan again, the new date counts.",
    ),
    StepForm(
        "record_sent_before_publication",
        "Record that the full report was sent",
        "Record the sending",
        "recorded that the full report was sent ahead of its publication",
        lambda _at: [day("When was it sent?", missing="Enter the date on which it was sent")],
        intro="To the national Panel (the Child Safeguarding Practice Review Panel) and the Secretary of State, ahead "
        "of its publication.",
    ),
    StepForm(
        "publish",
        "Publish the report",
        "Publish the report",
        "published the report",
        _publication,
        intro="This records that the report is public. The national Panel is the Child Safeguarding Practice Review "
        "Panel.",
        warning="Once recorded, a publication cannot be taken back. A wrong date can be corrected, with your name and "
        "the reason.",
        may_override=True,
    ),
)
