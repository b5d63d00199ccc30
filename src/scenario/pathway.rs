//! Which way do patients go, with how many sessions of what length? What a planner says about it.

mod length;

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::Deserialize;

use crate::unit::{
    ContactCount, ContactMinutes, Draw, Facilitators, Fixed, GroupSize, Minutes, PeoplePerWte,
    Quantity, Share, Slots,
};

pub use length::{CourseWeeks, Sessions};

/// From referral to the end of a course.
#[derive(Debug, Clone, PartialEq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Pathway {
    /// First look at a referral.
    pub screening: Screening,
    /// Whether people take up the offer of an assessment.
    pub opt_in: OptIn,
    /// The first contact, for everybody.
    pub assessment: Assessment,
    /// Where people go after the assessment; the shares add up to 1. Stating any of them replaces all.
    pub routes: Routes,
    /// Low-intensity treatments by name.
    pub step2: BTreeMap<String, Modality>,
    /// High-intensity treatments and counselling by name.
    pub step3: BTreeMap<String, Modality>,
}

impl Pathway {
    /// Treatments with their paths, as `step3.cbt`: Step 2 first, in order of their names.
    pub fn modalities(&self) -> impl Iterator<Item = (String, &Modality)> {
        let step = |step: &'static str| {
            move |(name, modality)| -> (String, &Modality) { (format!("{step}.{name}"), modality) }
        };
        let step2 = self.step2.iter().map(step("step2"));
        step2.chain(self.step3.iter().map(step("step3")))
    }
}

/// First look at a referral.
#[derive(Debug, Clone, PartialEq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Screening {
    /// Share of referrals that are rejected.
    pub rejected: Quantity<Share>,
    /// Staff time for each referral, out of bookable hours.
    pub minutes: Quantity<Minutes>,
    /// Role that screens.
    pub role: String,
}

/// Whether people take up the offer of an assessment.
#[derive(Debug, Clone, Copy, PartialEq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct OptIn {
    /// Share of screened referrals that opt in.
    pub share: Quantity<Share>,
    /// Whole weeks from referral to opting in.
    #[schemars(range(min = 0, max = 26), extend("x-unit" = "weeks"))]
    pub delay_weeks: u32,
}

/// The first contact. Exactly one of `ring_fence`, `slots_per_wte`, `slots_per_week` and `at_once` says how
/// many can be offered.
#[derive(Debug, Clone, PartialEq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Assessment {
    /// Role that assesses.
    pub role: String,
    /// Staff time for one assessment, notes included.
    pub minutes: Quantity<ContactMinutes>,
    /// Share of the role's bookable minutes kept for assessments.
    pub ring_fence: Option<Quantity<Share>>,
    /// Assessment appointments a week for each ramped WTE of the role, out of its bookable hours.
    pub slots_per_wte: Option<Quantity<PeoplePerWte>>,
    /// Assessment appointments a week for the service, outside the hours of any role (textbook cases).
    pub slots_per_week: Option<Quantity<Slots>>,
    /// Whether everybody who is accepted is assessed on that day, outside the hours of any role (textbook
    /// cases): it takes no minutes then, and nobody misses it.
    #[serde(default)]
    pub at_once: bool,
    /// Whether minutes left over on either side may be used on the other.
    pub spill_over: bool,
    /// Share of booked assessments that people do not attend.
    pub dna: Quantity<Share>,
    /// Share of booked assessments that patients cancel.
    pub patient_cancel: Quantity<Share>,
    /// Share of booked assessments that the service cancels.
    pub provider_cancel: Quantity<Share>,
    /// Share of slots cancelled by patients that are used for somebody else.
    pub reuse: Quantity<Share>,
    /// Share of people discharged after an assessment that was not attended; the others wait on.
    pub discharged_after_missed: Quantity<Share>,
    /// Share of assessments that count as treatment: 1 in today's statistics, 0 in 2008.
    pub counts_as_treatment: Quantity<Share>,
    /// Share of the people waiting for an assessment who give up in a week.
    pub renege_per_week: Quantity<Share>,
}

