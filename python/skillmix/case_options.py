"""What would be if nothing, or only the least, were done?

Do nothing: whoever leaves is not replaced, and nobody new is trained. Do minimum: posts are kept
filled, and only those train who are in training already or whose intake is planned in the service
as it is. Both are the service with some fields changed, and run as any other.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from skillmix.case_tables import quarters, staff, trajectory, years
from skillmix.measures import broken_rules
from skillmix.wording import rows

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from skillmix.case_targets import Targets
    from skillmix.result import Result
    from skillmix.scenario import Scenario

__all__ = ["DO_MINIMUM", "DO_NOTHING", "do_minimum", "do_nothing", "options", "totals"]

DO_NOTHING = "do nothing"
DO_MINIMUM = "do minimum"

_WHAT = {
    DO_NOTHING: "Leavers are not replaced, and nobody new starts to train",
    DO_MINIMUM: "Posts are kept filled; only what is planned already goes on",
}


def do_nothing(now: Scenario) -> Scenario:
    """The service without recruitment, agency staff and new trainees."""
    changes: dict[str, Any] = {}
    for role, fields in now.to_dict(complete=True)["staff"].items():
        here = f"staff.{role}.recruitment"
        if fields["recruitment"]["policy"] != "frozen":
            changes[f"{here}.policy"] = "frozen"
        if fields["recruitment"].get("agency"):
            changes[f"{here}.agency.share_of_vacancies"] = 0
    return now.with_({"name": DO_NOTHING, "training.intakes": _begun(now), **changes})


def do_minimum(now: Scenario, *, planned: bool) -> Scenario:
    """The service with its posts filled.

    Args:
        now: The service as it is.
        planned: Whether its intakes and changes of posts are planned already; otherwise only the
            intakes that have begun stay.
    """
    changes: dict[str, Any] = {}
    for role, fields in now.to_dict(complete=True)["staff"].items():
        here, recruitment = f"staff.{role}", fields["recruitment"]
        if recruitment["policy"] == "frozen" and recruitment["fill_share"]:
            changes[f"{here}.recruitment.policy"] = "to_posts"
        if recruitment.get("freezes"):
            changes[f"{here}.recruitment.freezes"] = []
        if fields.get("posts_changes") and not planned:
            changes[f"{here}.posts_changes"] = []
    if not planned:
        changes["training.intakes"] = _begun(now)
    return now.with_({"name": DO_MINIMUM, **changes})


def _begun(scenario: Scenario) -> list[dict[str, Any]]:
    """The intakes that have started on the first day."""
    found = scenario.to_dict(complete=True)["training"].get("intakes", [])
    return [dict(one) for one in found if str(one["start"])[:10] <= scenario.start]


def options(
    runs: Mapping[str, Result], preferred: str, targets: Targets
) -> Iterator[dict[str, Any]]:
    """One row an option: cost, waits, completed courses, rules broken."""
    least = totals(runs[DO_MINIMUM])
    for name, run in runs.items():
        sums = totals(run)
        found = quarters(run)
        end = found[-1]
        waits = [float(row["wait_step3_weeks"]) for row in found]
        last = [
            row
            for row in trajectory({**runs, preferred: run}, preferred, targets)
            if row["quarter"] == end["quarter"]
        ]
        year_end = years(run)[-1]["year"]
        broken = broken_rules(run, "condition", "warning")
        yield {
            "option": name,
            "preferred": name == preferred,
            "what": _WHAT.get(name, run.scenario.name),
            **sums,
            "extra_pounds": sums["pounds"] - least["pounds"],
            "extra_finishers": sums["finishers"] - least["finishers"],
            "wait_step3_weeks_peak": max((wait for wait in waits if wait == wait), default=0.0),
            "wait_step3_weeks_end": float(end["wait_step3_weeks"]),
            "wait_step2_weeks_end": float(end["wait_step2_weeks"]),
            "waiting_step3_end": float(end["waiting_step3"]),
            "waiting_assessment_end": float(end["waiting_assessment"]),
            "in_post_end": sum(
                float(row["in_post"]) for row in staff(run) if row["year"] == year_end
            ),
            "targets_missed_end": sum(row["met"] == "no" for row in last),
            "rules_broken": len(broken),
            "broken": "; ".join(broken),
        }


def totals(run: Result) -> dict[str, float]:
    """Pounds and people in the years of the case."""
    kept = years(run)
    names = {str(row["year"]) for row in kept}
    spent = [row for row in rows(run.columns("cost")) if str(row["year"]) in names]
    flows = ("first_treatments", "finishers", "reliably_recovered")
    return {
        "pounds": sum(float(row["pounds"]) for row in spent),
        "service_pounds": sum(float(r["pounds"]) for r in spent if r["payer"] == "service"),
        "recurrent_pounds": sum(float(r["pounds"]) for r in spent if r["recurrent"]),
        "pressure_pounds": sum(float(r["pounds"]) for r in spent if r["funding"] == "pressure"),
        "pounds_full_year": sum(
            float(r["pounds_full_year"]) for r in spent if str(r["year"]) == kept[-1]["year"]
        ),
        **{name: sum(float(row[name]) for row in kept) for name in flows},
    }
