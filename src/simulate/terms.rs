//! What is the same in every replication? The pathway as thresholds and quantile tables.

use crate::luck::Guide;
use crate::pathway::Booking;
use crate::scenario::Spec;
use crate::scenario::pathway::{GroupStart, QueueRule};
use crate::simulate::person::threshold;
use crate::timetable::{Timetable, Treatment, World};

use super::length::Length;

/// What becomes of a booked appointment, as rising thresholds of one uniform number.
#[derive(Debug, Clone, Copy)]
pub struct Appointment {
    /// Below it they come.
    pub attended: u64,
    /// Below it they do not come.
    pub dna: u64,
    /// Below it they cancel; above it the service does.
    pub patient: u64,
    /// Share of slots cancelled by patients that are used for somebody else.
    pub reused: u64,
}

/// What became of an appointment.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Outcome {
    /// The person came.
    Attended,
    /// The person did not come; the time is used.
    DidNotAttend,
    /// The person cancelled; whether the time is used.
    PatientCancelled(bool),
    /// The service cancelled; no time is used.
    ProviderCancelled,
}

impl Outcome {
    /// Whether staff time is used.
    #[must_use]
    #[inline]
    pub const fn uses_time(self) -> bool {
        matches!(
            self,
            Self::Attended | Self::DidNotAttend | Self::PatientCancelled(true)
        )
    }

    /// The word in the log.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Attended => "attended",
            Self::DidNotAttend => "did_not_attend",
            Self::PatientCancelled(_) => "patient_cancelled",
            Self::ProviderCancelled => "provider_cancelled",
        }
    }
}

impl Appointment {
    fn new(booking: &Booking, reuse: f64) -> Self {
        let rest = booking.attended;
        Self {
            attended: threshold(rest),
            dna: threshold(rest + booking.dna),
            patient: threshold(rest + booking.dna + booking.patient_cancel),
            reused: threshold(reuse),
        }
    }

    /// What becomes of an appointment: the upper half of the luck says who comes, the lower half whether a
    /// slot that a patient cancelled is used for somebody else.
    #[must_use]
    #[inline]
    pub const fn outcome(&self, luck: u64) -> Outcome {
        let who = luck >> 32;
        if who < self.attended {
            Outcome::Attended
        } else if who < self.dna {
            Outcome::DidNotAttend
        } else if who < self.patient {
            Outcome::PatientCancelled((luck & 0xFFFF_FFFF) >= self.reused)
        } else {
            Outcome::ProviderCancelled
        }
    }
}

/// One way of giving a treatment.
#[derive(Debug, Clone)]
pub struct Way {
    /// Its name; empty if there is one way only.
    pub name: String,
    /// Its place among the ways of the treatment.
    pub place: u8,
    /// Threshold of its share and those before it.
    pub up_to: u64,
    /// Minutes of a first session that takes place, other contacts included.
    pub first: f64,
    /// Minutes of a later session that takes place.
    pub later: f64,
}

impl Way {
    /// Staff minutes that a session of that outcome uses.
    #[must_use]
    #[inline]
    pub const fn minutes(&self, outcome: Outcome, first: bool) -> f64 {
        match (outcome.uses_time(), first) {
            (false, _) => 0.0,
            (true, true) => self.first,
            (true, false) => self.later,
        }
    }
}

/// A group that starts and ends together.
#[derive(Debug, Clone, Copy)]
pub struct Closed {
    /// People who fit.
    pub size: usize,
    /// Size for which minutes are reckoned.
    pub exact: f64,
    /// Staff at each session.
    pub facilitators: f64,
    /// Weeks between starts; 0: as soon as one is full.
    pub every_weeks: usize,
    /// Whether people may join while there is room.
    pub late_joiners: bool,
}

