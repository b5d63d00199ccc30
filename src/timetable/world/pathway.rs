//! What becomes of people on the pathway, in `L` worlds?

use super::optional;
use crate::pathway::{Booking, Course};
use crate::scenario::Spec;
use crate::scenario::pathway::{Group, GroupStart};
use crate::timetable::Treatment;
use crate::unit::{Draw, Lanes, lanes};

/// How many assessments can be offered.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum AssessmentCapacity<const L: usize> {
    /// A share of the role's bookable minutes.
    RingFence(Lanes<L>),
    /// Appointments a week for each ramped WTE, out of bookable minutes.
    PerWte(Lanes<L>),
    /// Appointments a week for the service, outside anybody's hours.
    PerWeek(Lanes<L>),
    /// Everybody at once, outside anybody's hours; it takes no minutes.
    AtOnce,
}

/// The assessment in `L` worlds.
#[derive(Debug, Clone)]
pub struct AssessmentWorld<const L: usize> {
    /// Minutes used for each booked appointment.
    pub minutes: Lanes<L>,
    /// Share of the minutes of a booked appointment that is used.
    pub used: Lanes<L>,
    /// Attended share of booked.
    pub attended: Lanes<L>,
    /// Share of booked who are discharged because they missed it.
    pub discharged: Lanes<L>,
    /// Not attended, of booked.
    pub dna: Lanes<L>,
    /// Cancelled by the patient, of booked.
    pub patient_cancel: Lanes<L>,
    /// Cancelled by the service, of booked.
    pub provider_cancel: Lanes<L>,
    /// How many can be offered.
    pub capacity: AssessmentCapacity<L>,
    /// Share that counts as treatment.
    pub counts: Lanes<L>,
    /// Share of the list that gives up in a week.
    pub renege: Lanes<L>,
    /// Whether minutes left over on either side are used on the other.
    pub spill_over: bool,
}

impl<const L: usize> AssessmentWorld<L> {
    /// Whether appointments are outside anybody's hours.
    #[must_use]
    pub const fn outside(&self) -> bool {
        matches!(
            self.capacity,
            AssessmentCapacity::PerWeek(_) | AssessmentCapacity::AtOnce
        )
    }
}

/// A group in a run.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct GroupWorld {
    /// People in one group.
    pub size: f64,
    /// When it starts.
    pub start: GroupStart,
    /// For `on_date`: weeks between starts.
    pub every_weeks: usize,
}

/// A treatment in `L` worlds.
#[derive(Debug, Clone)]
pub struct TreatmentWorld<const L: usize> {
    /// Share of the assessed routed here.
    pub route: Lanes<L>,
    /// Minutes used for each first session booked.
    pub first_minutes: Lanes<L>,
    /// Minutes used for each later session booked.
    pub followup_minutes: Lanes<L>,
    /// Share of the minutes of a booked session that is used.
    pub used: Lanes<L>,
    /// Attended share of booked.
    pub attended: Lanes<L>,
    /// Not attended, of booked.
    pub dna: Lanes<L>,
    /// Cancelled by the patient, of booked.
    pub patient_cancel: Lanes<L>,
    /// Cancelled by the service, of booked.
    pub provider_cancel: Lanes<L>,
    /// Share of those who attend session i+1 for whom it is the last.
    pub complete: Vec<Lanes<L>>,
    /// Share who drop out after an attended session that was not the last.
    pub drop_out: Lanes<L>,
    /// Share of completers stepped up.
    pub step_up: Lanes<L>,
    /// Share of completers stepped down.
    pub step_down: Lanes<L>,
    /// Share of the list that gives up in a week.
    pub renege: Lanes<L>,
    /// Share of finishers at caseness.
    pub at_caseness: Lanes<L>,
    /// Recovery among finishers at caseness.
    pub recovery: Lanes<L>,
    /// Reliable recovery among finishers at caseness.
    pub reliable_recovery: Lanes<L>,
    /// Reliable improvement among finishers.
    pub reliable_improvement: Lanes<L>,
    /// Weeks between sessions.
    pub interval: usize,
    /// If it is a group.
    pub group: Option<GroupWorld>,
    /// The course in the long run, by lane.
    pub course: Vec<Course>,
}