/// Where people go after the assessment.
#[derive(Debug, Clone, PartialEq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Routes {
    /// Share to each Step 2 treatment, by name.
    #[serde(default)]
    pub step2: BTreeMap<String, Quantity<Share>>,
    /// Share to each Step 3 treatment, by name.
    #[serde(default)]
    pub step3: BTreeMap<String, Quantity<Share>>,
    /// Share helped once: advice or signposting to somebody else.
    pub signposted: Quantity<Share>,
    /// Share who decline treatment.
    pub declined: Quantity<Share>,
    /// Share found not suitable and discharged.
    pub not_suitable: Quantity<Share>,
    /// Share referred on to specialist care (Step 4).
    pub referred_on: Quantity<Share>,
}

impl Routes {
    fn each(&self) -> impl Iterator<Item = &Quantity<Share>> {
        self.step2
            .values()
            .chain(self.step3.values())
            .chain(self.out())
    }

    fn out(&self) -> [&Quantity<Share>; 4] {
        [
            &self.signposted,
            &self.declined,
            &self.not_suitable,
            &self.referred_on,
        ]
    }

    /// Whether any of the shares is not known.
    #[must_use]
    pub fn are_unsure(&self) -> bool {
        self.each().any(Quantity::is_unsure)
    }

    /// Sum of the shares as they are stated or drawn.
    #[must_use]
    pub fn sum(&self, draw: Draw) -> f64 {
        self.each().map(|share| share.at(draw)).sum()
    }

    /// What becomes of a share in one drawn world: drawn shares are divided by their sum.
    fn part(&self, draw: Draw) -> impl Fn(&Quantity<Share>) -> f64 {
        let sum = if self.are_unsure() {
            self.sum(draw)
        } else {
            1.0
        };
        move |share| {
            if sum > 0.0 {
                share.at(draw) / sum
            } else {
                share.mean()
            }
        }
    }

    /// The shares as they are in one drawn world.
    #[must_use]
    pub fn in_world(&self, draw: Draw) -> Self {
        let part = self.part(draw);
        let fixed = |share: &Quantity<Share>| Quantity::fixed(part(share));
        let all = |shares: &BTreeMap<String, Quantity<Share>>| {
            shares
                .iter()
                .map(|(name, share)| (name.clone(), fixed(share)))
                .collect()
        };
        Self {
            step2: all(&self.step2),
            step3: all(&self.step3),
            signposted: fixed(&self.signposted),
            declined: fixed(&self.declined),
            not_suitable: fixed(&self.not_suitable),
            referred_on: fixed(&self.referred_on),
        }
    }

    /// Each share with its path, as it is by the means.
    #[must_use]
    pub fn by_path(&self) -> Vec<(String, f64)> {
        let of_step =
            |step: &str, shares: &BTreeMap<String, Quantity<Share>>| -> Vec<(String, f64)> {
                let path = |name: &String| format!("pathway.routes.{step}.{name}");
                shares
                    .iter()
                    .map(|(name, share)| (path(name), share.mean()))
                    .collect()
            };
        let exits = ["signposted", "declined", "not_suitable", "referred_on"];
        let exits = exits.map(|name| format!("pathway.routes.{name}"));
        let mut all = of_step("step2", &self.step2);
        all.extend(of_step("step3", &self.step3));
        all.extend(exits.into_iter().zip(self.out().map(Quantity::mean)));
        all
    }

    /// Share routed to a treatment in one drawn world.
    #[must_use]
    pub fn to(&self, step: u8, name: &str, draw: Draw) -> f64 {
        let routes = if step == 2 { &self.step2 } else { &self.step3 };
        routes.get(name).map_or(0.0, self.part(draw))
    }

