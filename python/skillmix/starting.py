"""Which scenario do the published months of one service make?

What is published goes in as it is; what is not is inferred by arithmetic that each source note
states, or left to the reference pack:

* demand: the twelve published months; season: own months shrunk to England's;
* share who reach an assessment = first assessments / referrals of the year, so that the flow of
  the year is the flow of the scenario;
* routes and recovery: the pack's, scaled by the service's second contacts per assessment and its
  recovery over England's, so that the pack's own calibration to England is kept;
* sessions: the pack's plans, with the drop-out at which a start attends the service's published
  mean; contacts that are no sessions are counted by start (``sessions``);
* missed appointments: the service's shares of all booked appointments, for all but groups;
* queues (Little's law): people = starts a week x weeks waited, everybody's wait being the same, so
  that ages run evenly from 0 to it. Assessment: the service's published mean wait. Treatments:
  England's mean wait from assessment to the first session of that step. The two published lists
  hold the same people, many of whom leave unseen, and are shown in a note;
* staff: the pack's roles, as many as the published year takes (``staffing``).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from skillmix import indicators, sessions, staffing
from skillmix.errors import DataError
from skillmix.published import LICENCE, SOURCE, next_month
from skillmix.service_year import ServiceYear
from skillmix.sessions import number

if TYPE_CHECKING:
    from skillmix.indicators import WorkingDays
    from skillmix.published import Series, Service

    Tree = Mapping[str, Any]

ASKED = (
    "Staff numbers and the lists for Step 2 and Step 3 are not published. Five numbers are asked "
    "for, in with_staff(pwp=, hit=, counsellor=, pwp_trainee=, step3_waiting=): PWPs, high "
    "intensity therapists and counsellors in post (WTE), trainees, and the people waiting for "
    "Step 3. Until then staff are inferred from attended appointments, and these lists from flow "
    "x wait."
)
"""First note of every scenario from public data; dropped once the numbers are given."""

STEPS = {"step2": "mean_li_sessions", "step3": "mean_hi_sessions"}
"""The steps and the published mean of the sessions of their finishers."""


@dataclass(slots=True)
class _Draft:
    """A scenario being put together: values by path, and what is said of them."""

    pack: Tree
    tree: dict[str, Any]
    sources: dict[str, dict[str, str]] = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)
    date: str = ""

    def complete(self) -> dict[str, Any]:
        """What is stated so far, laid over the pack."""
        return _laid_over(self.pack, self.tree)

    def put(self, path: str, value: Any, status: str, note: str = "") -> None:
        """States a value with its status."""
        *above, last = path.split(".")
        table = self.tree
        for key in above:
            table = table.setdefault(key, {})
        table[last] = value
        self.say(path, status, note)

    def say(self, path: str, status: str, note: str = "") -> None:
        """States where a value comes from."""
        said = {"source": SOURCE, "status": status, "date": self.date}
        self.sources[path] = {**said, "note": note} if note else said


def document(
    service: Service,
    series: Series,
    *,
    as_of: str,
    pack: str,
    complete: Tree,
    days: WorkingDays | None = None,
) -> dict[str, Any]:
    """The scenario of one service as a tree that lies over its pack.

    Args:
        service: Look-up row of the service.
        series: Its published months.
        as_of: Last month of the published year used [ISO month].
        pack: Name of the reference pack.
        complete: All that the pack says, as a tree.
        days: What counts working days; the core's calendar by default.

    Returns:
        A tree for ``Scenario.from_dict``.

    Raises:
        DataError: if the month was not published, or too little of the year before it.
    """
    facts = ServiceYear.of(service, series, as_of, days)
    draft = _Draft(
        complete,
        {
            "schema": 1,
            "name": f"{service.name}, as published to {facts.end}",
            "pack": pack,
            "service": {"code": service.code, "title": service.name, "as_of": facts.end},
            "calendar": {"start": f"{next_month(facts.end)}-01"},
        },
        date=facts.end,
    )
    draft.notes.append(ASKED)
    _demand(draft, facts)
    _missed(draft, facts)
    _ways(draft, facts)
    _sessions(draft, facts)
    _recovery(draft, facts)
    _queues(draft, facts)
    _staff(draft, facts)
    _warn_of_gaps(draft, facts)
    draft.notes.append(LICENCE)
    return {**draft.tree, "notes": draft.notes, "sources": draft.sources}


def _demand(draft: _Draft, facts: ServiceYear) -> None:
    year = facts.year("referrals", seasonal=True)
    if year is None:
        raise DataError(
            f"{facts.service.code} published fewer than {indicators.LEAST_MONTHS} of the twelve "
            f"months of referrals to {facts.end}: a year cannot be made of them"
        )
    draft.put(
        "demand.series",
        {
            "months": {
                m: round(float(v), 1) for m, v in zip(year.months, year.values, strict=True)
            },
            "source": SOURCE,
        },
        "published",
        "rounded to 5 at source",
    )
    how = "not published; level of the months beside it x season x working days"
    for month in year.filled:
        draft.say(f"demand.series.months.{month}", "inferred", how)
    if year.filled:
        filled = ", ".join(year.filled)
        draft.notes.append(f"Referrals of {filled} are not published and were filled in.")
    season = [round(float(index), 4) for index in facts.season]
    draft.put(
        "demand.season",
        season,
        "inferred",
        f"own months shrunk to England's season, worth {indicators.SEASON_WORTH:g} years",
    )


def _missed(draft: _Draft, facts: ServiceYear) -> None:
    """DNA and both cancellations as shares of booked, the same for all but groups."""
    stages = ["pathway.assessment"]
    for step in STEPS:
        single = sessions.one_to_one(draft.pack["pathway"], step)
        stages += [f"pathway.{step}.{name}" for name in single]
    for name, measure in [
        ("dna", "appts_dna"),
        ("patient_cancel", "appts_cancelled_patient"),
        ("provider_cancel", "appts_cancelled_provider"),
    ]:
        share, status = facts.share(measure, "appointments"), "published"
        if share is None:
            share, status = facts.share(measure, "appointments", of_england=True), "national"
        if share is None:
            continue
        note = f"{measure} / appointments, twelve months to {facts.end}, all kinds of appointment"
        for stage in stages:
            draft.put(f"{stage}.{name}", round(share, 4), status, note)


def _ways(draft: _Draft, facts: ServiceYear) -> None:
    """Share who reach an assessment, and the shares of those assessed who start a course."""
    pathway = draft.complete()["pathway"]
    reached = facts.ratio("first_assessment", "referrals", seasonal=True)
    kept = staffing.share_assessed_of_opted_in(pathway, facts.assessment_wait()[0] / 7)
    screened = 1 - number(pathway["screening"]["rejected"])
    if reached is not None and screened * kept > 0:
        draft.put(
            "pathway.opt_in.share",
            round(min(1.0, reached / (screened * kept)), 4),
            "derived",
            f"first_assessment / referrals = {reached:.3f}, twelve months to {facts.end}; divided "
            "by the shares who pass screening and who do not give up",
        )
    own = facts.ratio("second_treatment", "first_assessment")
    england = facts.share("second_treatment", "first_assessment", of_england=True)
    if own is None or not england:
        return
    routes, ratio = staffing.scaled_routes(pathway["routes"], own / england)
    if ratio < 0.99 * own / england:
        draft.notes.append(
            f"{own:.2f} second contacts are published per assessment, more than can start a "
            "course: ask the service how it records first assessments."
        )
    draft.put(
        "pathway.routes",
        routes,
        "inferred",
        f"the pack's routes, courses x {ratio:.3f}: {own:.3f} second contacts per assessment here, "
        f"{england:.3f} in England; which step is not published",
    )


def _sessions(draft: _Draft, facts: ServiceYear) -> None:
    """Drop-out, so that a start attends the published mean; contacts that are no sessions."""
    pathway = draft.complete()["pathway"]
    for step, measure in STEPS.items():
        mean, status, of = facts.mean(measure), "inferred", f"of {facts.service.code}"
        if mean is None:
            mean, status, of = facts.mean(measure, of_england=True), "national", "of England"
        if mean is None:
            continue
        for name, held in sessions.held_by_treatment(pathway, step, mean).items():
            fields, path = pathway[step][name], f"pathway.{step}.{name}"
            plan, drop_out = sessions.course_for(fields, held)
            note = (
                f"{measure} {of} is {mean:.2f}; in the pack's proportions {held:.2f} sessions "
                f"attended a start, of {number(plan):g} planned"
            )
            if plan != fields["sessions"]:
                draft.put(f"{path}.sessions", plan, status, f"{note}: longer than the pack's")
            draft.put(f"{path}.drop_out", round(drop_out, 4), status, note)
    _contacts(draft, facts)


def _contacts(draft: _Draft, facts: ServiceYear) -> None:
    """Contacts that are no sessions of a course, by start."""
    attended, assessed = facts.year("appts_attended"), facts.year("first_assessment")
    if attended is None or assessed is None:
        return
    pathway = draft.complete()["pathway"]
    found = sessions.left_over(pathway, assessed.total, attended.total)
    if found.contacts < 0:
        draft.notes.append(
            f"Attended appointments are {-found.contacts:,.0f} fewer than assessments and the "
            "published mean sessions of those who start; staff are inferred from the latter."
        )
    for (step, name), contacts in found.other_contacts.items():
        draft.put(
            f"pathway.{step}.{name}.other_contacts",
            round(contacts, 2),
            "inferred",
            f"of {attended.total:,.0f} attended appointments {assessed.total:,.0f} are assessments "
            f"and {found.contacts:,.0f} neither assessments nor sessions of a course "
            "(assessments for this step, people seen once, other calls); they take staff time",
        )
    if found.not_charged > 0:
        draft.notes.append(
            f"{found.not_charged:,.0f} attended appointments fit neither assessments nor courses "
            "and no staff are inferred for them: ask the service how it records them."
        )


def _recovery(draft: _Draft, facts: ServiceYear) -> None:
    own_recovery, ratio = facts.recovery()
    if own_recovery is None:
        return
    note = f"recovery / finishers at caseness = {own_recovery:.3f}, {ratio:.3f} of England's"
    for step in ("step2", "step3"):
        for name, fields in draft.pack["pathway"][step].items():
            for outcome in ("recovery", "reliable_recovery"):
                share = min(1.0, number(fields[outcome]) * ratio)
                draft.put(f"pathway.{step}.{name}.{outcome}", round(share, 4), "inferred", note)


def _queues(draft: _Draft, facts: ServiceYear) -> None:
    a_day = facts.assessments_a_day()
    if a_day is None:
        draft.notes.append("First assessments are not published: no list could be inferred.")
        return
    pathway = draft.complete()["pathway"]
    wait, status = facts.assessment_wait()
    wait = max(0.0, wait - 7 * int(pathway["opt_in"]["delay_weeks"]))
    sizes = indicators.published_lists(facts.series)
    people = a_day * wait if sizes[0] is None else min(a_day * wait, sizes[0].people)
    said = " and ".join(
        f"{size.people:,.0f} waiting for {what} at the end of {size.month}"
        for size, what in zip(sizes, ("assessment", "treatment"), strict=True)
        if size is not None
    )
    _put_list(
        draft,
        "waiting.assessment",
        people,
        wait,
        "inferred",
        f"{a_day:.1f} first assessments a day x {wait:.0f} days ({status} mean wait)"
        + (f"; published: {said}" if said else ""),
    )
    if said:
        draft.notes.append(
            f"Published lists: {said}. They are mostly the same people, and hold many who will "
            "leave without being seen; the plan starts with those who will be assessed, "
            f"{people:,.0f} (assessments x mean wait)."
        )
    routes = pathway["routes"]
    for step, measure in [("step2", "li"), ("step3", "hi")]:
        days, month = facts.national_wait(f"mean_wait_assess_to_first_{measure}_days")
        for name in draft.pack["pathway"][step]:
            starts = a_day * number(routes.get(step, {}).get(name, 0.0))
            note = f"{starts:.2f} starts a day x {days:.0f} days, England's mean wait in {month}"
            _put_list(draft, f"waiting.{step}.{name}", starts * days, days, "inferred", note)


def _put_list(draft: _Draft, path: str, people: float, days: float, status: str, note: str) -> None:
    value = {"people": round(people, 1), "longest_weeks": round(days / 7, 1)}
    draft.put(path, value, status, note)


def _staff(draft: _Draft, facts: ServiceYear) -> None:
    attended, assessed = facts.year("appts_attended"), facts.year("first_assessment")
    if attended is None or assessed is None:
        draft.notes.append("Too few appointments are published to infer staff: the pack's stand.")
        return
    complete = draft.complete()
    found = staffing.infer(complete, assessed.total)
    note = (
        f"hours that {assessed.total:,.0f} assessments and their courses, "
        f"{attended.total:,.0f} attended appointments to {facts.end}, take with the pack's minutes "
        "and bookable hours, as if all were qualified"
    )
    vacant = f"{note}; and the vacancies that leavers and the time to recruit keep open"
    for role, wte in found.wte.items():
        draft.put(f"staff.{role}.in_post", _rounded(wte), "inferred", note)
        draft.put(f"staff.{role}.posts", _rounded(found.posts[role]), "inferred", vacant)
    for path, value in staffing.limits(complete, found.wte, assessed.total).items():
        draft.put(
            path,
            round(value, 1),
            "inferred",
            f"the published year needs {value / staffing.SLACK:.1f} a WTE, above the pack's limit; "
            f"with {staffing.SLACK:g} for uneven weeks",
        )
    draft.put("training.intakes", [], "inferred", "trainees are not published")
    draft.put(
        "pathway.assessment.ring_fence",
        round(found.ring_fence, 4),
        "inferred",
        "hours of assessments / (hours of assessments + hours of the courses of the same staff): "
        "what is left after supervision and screening serves both alike, whoever is in post",
    )


def _rounded(wte: float) -> float:
    """WTE to one place, or two for a small team."""
    return round(wte, 1 if wte >= 10 else 2)


def _warn_of_gaps(draft: _Draft, facts: ServiceYear) -> None:
    """Names the measures used here that are missing in more than a quarter of the year."""
    used = (
        "first_assessment",
        "second_treatment",
        "appts_attended",
        "appts_dna",
        "appts_cancelled_patient",
        "appts_cancelled_provider",
        "mean_li_sessions",
        "mean_hi_sessions",
    )
    missing = indicators.share_missing(facts.series, facts.end)
    poor = [f"{name} ({missing[name]:.0%})" for name in used if missing[name] > 0.25]
    if poor:
        draft.notes.append(
            f"Suppressed or not reported in the year to {facts.end}: {', '.join(poor)}; where "
            f"fewer than {indicators.LEAST_MONTHS} months are left, the national value or the pack "
            "stands."
        )


def _laid_over(base: Tree, over: Tree) -> dict[str, Any]:
    """``over`` laid over ``base``, as the scenario does it: tables by field, routes as a whole."""
    laid = dict(base)
    for key, value in over.items():
        both = isinstance(value, Mapping) and isinstance(laid.get(key), Mapping)
        spread = isinstance(value, Mapping) and ("varies" in value or "unsure" in value)
        laid[key] = (
            _laid_over(laid[key], value) if both and not spread and key != "routes" else value
        )
    return laid
