//! What is looked at of each mix? The outcomes of a run, and what a mix asks of supervisors and training.

use crate::error::Result;
use crate::measures::mean_wait;
use crate::outcome::{LAST_WEEKS, NUMBER, OUTCOMES, Outcome};
use crate::record::view::{Observer, WeekView};
use crate::scenario::Spec;
use crate::scenario::staff::StaffFamily;
use crate::table::known_name;
use crate::timetable::Timetable;
use crate::unit::Lanes;

/// Measures beside the outcomes.
const MORE: [Outcome; 5] = [
    less(
        "wait_assessment_weeks",
        "weeks",
        "Mean wait of those assessed, last 13 weeks",
    ),
    less(
        "wait_to_step2_weeks",
        "weeks",
        "Mean wait for an assessment and behind it for Step 2, last 13 weeks",
    ),
    less(
        "wait_to_step3_weeks",
        "weeks",
        "Mean wait for an assessment and behind it for Step 3, last 13 weeks",
    ),
    less(
        "supervisors_needed",
        "WTE",
        "Hours of supervision owed by the service over the most that one WTE may give, mean of all weeks",
    ),
    less(
        "trainees_needed",
        "heads a year",
        "PWPs and therapists who leave in a year, for training too: places that replace them",
    ),
];

/// Measures of a mix.
pub const WIDTH: usize = NUMBER + MORE.len();

/// The objective that is no measure.
pub const CHEAPEST_IN_TIME: &str = "cost_to_meet_wait";

const fn less(name: &'static str, unit: &'static str, meaning: &'static str) -> Outcome {
    Outcome {
        name,
        unit,
        meaning,
        more_is_better: false,
    }
}

/// The measures of a mix, in their order.
#[must_use]
pub fn measures() -> [Outcome; WIDTH] {
    std::array::from_fn(|place| {
        let more = place.checked_sub(NUMBER).and_then(|place| MORE.get(place));
        more.copied().unwrap_or_else(|| OUTCOMES[place])
    })
}

/// What may decide: the measures, and the cheapest mix that keeps the wait.
pub fn names() -> Vec<&'static str> {
    let all = measures().into_iter().map(|measure| measure.name);
    all.chain([CHEAPEST_IN_TIME]).collect()
}

/// The place of a measure.
pub fn place(name: &str) -> Result<usize> {
    let names = measures().map(|measure| measure.name);
    let known = known_name(name, &names)?;
    Ok(names.iter().position(|&name| name == known).unwrap_or(0))
}

/// What is noted for the measures beside the outcomes.
#[derive(Debug, Clone)]
pub struct Beside<'a, const L: usize> {
    timetable: &'a Timetable,
    /// Hours of supervision that one WTE may give.
    most_hours: f64,
    /// Roles of the two families and the WTE of one person.
    therapists: Vec<(usize, f64)>,
    last_from: usize,
    waited: Lanes<L>,
    assessed: Lanes<L>,
    waiting: Lanes<L>,
    owed: Lanes<L>,
    left: Lanes<L>,
}

impl<'a, const L: usize> Beside<'a, L> {
    /// Nothing is noted yet.
    pub fn new(spec: &Spec, timetable: &'a Timetable) -> Self {
        let roles = timetable.roles.iter().enumerate();
        let of_family = |family| {
            matches!(
                family,
                StaffFamily::LowIntensity | StaffFamily::HighIntensity
            )
        };
        let therapists = roles
            .filter(|(_, place)| place.course.is_none() && of_family(place.family))
            .map(|(role, place)| (role, place.said.wte_per_head.value()));
        Self {
            timetable,
            most_hours: spec.supervision.most_hours_per_wte.value(),
            therapists: therapists.collect(),
            last_from: timetable.weeks().saturating_sub(LAST_WEEKS),
            waited: [0.0; L],
            assessed: [0.0; L],
            waiting: [0.0; L],
            owed: [0.0; L],
            left: [0.0; L],
        }
    }

    /// The measures of each world beside its outcomes; the run is over.
    pub fn measures(&self, outcomes: &[Lanes<L>; NUMBER]) -> [Lanes<L>; MORE.len()] {
        let weeks = self.timetable.weeks().max(1) as f64;
        let assessment: Lanes<L> = std::array::from_fn(|lane| {
            mean_wait(self.waited[lane], self.assessed[lane], self.waiting[lane])
        });
        let behind = |name: &str| {
            let place = OUTCOMES.iter().position(|outcome| outcome.name == name);
            let wait = place.map_or([f64::NAN; L], |place| outcomes[place]);
            std::array::from_fn(|lane| assessment[lane] + wait[lane])
        };
        [
            assessment,
            behind("wait_step2_weeks"),
            behind("wait_step3_weeks"),
            self.owed.map(|hours| hours / weeks / self.most_hours),
            self.left.map(|heads| heads / weeks * 365.25 / 7.0),
        ]
    }
}

impl<const L: usize> Observer<L> for Beside<'_, L> {
    fn week(&mut self, view: &WeekView<L>) {
        let (counts, moves) = (view.counts, view.moves);
        if view.week >= self.last_from {
            for lane in 0..L {
                self.waited[lane] += counts.waited_assessment[lane];
                self.assessed[lane] += counts.assessed[lane];
            }
            self.waiting = counts.waiting_assessment;
        }
        for kind in &view.supervision.kinds {
            for lane in 0..L {
                self.owed[lane] += kind.owed[lane];
            }
        }
        for &(role, wte) in &self.therapists {
            let (left, not_back) = (&moves.left[role], &moves.not_back[role]);
            let to_training = &moves.moved_to_training[role];
            for lane in 0..L {
                self.left[lane] += (left[lane] + not_back[lane] + to_training[lane]) / wte;
            }
        }
    }
}
