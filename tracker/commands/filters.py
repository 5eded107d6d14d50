"""The filters of a list, as they are typed: `--where KEY=VALUE`."""

from tracker.errors import FactsWrong


def filters(wanted: tuple[str, ...]) -> dict[str, str]:
    """Read the filters; raises `FactsWrong` for one that is none or is given twice."""
    where: dict[str, str] = {}
    for pair in wanted:
        key, equals, value = pair.partition("=")
        if not equals or not value.strip():
            raise FactsWrong(f"--where {pair!r}: write it as KEY=VALUE, like partnership=thscp.")
        if key.strip() in where:
            raise FactsWrong(f"--where {key.strip()} is given twice: give it once.")
        where[key.strip()] = value.strip()
    return where
