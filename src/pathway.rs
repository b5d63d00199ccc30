//! What is a course, in the long run: how many sessions, how many minutes, how many complete it?
//!
//! ```text
//! reach(1) = 1;  reach(i+1) = reach(i) (1 - complete(i)) (1 - drop-out)
//! sessions attended a start = sum reach(i);  booked = attended / attended share
//! minutes a start = (first + follow-up x (other contacts + sum of reach(2..))) x used / attended share
//! complete(i) = share planned i sessions among those planned at least i
//! ```

use crate::scenario::pathway::Routes;
use crate::scenario::pathway::{Assessment, Modality, Pathway};
use crate::unit::Draw;

/// Shares of booked appointments.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Booking {
    /// Attended share of booked.
    pub attended: f64,
    /// Share of the minutes of a booked appointment that is used.
    pub used: f64,
    /// Did not attend.
    pub dna: f64,
    /// Cancelled by the patient.
    pub patient_cancel: f64,
    /// Cancelled by the service.
    pub provider_cancel: f64,
}

impl Booking {
    /// attended = 1 - DNA - patient - provider; used = 1 - provider - patient x reused.
    #[must_use]
    pub fn new(dna: f64, patient_cancel: f64, provider_cancel: f64, reuse: f64) -> Self {
        Self {
            attended: 1.0 - dna - patient_cancel - provider_cancel,
            used: 1.0 - provider_cancel - patient_cancel * reuse,
            dna,
            patient_cancel,
            provider_cancel,
        }
    }

    /// Booking shares of the assessment in one drawn world; one that is at once is not missed.
    #[must_use]
    pub fn of_assessment(a: &Assessment, draw: Draw) -> Self {
        if a.at_once {
            return Self::new(0.0, 0.0, 0.0, 0.0);
        }
        Self::new(
            a.dna.at(draw),
            a.patient_cancel.at(draw),
            a.provider_cancel.at(draw),
            a.reuse.at(draw),
        )
    }

    /// Booking shares of a treatment in one drawn world. A group's minutes are used whoever comes.
    #[must_use]
    pub fn of_treatment(m: &Modality, draw: Draw) -> Self {
        let reuse = if m.group.is_some() {
            0.0
        } else {
            m.reuse.at(draw)
        };
        Self::new(
            m.dna.at(draw),
            m.patient_cancel.at(draw),
            m.provider_cancel.at(draw),
            reuse,
        )
    }
}

/// A course in the long run, in one drawn world.
#[derive(Debug, Clone, PartialEq)]
pub struct Course {
    /// Shares of bookings.
    pub booking: Booking,
    /// Share of those who attend session i+1 for whom it was the last one planned.
    pub complete: Vec<f64>,
    /// Share who drop out after an attended session that was not the last.
    pub drop_out: f64,
    /// Minutes of staff time for each first session booked, other contacts included.
    pub first_minutes: f64,
    /// Minutes of staff time for each later session booked.
    pub followup_minutes: f64,
    /// Whole weeks between sessions.
    pub interval_weeks: usize,
    /// Share who come to session i+1.
    pub reach: Vec<f64>,
}

impl Course {
    /// The course of a treatment in one drawn world.
    #[must_use]
    pub fn new(m: &Modality, draw: Draw) -> Self {
        let booking = Booking::of_treatment(m, draw);
        let complete = completing(&m.sessions.shares(draw));
        let drop_out = m.drop_out.at(draw);
        let shared = m
            .group
            .map_or(1.0, |group| group.facilitators.value() / group.size.value());
        let mut reach = vec![1.0];
        for done in &complete[..complete.len() - 1] {
            let here = reach[reach.len() - 1];
            reach.push(here * (1.0 - done) * (1.0 - drop_out));
        }
        let [first, followup] = m
            .mean_minutes(draw)
            .map(|minutes| minutes * shared * booking.used);
        let others = m.other_contacts.map_or(0.0, |contacts| contacts.at(draw));
        Self {
            booking,
            drop_out,
            first_minutes: first + others * followup,
            followup_minutes: followup,
            interval_weeks: m.interval_weeks as usize,
            complete,
            reach,
        }
    }

    /// Sessions attended by the average person who starts.
    #[must_use]
    pub fn sessions_attended(&self) -> f64 {
        self.reach.iter().sum()
    }

    /// Sessions booked for the average person who starts.
    #[must_use]
    pub fn sessions_booked(&self) -> f64 {
        self.sessions_attended() / self.booking.attended
    }