    /// Shares routed to treatments in one drawn world.
    #[must_use]
    pub fn to_treatments(&self, draw: Draw) -> Vec<f64> {
        let shares = self.step2.values().chain(self.step3.values());
        shares.map(self.part(draw)).collect()
    }

    /// Shares of those who are signposted, decline, are not suitable, are referred on, in one drawn world.
    #[must_use]
    pub fn exits(&self, draw: Draw) -> [f64; 4] {
        self.out().map(self.part(draw))
    }
}

/// One treatment.
#[derive(Debug, Clone, PartialEq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Modality {
    /// Name as shown.
    pub title: String,
    /// Roles that may deliver it, in order of preference.
    #[schemars(length(min = 1, max = 8))]
    pub roles: Vec<String>,
    /// Staff time of a first session, notes included.
    pub first_minutes: Quantity<ContactMinutes>,
    /// Staff time of a later session, notes included.
    pub followup_minutes: Quantity<ContactMinutes>,
    /// Contacts for each start that are no sessions of the course, such as assessments for this step and
    /// people seen once: each takes the time of a later session when the course starts. Left out: none.
    pub other_contacts: Option<Quantity<ContactCount>>,
    /// Whole weeks from one session to the next.
    #[schemars(range(min = 1, max = 12), extend("x-unit" = "weeks"))]
    pub interval_weeks: u32,
    /// Planned number of sessions.
    pub sessions: Sessions,
    /// Weeks that a course lasts and keeps its place, in place of `sessions` and `interval_weeks` and of what
    /// is said of single sessions (textbook queues): a number, or `{varies = {family, mean, sd}}` with the
    /// family exponential, gamma, lognormal or fixed. Used by `simulate` only, which the other runs say; for
    /// roles with `slots` or `slots_per_wte`. Left out: as the sessions say.
    pub duration_weeks: Option<CourseWeeks>,
    /// Ways of giving it by name, such as `telephone`, `video`, `face_to_face` and `digital`, with shares
    /// that sum to 1. `plan` and `project` reckon with the mean of their minutes. Left out: one way.
    #[serde(default)]
    pub delivery: BTreeMap<String, Delivery>,
    /// Who of those waiting starts first. Used by `simulate` only; the other runs start those who have waited
    /// longest for this treatment.
    #[serde(default)]
    pub queue: QueueRule,
    /// Share who drop out after each attended session but the last.
    pub drop_out: Quantity<Share>,
    /// Share of booked sessions that people do not attend; the slot is used.
    pub dna: Quantity<Share>,
    /// Share of booked sessions that patients cancel.
    pub patient_cancel: Quantity<Share>,
    /// Share of booked sessions that the service cancels; no minutes are used.
    pub provider_cancel: Quantity<Share>,
    /// Share of slots cancelled by patients that are used for somebody else.
    pub reuse: Quantity<Share>,
    /// Sessions missed in a row, not attended or cancelled by the patient, after which a person is discharged.
    /// Used by `simulate` only, since expectations have no memory. Left out: booked again for ever.
    #[schemars(range(min = 1, max = 20), extend("x-unit" = "sessions"))]
    pub discharged_after_missed: Option<u32>,
    /// Whole weeks for which a finished course still holds its place. Used by `simulate` only. Left out: none.
    #[serde(default)]
    #[schemars(range(min = 0, max = 26), extend("x-unit" = "weeks"))]
    pub discharge_delay_weeks: u32,
    /// Share of the people waiting for this treatment who give up in a week.
    pub renege_per_week: Quantity<Share>,
    /// Share of completers who are stepped up.
    pub step_up: Quantity<Share>,
    /// Treatment that they join, `step3.name`.
    pub step_up_to: Option<String>,
    /// Share of completers who are stepped down.
    pub step_down: Quantity<Share>,
    /// Treatment that they join, `step2.name`.
    pub step_down_to: Option<String>,
    /// If the treatment is a group.
    pub group: Option<Group>,
    /// Share of sessions held in a room of a site. Left out: the share of `delivery.face_to_face`, or all of
    /// them where no `delivery` is stated.
    pub face_to_face: Option<Fixed<Share>>,
    /// Share of finishers at caseness who recover.
    pub recovery: Quantity<Share>,
    /// Share of finishers at caseness who recover reliably.
    pub reliable_recovery: Quantity<Share>,
    /// Share of all finishers who improve reliably.
    pub reliable_improvement: Quantity<Share>,
    /// Share of finishers who were at caseness at the start.
    pub at_caseness: Quantity<Share>,
}