pub fn assessment<const L: usize>(spec: &Spec, draws: &[Draw; L]) -> AssessmentWorld<L> {
    let said = &spec.pathway.assessment;
    let bookings = draws.map(|draw| Booking::of_assessment(said, draw));
    let discharged = lanes(&said.discharged_after_missed, draws);
    let minutes = if said.at_once {
        [0.0; L]
    } else {
        lanes(&said.minutes, draws)
    };
    let capacity = match (&said.ring_fence, &said.slots_per_wte, &said.slots_per_week) {
        _ if said.at_once => AssessmentCapacity::AtOnce,
        (Some(share), _, _) => AssessmentCapacity::RingFence(lanes(share, draws)),
        (_, Some(slots), _) => AssessmentCapacity::PerWte(lanes(slots, draws)),
        (_, _, slots) => {
            AssessmentCapacity::PerWeek(optional(slots.as_ref(), draws).unwrap_or([0.0; L]))
        }
    };
    AssessmentWorld {
        minutes: std::array::from_fn(|lane| minutes[lane] * bookings[lane].used),
        used: bookings.map(|booking| booking.used),
        attended: bookings.map(|booking| booking.attended),
        discharged: std::array::from_fn(|l| {
            (bookings[l].dna + bookings[l].patient_cancel) * discharged[l]
        }),
        dna: bookings.map(|booking| booking.dna),
        patient_cancel: bookings.map(|booking| booking.patient_cancel),
        provider_cancel: bookings.map(|booking| booking.provider_cancel),
        capacity,
        counts: lanes(&said.counts_as_treatment, draws),
        renege: lanes(&said.renege_per_week, draws),
        spill_over: said.spill_over,
    }
}

pub fn treatment<const L: usize>(
    spec: &Spec,
    place: &Treatment,
    draws: &[Draw; L],
) -> TreatmentWorld<L> {
    let said = &place.said;
    let routes = &spec.pathway.routes;
    let course: Vec<Course> = draws.iter().map(|draw| Course::new(said, draw)).collect();
    let longest = course
        .iter()
        .map(|course| course.complete.len())
        .max()
        .unwrap_or(1);
    let complete = |session: usize| {
        std::array::from_fn(|lane: usize| {
            course[lane].complete.get(session).copied().unwrap_or(1.0)
        })
    };
    let of = |value: fn(&Course) -> f64| std::array::from_fn(|lane: usize| value(&course[lane]));
    TreatmentWorld {
        route: draws.map(|draw| routes.to(place.step, &place.name, draw)),
        first_minutes: of(|course| course.first_minutes),
        followup_minutes: of(|course| course.followup_minutes),
        used: of(|course| course.booking.used),
        attended: of(|course| course.booking.attended),
        dna: of(|course| course.booking.dna),
        patient_cancel: of(|course| course.booking.patient_cancel),
        provider_cancel: of(|course| course.booking.provider_cancel),
        complete: (0..longest).map(complete).collect(),
        drop_out: lanes(&said.drop_out, draws),
        step_up: lanes(&said.step_up, draws),
        step_down: lanes(&said.step_down, draws),
        renege: lanes(&said.renege_per_week, draws),
        at_caseness: lanes(&said.at_caseness, draws),
        recovery: lanes(&said.recovery, draws),
        reliable_recovery: lanes(&said.reliable_recovery, draws),
        reliable_improvement: lanes(&said.reliable_improvement, draws),
        interval: said.interval_weeks as usize,
        group: said.group.map(|group: Group| GroupWorld {
            size: group.size.value(),
            start: group.start,
            every_weeks: group.every_weeks as usize,
        }),
        course,
    }
}