    /// Staff minutes for the average person who starts, missed sessions included.
    #[must_use]
    pub fn minutes_a_start(&self) -> f64 {
        let later: f64 = self.reach[1..].iter().sum();
        (self.first_minutes + self.followup_minutes * later) / self.booking.attended
    }

    /// Share of those who start who complete.
    #[must_use]
    pub fn completing_share(&self) -> f64 {
        self.reach
            .iter()
            .zip(&self.complete)
            .map(|(reach, complete)| reach * complete)
            .sum()
    }

    /// Share of those who start who come at least twice.
    #[must_use]
    pub fn twice_share(&self) -> f64 {
        self.reach.get(1).copied().unwrap_or(0.0)
    }

    /// Open cases at the start of a week by sessions had, when one person a week starts for ever: a
    /// session not attended is booked again, so each takes interval / attended weeks.
    #[must_use]
    pub fn open_cases_a_weekly_start(&self) -> Vec<f64> {
        let weeks = self.interval_weeks as f64 / self.booking.attended;
        let first = weeks - self.interval_weeks as f64;
        let later = self.reach[1..].iter().map(|reach| reach * weeks);
        std::iter::once(first).chain(later).collect()
    }
}

/// Share of those planned at least i sessions who are planned exactly i; 1 at the end.
fn completing(shares: &[f64]) -> Vec<f64> {
    let mut left: f64 = shares.iter().sum();
    let mut complete: Vec<f64> = Vec::with_capacity(shares.len());
    for share in shares {
        complete.push(if left > 0.0 {
            (share / left).min(1.0)
        } else {
            1.0
        });
        left -= share;
    }
    if let Some(last) = complete.last_mut() {
        *last = 1.0;
    }
    complete
}

/// Share of referrals that join the assessment queue: (1 - rejected) x opt-in.
#[must_use]
pub fn accepted_share(pathway: &Pathway, draw: Draw) -> f64 {
    (1.0 - pathway.screening.rejected.at(draw)) * pathway.opt_in.share.at(draw)
}

/// Share of people who join the assessment queue who are assessed in the end, if nobody gives up: those
/// who miss it are booked again or discharged.
#[must_use]
pub fn assessed_share(pathway: &Pathway, draw: Draw) -> f64 {
    let booking = Booking::of_assessment(&pathway.assessment, draw);
    let missed = booking.dna + booking.patient_cancel;
    let leave = booking.attended + missed * pathway.assessment.discharged_after_missed.at(draw);
    booking.attended / leave
}

/// Staff minutes for each person assessed, missed appointments included; none if it is at once.
#[must_use]
pub fn minutes_an_assessment(pathway: &Pathway, draw: Draw) -> f64 {
    if pathway.assessment.at_once {
        return 0.0;
    }
    let booking = Booking::of_assessment(&pathway.assessment, draw);
    pathway.assessment.minutes.at(draw) * booking.used / booking.attended
}

/// Share of the assessed who are routed to any treatment.
#[must_use]
pub fn routed_to_treatment(routes: &Routes, draw: Draw) -> f64 {
    routes.to_treatments(draw).iter().sum()
}

/// First treatments per referral: accepted x assessed x (a + (1 - a) x routed to treatment).
#[must_use]
pub fn first_treatments_per_referral(pathway: &Pathway, draw: Draw) -> f64 {
    let counts = pathway.assessment.counts_as_treatment.at(draw);
    let assessed = accepted_share(pathway, draw) * assessed_share(pathway, draw);
    assessed * (counts + (1.0 - counts) * routed_to_treatment(&pathway.routes, draw))
}

/// A move between treatments: from, to, share of the starts of `from`.
pub type Move = (usize, usize, f64);

/// Course starts of each treatment, given the people routed there and the moves between treatments.
/// Solves `starts = routed + moves x starts` by substitution; the moves must let people leave.
#[must_use]
pub fn starts_with_steps(routed: &[f64], moves: &[Move]) -> Vec<f64> {
    let mut starts = routed.to_vec();
    for _ in 0..10_000 {
        let mut next = routed.to_vec();
        for &(from, to, share) in moves {
            next[to] += starts[from] * share;
        }
        let change: f64 = next.iter().zip(&starts).map(|(a, b)| (a - b).abs()).sum();
        let scale: f64 = next.iter().sum();
        starts = next;
        if change <= 1e-15 * scale {
            break;
        }
    }
    starts
}