impl Modality {
    /// Share of sessions held in a room of a site.
    #[must_use]
    pub fn in_rooms(&self) -> f64 {
        match self.face_to_face {
            Some(share) => share.value(),
            None if self.delivery.is_empty() => 1.0,
            None => (self.delivery.get("face_to_face")).map_or(0.0, |way| way.share.value()),
        }
    }

    /// Minutes of a first and of a later session in one drawn world, the mean over the ways of giving it.
    #[must_use]
    pub fn mean_minutes(&self, draw: Draw) -> [f64; 2] {
        let usual = [self.first_minutes, self.followup_minutes].map(|minutes| minutes.at(draw));
        if self.delivery.is_empty() {
            return usual;
        }
        let mut mean = [0.0; 2];
        for way in self.delivery.values() {
            let minutes = way.minutes(usual, draw);
            mean[0] += way.share.value() * minutes[0];
            mean[1] += way.share.value() * minutes[1];
        }
        mean
    }
}

/// One way of giving a treatment.
#[derive(Debug, Clone, Copy, PartialEq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Delivery {
    /// Share of the courses that are given this way.
    pub share: Fixed<Share>,
    /// Staff time of a first session, notes included. Left out: as for the treatment.
    pub first_minutes: Option<Quantity<ContactMinutes>>,
    /// Staff time of a later session, notes included. Left out: as for the treatment.
    pub followup_minutes: Option<Quantity<ContactMinutes>>,
}

impl Delivery {
    /// Minutes of a first and of a later session in one drawn world; `usual` are those of the treatment.
    #[must_use]
    pub fn minutes(&self, usual: [f64; 2], draw: Draw) -> [f64; 2] {
        let own = |said: Option<Quantity<ContactMinutes>>, usual| {
            said.map_or(usual, |minutes| minutes.at(draw))
        };
        [
            own(self.first_minutes, usual[0]),
            own(self.followup_minutes, usual[1]),
        ]
    }
}

/// Who of those waiting starts first.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum QueueRule {
    /// Who has waited longest for this treatment.
    #[default]
    FirstCome,
    /// Who was referred first.
    LongestSinceReferral,
    /// Urgent people, as `demand.urgent_share` says, before the others; of each, who has waited longest for
    /// this treatment.
    UrgentFirst,
}

/// A treatment given to several people at once: staff minutes of a session are shared by the group and
/// are used whoever comes.
#[derive(Debug, Clone, Copy, PartialEq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Group {
    /// People in one group.
    pub size: Fixed<GroupSize>,
    /// Staff at each session.
    pub facilitators: Fixed<Facilitators>,
    /// When a group starts.
    pub start: GroupStart,
    /// For `on_date`: whole weeks from one start to the next.
    #[schemars(range(min = 1, max = 52), extend("x-unit" = "weeks"))]
    pub every_weeks: u32,
    /// Whether people may join a group that has begun, while it has room. Used by `simulate` only; a
    /// `rolling` group takes them in any case. Left out: they wait for the next one.
    #[serde(default)]
    pub late_joiners: bool,
}

/// When a group starts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum GroupStart {
    /// As soon as enough people wait to fill one: whole groups only.
    WhenFull,
    /// Every so many weeks, with those who wait.
    OnDate,
    /// People join a running group at any time; minutes are shared out by person.
    Rolling,
}
