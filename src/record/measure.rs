//! What is counted every week, in what unit, and how do weeks add up to months?

use crate::record::view::sum;
use crate::unit::Lanes;

/// How weekly numbers add up over a period.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Sum {
    /// People who pass: added up.
    Flow,
    /// People who are there at the end: the last week counts.
    Stock,
    /// Weeks waited, summed over people: turned into means before they are shown.
    Waited,
}

macro_rules! measures {
    ($($(#[doc = $doc:literal])+ $name:ident: $sum:ident;)+) => {
        /// The counts of one week in `L` worlds.
        #[derive(Debug, Clone, PartialEq)]
        pub struct Counts<const L: usize> {
            $($(#[doc = $doc])+ pub $name: Lanes<L>,)+
        }

        impl<const L: usize> Default for Counts<L> {
            fn default() -> Self {
                Self { $($name: [0.0; L],)+ }
            }
        }

        /// The counts of one week in one world, in whole people, appointments and weeks.
        #[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
        pub struct WholeCounts {
            $($(#[doc = $doc])+ pub $name: u32,)+
        }

        impl WholeCounts {
            /// The same as numbers.
            #[must_use]
            pub fn counts(&self) -> Counts<1> {
                Counts { $($name: [f64::from(self.$name)],)+ }
            }
        }

        impl<const L: usize> Counts<L> {
            /// Nothing is counted yet.
            pub fn clear(&mut self) {
                $(self.$name = [0.0; L];)+
            }
        }

        /// Name, way of adding up and meaning of each count.
        pub const MEASURES: &[(&str, Sum, &str)] = &[$((stringify!($name), Sum::$sum, concat!($($doc),+)),)+];

        impl<const L: usize> Counts<L> {
            /// The counts in the order of [`MEASURES`].
            #[must_use]
            pub fn in_order(&self) -> [&Lanes<L>; MEASURES.len()] {
                [$(&self.$name,)+]
            }
        }
    };
}

measures! {
    /// People referred
    referrals: Flow;
    /// Referrals accepted after screening and opt-in: they join the assessment queue
    accepted: Flow;
    /// People assessed
    assessed: Flow;
    /// First treatments: assessments that count as treatment, and first course sessions of the others
    first_treatments: Flow;
    /// First treatments within 6 weeks of referral
    first_treatments_within_6_weeks: Flow;
    /// First treatments within 18 weeks of referral
    first_treatments_within_18_weeks: Flow;
    /// People whose first session of a course is booked and whose place is taken
    course_starts: Flow;
    /// Course starts at Step 2
    course_starts_step2: Flow;
    /// Course starts at Step 3
    course_starts_step3: Flow;
    /// Referrals ended after two or more treatment contacts
    finishers: Flow;
    /// Finishers who were at caseness at the start
    finishers_at_caseness: Flow;
    /// Finishers first treated within 6 weeks of referral
    finishers_within_6_weeks: Flow;
    /// Finishers first treated within 18 weeks of referral
    finishers_within_18_weeks: Flow;
    /// Finishers at caseness who recovered
    recovered: Flow;
    /// Finishers at caseness who recovered reliably
    reliably_recovered: Flow;
    /// Finishers who improved reliably
    reliably_improved: Flow;
    /// People who come off sick pay and benefits, of first treatments
    off_benefits: Flow;
    /// Exit: referrals rejected at screening
    rejected: Flow;
    /// Exit: people who did not opt in
    not_opted_in: Flow;
    /// Exit: discharged after an assessment that was not attended
    discharged_missed: Flow;
    /// Exit: helped once by advice or signposting
    signposted: Flow;
    /// Exit: declined treatment
    declined: Flow;
    /// Exit: not suitable
    not_suitable: Flow;
    /// Exit: referred on to specialist care
    referred_on: Flow;
    /// Courses completed, those stepped up or down included
    completed: Flow;
    /// Exit: dropped out of a course
    dropped_out: Flow;
    /// Exit: gave up while waiting
    reneged: Flow;
    /// Exit: treated elsewhere, bought at a price
    treated_elsewhere: Flow;
    /// Completers who joined the queue of a higher step
    stepped_up: Flow;
    /// Completers who joined the queue of a lower step
    stepped_down: Flow;
    /// Course starts more than 28 days after joining the queue
    over_28_days: Flow;
    /// Course starts more than 90 days after joining the queue
    over_90_days: Flow;
    /// Appointments booked, assessments included
    booked: Flow;
    /// Appointments attended
    attended: Flow;
    /// Appointments not attended
    dna: Flow;
    /// Appointments cancelled by patients
    patient_cancelled: Flow;
    /// Appointments cancelled by the service
    provider_cancelled: Flow;
    /// Referred, but not opted in or out yet
    opting_in: Stock;
    /// Waiting for an assessment at the end of the period
    waiting_assessment: Stock;
    /// Waiting for Step 2 at the end of the period
    waiting_step2: Stock;
    /// Waiting for Step 3 at the end of the period
    waiting_step3: Stock;
    /// In a Step 2 course at the end of the period
    open_step2: Stock;
    /// In a Step 3 course at the end of the period
    open_step3: Stock;
    /// Weeks waited by those assessed
    waited_assessment: Waited;
    /// Weeks waited by those who started at Step 2
    waited_step2: Waited;
    /// Weeks waited by those who started at Step 3
    waited_step3: Waited;
}

/// Means of weeks waited: name, weeks waited, people taken on, people who wait.
pub const WAITS: [(&str, &str, &str, &str, &str); 3] = [
    (
        "wait_assessment_weeks",
        "waited_assessment",
        "assessed",
        "waiting_assessment",
        "Mean weeks waited by those assessed",
    ),
    (
        "wait_step2_weeks",
        "waited_step2",
        "course_starts_step2",
        "waiting_step2",
        "Mean weeks in the queue of those who started at Step 2",
    ),
    (
        "wait_step3_weeks",
        "waited_step3",
        "course_starts_step3",
        "waiting_step3",
        "Mean weeks in the queue of those who started at Step 3",
    ),
];

/// Shares shown by period: name, part, whole, meaning.
pub const SHARES: [(&str, &str, &str, &str); 7] = [
    (
        "share_within_6_weeks",
        "finishers_within_6_weeks",
        "finishers",
        "Share of finishers first treated within 6 weeks of referral",
    ),
    (
        "share_within_18_weeks",
        "finishers_within_18_weeks",
        "finishers",
        "Share of finishers first treated within 18 weeks of referral",
    ),
    (
        "share_over_28_days",
        "over_28_days",
        "course_starts",
        "Share of course starts that waited over 28 days",
    ),
    (
        "share_over_90_days",
        "over_90_days",
        "course_starts",
        "Share of course starts that waited over 90 days",
    ),
    (
        "recovery",
        "recovered",
        "finishers_at_caseness",
        "Recovered, of finishers at caseness",
    ),
    (
        "reliable_recovery",
        "reliably_recovered",
        "finishers_at_caseness",
        "Reliably recovered, of finishers at caseness",
    ),
    (
        "reliable_improvement",
        "reliably_improved",
        "finishers",
        "Reliably improved, of finishers",
    ),
];

/// The counts of one treatment in one week.
#[derive(Debug, Clone, PartialEq)]
pub struct TreatmentCounts<const L: usize> {
    /// Course starts.
    pub starts: Lanes<L>,
    /// Weeks waited, summed over starts.
    pub waited: Lanes<L>,
    /// Share of the sessions due that were held.
    pub share_held: Lanes<L>,
    /// Sessions booked that were held or missed by the patient; provider cancellations included.
    pub booked: Lanes<L>,
    /// Sessions attended.
    pub attended: Lanes<L>,
    /// Courses completed, those stepped included.
    pub completed: Lanes<L>,
    /// Dropped out.
    pub dropped_out: Lanes<L>,
    /// Stepped up or down.
    pub stepped: Lanes<L>,
    /// Finishers.
    pub finishers: Lanes<L>,
    /// Finishers at caseness who recovered.
    pub recovered: Lanes<L>,
    /// Minutes used.
    pub minutes: Lanes<L>,
    /// Waiting at the end.
    pub waiting: Lanes<L>,
    /// In a course at the end.
    pub open: Lanes<L>,
}

impl<const L: usize> Default for TreatmentCounts<L> {
    fn default() -> Self {
        let zero = [0.0; L];
        Self {
            starts: zero,
            waited: zero,
            share_held: [1.0; L],
            booked: zero,
            attended: zero,
            completed: zero,
            dropped_out: zero,
            stepped: zero,
            finishers: zero,
            recovered: zero,
            minutes: zero,
            waiting: zero,
            open: zero,
        }
    }
}

impl<const L: usize> TreatmentCounts<L> {
    /// What all lanes come to; the share of sessions held is added up too.
    #[must_use]
    pub fn together(&self) -> TreatmentCounts<1> {
        TreatmentCounts {
            starts: [sum(&self.starts)],
            waited: [sum(&self.waited)],
            share_held: [sum(&self.share_held)],
            booked: [sum(&self.booked)],
            attended: [sum(&self.attended)],
            completed: [sum(&self.completed)],
            dropped_out: [sum(&self.dropped_out)],
            stepped: [sum(&self.stepped)],
            finishers: [sum(&self.finishers)],
            recovered: [sum(&self.recovered)],
            minutes: [sum(&self.minutes)],
            waiting: [sum(&self.waiting)],
            open: [sum(&self.open)],
        }
    }
}

/// Minutes of a pool in one week.
#[derive(Debug, Clone, PartialEq)]
pub struct PoolCounts<const L: usize> {
    /// Bookable minutes before supervision beyond the plan and screening.
    pub bookable: Lanes<L>,
    /// Supervision given beyond job plans.
    pub supervision: Lanes<L>,
    /// Screening.
    pub screening: Lanes<L>,
    /// Assessments.
    pub assessment: Lanes<L>,
    /// First sessions of courses.
    pub first: Lanes<L>,
    /// Later sessions.
    pub later: Lanes<L>,
    /// Not used.
    pub idle: Lanes<L>,
    /// Minutes of appointments that were used although nobody came.
    pub lost: Lanes<L>,
}

impl<const L: usize> Default for PoolCounts<L> {
    fn default() -> Self {
        let zero = [0.0; L];
        Self {
            bookable: zero,
            supervision: zero,
            screening: zero,
            assessment: zero,
            first: zero,
            later: zero,
            idle: zero,
            lost: zero,
        }
    }
}

impl<const L: usize> PoolCounts<L> {
    /// What all lanes come to.
    #[must_use]
    pub fn together(&self) -> PoolCounts<1> {
        PoolCounts {
            bookable: [sum(&self.bookable)],
            supervision: [sum(&self.supervision)],
            screening: [sum(&self.screening)],
            assessment: [sum(&self.assessment)],
            first: [sum(&self.first)],
            later: [sum(&self.later)],
            idle: [sum(&self.idle)],
            lost: [sum(&self.lost)],
        }
    }
}