/// A treatment.
#[derive(Debug, Clone)]
pub struct Terms {
    /// Whether it is of Step 2.
    pub step2: bool,
    /// Roles whose hours it uses, by index, in order of preference.
    pub pools: Vec<usize>,
    /// Weeks between sessions.
    pub interval: usize,
    /// Sessions planned.
    pub sessions: Guide,
    /// Weeks that it lasts, in place of sessions.
    pub lasts: Option<Length>,
    /// What becomes of its appointments.
    pub appointment: Appointment,
    /// Dropping out after a session that was not the last.
    pub drop_out: u64,
    /// Stepping up after the course, and stepping up or down.
    pub steps: [u64; 2],
    /// Where to.
    pub step_to: [Option<usize>; 2],
    /// At caseness at the start.
    pub at_caseness: u64,
    /// Recovery, and reliable recovery, of those at caseness.
    pub recovery: [u64; 2],
    /// Reliable improvement.
    pub improvement: u64,
    /// Ways of giving it.
    pub ways: Vec<Way>,
    /// Whether a closed group gives it.
    pub closed: Option<Closed>,
    /// Who starts first.
    pub queue: QueueRule,
    /// Share of the list that gives up in a week.
    pub renege: f64,
    /// Sessions missed in a row after which somebody is discharged; 0: never.
    pub missed_most: u8,
    /// Weeks for which a finished course keeps its place.
    pub delay: usize,
    /// Whether it is given in places instead of somebody's hours.
    pub in_places: bool,
    /// Whether there is one way of giving it, and nobody is discharged for missing sessions.
    pub plain: bool,
}

impl Terms {
    /// Whether sessions never slip and nobody is discharged for missing them or later than they end, so that
    /// whoever is in a course stays in one bucket.
    #[must_use]
    pub const fn stays_in_place(&self) -> bool {
        self.in_places && self.plain && self.delay == 0 && self.lasts.is_none()
    }
}

/// The pathway.
#[derive(Debug, Clone)]
pub struct PathwayTerms {
    /// Below it a referral is not rejected.
    pub accepted: u64,
    /// Opting in.
    pub opt_in: u64,
    /// Weeks that opting in takes.
    pub opt_in_delay: usize,
    /// Urgent people.
    pub urgent: u64,
    /// What becomes of assessments that are booked.
    pub assessment: Appointment,
    /// Minutes of an assessment that takes place.
    pub assessment_minutes: f64,
    /// Discharged after an assessment that was missed.
    pub discharged: u64,
    /// Whether an assessment counts as treatment.
    pub counts: u64,
    /// Whether everybody is assessed on the day of referral.
    pub at_once: bool,
    /// Share of the list that gives up in a week.
    pub renege: f64,
    /// Rising thresholds of the treatments, then of the exits.
    pub routes: Vec<u64>,
    /// Treatments.
    pub treatments: Vec<Terms>,
    /// Share of those treated for the first time who come off benefits.
    pub off_benefits: u64,
}

impl PathwayTerms {
    /// The pathway of a scenario.
    #[must_use]
    pub fn new(spec: &Spec, timetable: &Timetable, world: &World<1>, places: &[bool]) -> Self {
        let said = &spec.pathway.assessment;
        let mut booking = Booking::of_assessment(said, &[]);
        if said.at_once {
            booking = Booking::new(0.0, 0.0, 0.0, 0.0);
        }
        let shares = world.treatments.iter().map(|treatment| treatment.route[0]);
        let mut sum = 0.0;
        let routes = shares
            .chain(world.exits.map(|share| share[0]))
            .map(|share| {
                sum += share;
                threshold(sum)
            });
        let mut routes: Vec<u64> = routes.collect();
        // The shares add up to 1 but for the last digits.
        if let Some(last) = routes.iter().rposition(|&t| t > 0) {
            let all = routes[last];
            for route in routes.iter_mut().filter(|route| **route == all) {
                *route = 1 << 32;
            }
        }
        let treatments = timetable.treatments.iter().zip(&world.treatments);
        Self {
            accepted: threshold(1.0 - world.rejected[0]),
            opt_in: threshold(world.opt_in[0]),
            opt_in_delay: world.opt_in_delay,
            urgent: threshold((spec.demand.urgent_share).map_or(0.0, |share| share.mean())),
            assessment: Appointment::new(&booking, said.reuse.mean()),
            assessment_minutes: said.minutes.mean(),
            discharged: threshold(said.discharged_after_missed.mean()),
            counts: threshold(world.assessment.counts[0]),
            at_once: said.at_once,
            renege: world.assessment.renege[0],
            routes,
            treatments: treatments
                .map(|(place, world)| terms(place, world, places))
                .collect(),
            off_benefits: threshold(world.off_benefits[0]),
        }
    }
}

