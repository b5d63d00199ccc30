//! Who waits and who is in treatment on the first morning?
//!
//! Courses that nobody counted are opened as in a settled service: each treatment starts as many people a
//! week as demand asks, or as the hours of its pool allow if that is less, and its open cases are
//! starts x share who come to the session x weeks that it takes.

use crate::hours::{WorkOfWeek, pool_minutes};
use crate::luck::Expected;
use crate::pathway::starts_with_steps;
use crate::record::measure::PoolCounts;
use crate::scenario::Spec;
use crate::scenario::stock::{List, Opening};
use crate::timetable::ledger::{heads_by_role, supervise};
use crate::timetable::world::AssessmentCapacity;
use crate::timetable::{Timetable, Treatment, World};
use crate::unit::{Lanes, Quantity, Share};
use crate::workforce::{Moves, People, Present, WeekLength};

/// Shares of people past their first treatment who had it within 6 and within 18 weeks of referral.
#[must_use]
pub fn treated_within(spec: &Spec) -> (f64, f64) {
    let share = |said: &Quantity<Share>| said.mean();
    (
        share(&spec.waiting.first_treated_within_6_weeks),
        share(&spec.waiting.first_treated_within_18_weeks),
    )
}

/// The list of a treatment, if it is stated.
#[must_use]
pub fn list_of<'a>(spec: &'a Spec, place: &Treatment) -> Option<&'a List> {
    let lists = if place.step == 2 {
        &spec.waiting.step2
    } else {
        &spec.waiting.step3
    };
    lists.get(&place.name)
}

/// Weeks that the clock since referral of those who have waited `age` weeks on a list runs ahead.
#[must_use]
pub fn weeks_ahead(list: Option<&List>, age: usize) -> f64 {
    list.map_or(0.0, |list| list.weeks_ahead(age, &[]))
}

/// People by whole weeks waited.
#[must_use]
pub fn by_age(list: &List) -> Vec<f64> {
    list.by_age(&[])
}

/// Open courses by treatment and sessions had: as counted, or as in a settled service.
#[must_use]
pub fn open_cases<const L: usize>(
    spec: &Spec,
    timetable: &Timetable,
    world: &World<L>,
    people: &People<L>,
) -> Vec<Vec<Lanes<L>>> {
    let starts = if spec.open_courses.otherwise == Opening::Steady {
        settled_starts(spec, timetable, world, people)
    } else {
        vec![[0.0; L]; timetable.treatments.len()]
    };
    let open = |index: usize| -> Vec<Lanes<L>> {
        let treatment = &world.treatments[index];
        if let Some(counted) = &world.stock.open[index] {
            return counted.clone();
        }
        let settled: Vec<Vec<f64>> = treatment
            .course
            .iter()
            .map(crate::pathway::Course::open_cases_a_weekly_start)
            .collect();
        let of_session = |had: usize| {
            std::array::from_fn(|lane: usize| {
                settled[lane].get(had).copied().unwrap_or(0.0) * starts[index][lane]
            })
        };
        (0..treatment.complete.len()).map(of_session).collect()
    };
    (0..timetable.treatments.len()).map(open).collect()
}

/// Course starts a week in the long run, with the staff and the demand of the first year.
fn settled_starts<const L: usize>(
    spec: &Spec,
    timetable: &Timetable,
    world: &World<L>,
    people: &People<L>,
) -> Vec<Lanes<L>> {
    let (rooms, ring) = typical_minutes(spec, timetable, world, people);
    let first_year = timetable.weeks().min(52);
    let segments = timetable.segments_of_week[first_year - 1].end;
    let mut starts = vec![[0.0; L]; timetable.treatments.len()];
    for lane in 0..L {
        let referrals: f64 = world.referrals[..segments]
            .iter()
            .map(|r| r[lane])
            .sum::<f64>()
            / first_year as f64;
        let accepted = referrals * (1.0 - world.rejected[lane]) * world.opt_in[lane];
        let can_be_booked =
            ring[lane] / world.assessment.minutes[lane] * world.assessment.attended[lane];
        let attended = world.assessment.attended[lane];
        let share = attended / (attended + world.assessment.discharged[lane]);
        let assessed = (accepted * share).min(can_be_booked);
        let routed: Vec<f64> = world
            .treatments
            .iter()
            .map(|treatment| assessed * treatment.route[lane])
            .collect();
        let wanted = starts_with_steps(&routed, &world.moves(timetable, lane));
        let mut needed = vec![0.0; timetable.roles.len()];
        for (treatment, (place, wanted)) in world
            .treatments
            .iter()
            .zip(timetable.treatments.iter().zip(&wanted))
        {
            needed[place.pools[0]] += wanted * treatment.course[lane].minutes_a_start();
        }
        for (index, place) in timetable.treatments.iter().enumerate() {
            let pool = place.pools[0];
            let share = if needed[pool] > rooms[pool][lane] {
                rooms[pool][lane] / needed[pool]
            } else {
                1.0
            };
            starts[index][lane] = wanted[index] * share;
        }
    }
    starts
}

