//! How many train together, and how many of them stay, in `L` worlds?

use super::leaving::qualified_weeks;
use crate::scenario::Spec;
use crate::timetable::Timetable;
use crate::timetable::cohorts::{CohortPlace, journey, shares};
use crate::unit::{Draw, Lanes, lanes};
use crate::workforce::{CohortPlan, weekly_survival};

/// The groups of trainees of the timetable with their numbers.
pub fn cohorts<const L: usize>(
    spec: &Spec,
    timetable: &Timetable,
    draws: &[Draw; L],
) -> Vec<CohortPlan<L>> {
    let cohorts = timetable.cohorts.iter();
    cohorts
        .filter_map(|place| cohort(spec, timetable, place, draws))
        .collect()
}

fn cohort<const L: usize>(
    spec: &Spec,
    timetable: &Timetable,
    place: &CohortPlace,
    draws: &[Draw; L],
) -> Option<CohortPlan<L>> {
    let intake = &spec.training.intakes[place.intake];
    let journey = journey(&spec.training, intake, place.outcome)?;
    let begins = timetable.calendar.start;
    let share: Lanes<L> =
        std::array::from_fn(|l| shares(&journey, begins, draws[l])[place.outcome as usize]);
    let of_intake = |heads: Lanes<L>| std::array::from_fn(|lane| heads[lane] * share[lane]);
    let internal_from = intake.internal_from.as_deref().unwrap_or("pwp");
    let leavers = journey
        .route
        .and_then(|route| route.leavers_per_year.as_ref());
    let leavers = leavers.unwrap_or(&journey.course.leavers_per_year);
    Some(CohortPlan {
        who: place.who,
        intake: place.intake,
        outcome: place.outcome,
        becomes: place.becomes,
        trainee_role: place.trainee_role,
        trainees: of_intake(lanes(&intake.trainees, draws)),
        internal: of_intake(
            (intake.internal.as_ref()).map_or([0.0; L], |heads| lanes(heads, draws)),
        ),
        internal_from: timetable.role(internal_from).unwrap_or(0),
        qualified_weeks: qualified_weeks(spec, intake),
        exception_share: (journey.course.exception_share).map_or(0.0, |share| share.value()),
        starts: place.starts,
        qualifies: place.qualifies,
        fails: place.fails,
        free: place.free,
        over: place.over,
        holds_posts: intake.holds_posts.unwrap_or(false),
        stays: lanes(leavers, draws).map(weekly_survival),
        weeks: place.weeks.clone(),
    })
}
