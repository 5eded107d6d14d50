"""The command line `tracker`: finds a command, runs it, and turns what it raises into a sentence and an exit status.

A command's module is imported when it is called: `tracker --help` reads none of them.
"""

import gc
import sys
from collections.abc import Sequence
from importlib import import_module
from keyword import iskeyword
from types import ModuleType

import click

from tracker.commands.garbage import leave_alone
from tracker.commands.saying import Unwritten, complain, flush, give_up

COMMANDS = {
    "upgrade": "Create the tables or bring them up to date; safe to repeat.",
    "load": "Load partnerships and reviews from files.",
    "import": "Bring in a spreadsheet of actions, .xlsx or .csv; or only try it.",
    "export": "Write the action plan as a file for a spreadsheet.",
    "look-alikes": "Compare the whole plan, and list the actions that likely say the same.",
    "people": "Add people, invite them to sign in, list them, end somebody's time.",
    "deeds": "List every deed with its facts and who may do it.",
    "do": "Do one deed as a person.",
    "show": "Show one record with its clocks, steps and history.",
    "list": "List cases, actions, clocks, jobs and everything else.",
    "run-due": "Do what is due now, and deliver what waits in the outbox.",
    "status": "Say whether all is well: database, clock, jobs, and what waits.",
    "backup": "Write everything into one file, while the service runs.",
    "restore": "Bring a backup back into an empty database; the post is held.",
    "token": "Make a personal token for the JSON interface, shown once.",
    "serve": "Serve the pages on this machine.",
    "schedule": "Plan and deliver alone, for installations of several machines.",
    "demo": "Run the main job on real reviews, in a throw-away database.",
}


class LateCommands(click.Group):
    """A group whose commands are imported when one is called."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Name the commands in the order in which one needs them."""
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Import the module of a command and give the command."""
        if cmd_name not in COMMANDS:
            return None
        name = cmd_name.replace("-", "_")
        command = _imported(f"tracker.commands.{f'{name}_' if iskeyword(name) else name}").command
        assert isinstance(command, click.Command), "each module of commands has one called `command`"
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the list of commands from the table above, without importing one."""
        with formatter.section("Commands"):
            formatter.write_dl(list(COMMANDS.items()))


def _imported(name: str) -> ModuleType:
    """Import a module, which the garbage collector then leaves alone."""
    gc.disable()
    try:
        return import_module(name)
    finally:
        leave_alone()
        gc.enable()


@click.group(cls=LateCommands, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
def tracker() -> None:
    """Take a safeguarding partnership's reviews from a serious incident to learning that is embedded."""


def main() -> None:
    """Run the command line and leave with its exit status."""
    sys.exit(run(sys.argv[1:]))


def run(arguments: Sequence[str]) -> int:
    """Run one command and give its exit status: 0 done, 1 refused, not found or not answered, 2 misused."""
    try:
        status = _status_of(arguments, "--json" in arguments)
        flush()
    except Unwritten as lost:
        give_up(sys.stdout)
        if not lost.nobody_reads:
            complain(str(lost))
        return 1
    return status


def _status_of(arguments: Sequence[str], as_json: bool) -> int:
    try:
        _must_be_text(arguments)
        outcome = _called(arguments)
    except Unwritten:
        raise
    except click.Abort:
        complain("Stopped.")
        return 1
    except click.ClickException as misuse:
        return _misused(misuse, as_json)
    except Exception as fault:
        from tracker.commands.answers import answer

        return answer(fault, as_json)
    return outcome if isinstance(outcome, int) else 0


def _called(arguments: Sequence[str]) -> object:
    try:
        return tracker.main(list(arguments), prog_name="tracker", standalone_mode=False)
    except OSError as fault:
        # The help is written by the library itself, and nothing else is done then.
        if {"-h", "--help"} & set(arguments):
            raise Unwritten(fault) from fault
        raise


def _must_be_text(arguments: Sequence[str]) -> None:
    for argument in arguments:
        if any(0xD800 <= ord(letter) <= 0xDFFF for letter in argument):
            raise click.UsageError("An argument holds bytes that are no text. Write it in UTF-8.")


def _misused(misuse: click.ClickException, as_json: bool) -> int:
    misuse.show()
    if as_json:
        from tracker.commands.answers import print_refusal

        print_refusal("misused", misuse.format_message())
    return misuse.exit_code