fn terms(
    place: &Treatment,
    world: &crate::timetable::world::TreatmentWorld<1>,
    places: &[bool],
) -> Terms {
    let said = &place.said;
    let course = &world.course[0];
    let booking = course.booking;
    let mut sessions = vec![0.0];
    sessions.extend(said.sessions.shares(&[]));
    let closed = said
        .group
        .filter(|group| group.start != GroupStart::Rolling)
        .map(|group| Closed {
            size: whole(group.size.value()),
            exact: group.size.value(),
            facilitators: group.facilitators.value(),
            every_weeks: if group.start == GroupStart::OnDate {
                group.every_weeks as usize
            } else {
                0
            },
            late_joiners: group.late_joiners,
        });
    let mut up_to = 0.0;
    let usual = [said.first_minutes.mean(), said.followup_minutes.mean()];
    let others = said.other_contacts.map_or(0.0, |contacts| contacts.mean());
    let shared = said
        .group
        .map_or(1.0, |group| group.facilitators.value() / group.size.value());
    let mut ways_so_far = 0;
    let mut way = |name: &str, share: f64, minutes: [f64; 2]| {
        up_to += share;
        ways_so_far += 1;
        Way {
            name: name.into(),
            place: ways_so_far - 1,
            up_to: threshold(up_to),
            first: shared * (minutes[0] + others * minutes[1]),
            later: shared * minutes[1],
        }
    };
    let mut ways: Vec<Way> = if said.delivery.is_empty() {
        vec![way("", 1.0, usual)]
    } else {
        let said = said.delivery.iter();
        said.map(|(name, said)| way(name, said.share.value(), said.minutes(usual, &[])))
            .collect()
    };
    if let Some(last) = ways.last_mut() {
        last.up_to = 1 << 32;
    }
    let reuse = if said.group.is_some() {
        0.0
    } else {
        said.reuse.mean()
    };
    let plain = ways.len() == 1 && closed.is_none() && said.discharged_after_missed.is_none();
    Terms {
        in_places: places[place.pools[0]],
        plain,
        step2: place.step == 2,
        pools: place.pools.clone(),
        interval: world.interval,
        sessions: Guide::new(&sessions),
        lasts: said.duration_weeks.map(|weeks| Length::new(weeks.0)),
        appointment: Appointment::new(&booking, reuse),
        drop_out: threshold(world.drop_out[0]),
        steps: [
            threshold(world.step_up[0]),
            threshold(world.step_up[0] + world.step_down[0]),
        ],
        step_to: [place.step_up_to, place.step_down_to],
        at_caseness: threshold(world.at_caseness[0]),
        recovery: [
            threshold(world.recovery[0]),
            threshold(world.reliable_recovery[0]),
        ],
        improvement: threshold(world.reliable_improvement[0]),
        ways,
        closed,
        queue: said.queue,
        renege: world.renege[0],
        missed_most: said
            .discharged_after_missed
            .map_or(0, |most| u8::try_from(most).unwrap_or(u8::MAX)),
        delay: said.discharge_delay_weeks as usize,
    }
}

#[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)] // a group is small
fn whole(size: f64) -> usize {
    (size.floor() as usize).max(1)
}