/// Minutes for treatments by pool, and for assessments, in an average week with the staff of the start.
fn typical_minutes<const L: usize>(
    spec: &Spec,
    timetable: &Timetable,
    world: &World<L>,
    people: &People<L>,
) -> (Vec<Lanes<L>>, Lanes<L>) {
    let year = &timetable.calendar.financial_years[0];
    let worked = f64::from(year.working_days_whole) / f64::from(year.days_whole) * 7.0 / 5.0;
    let mut present = Present::default();
    let length = WeekLength { worked, days: 7.0 };
    let mut moves = Moves::default();
    let mut opening = people.clone();
    let in_training: Vec<_> = world
        .cohorts
        .iter()
        .map(|cohort| crate::workforce::CohortPlan {
            starts: None,
            ..cohort.clone()
        })
        .collect();
    opening.begin_week(
        0,
        &world.role_plans,
        &in_training,
        &mut moves,
        &mut Expected,
    );
    opening.present(
        0,
        length,
        &world.role_plans,
        &in_training,
        &moves,
        &mut present,
    );
    opening.stand_in(0, length, &world.role_plans, &mut present);
    let available: Vec<Lanes<L>> = world
        .roles
        .iter()
        .map(|role| role.lost[0].map(|lost| 1.0 - lost))
        .collect();
    let beyond = supervise(
        spec,
        timetable,
        world,
        0,
        heads_by_role(timetable, world, &world.cohorts, people),
    )
    .beyond;
    let segments = timetable.segments_of_week[0].clone();
    let mut referrals = [0.0; L];
    for segment in segments {
        for lane in 0..L {
            referrals[lane] += world.referrals[segment][lane];
        }
    }
    let mut pools = vec![PoolCounts::default(); timetable.roles.len()];
    let work = WorkOfWeek {
        present: &present,
        worked,
        available: &available,
        supervision_beyond: &beyond,
        referrals: &referrals,
    };
    pool_minutes(timetable, world, &work, &mut pools);
    let mut rooms: Vec<Lanes<L>> = pools
        .iter()
        .map(|pool| {
            std::array::from_fn(|l| pool.bookable[l] - pool.supervision[l] - pool.screening[l])
        })
        .collect();
    let mut ring = [0.0; L];
    match (
        &world.assessment.capacity,
        timetable
            .assessment_role
            .map(|role| timetable.roles[role].pool),
    ) {
        (AssessmentCapacity::PerWeek(slots), _) => {
            ring = std::array::from_fn(|l| slots[l] * world.assessment.minutes[l]);
        }
        (AssessmentCapacity::AtOnce, _) => ring = [f64::INFINITY; L],
        (AssessmentCapacity::RingFence(share), Some(pool)) => {
            for lane in 0..L {
                ring[lane] = rooms[pool][lane] * share[lane];
                rooms[pool][lane] -= ring[lane];
            }
        }
        (AssessmentCapacity::PerWte(slots), Some(pool)) => {
            for lane in 0..L {
                let wanted =
                    present.ramped[pool][lane] * slots[lane] * world.assessment.minutes[lane];
                ring[lane] = wanted.min(rooms[pool][lane]);
                rooms[pool][lane] -= ring[lane];
            }
        }
        (_, None) => {}
    }
    for (room, role) in rooms.iter_mut().zip(&timetable.roles) {
        if has_places(role) {
            *room = [f64::INFINITY; L];
        }
    }
    (rooms, ring)
}

fn has_places(role: &crate::timetable::RolePlace) -> bool {
    role.said.slots.is_some() || role.said.slots_per_wte.is_some()
}
