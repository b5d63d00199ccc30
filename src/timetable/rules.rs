//! Which rules of supervision does a week break, and by how much?
//!
//! The same rules judge a week of `project`, the staff of a `plan` and every intake that might be planned.
//!
//! ```text
//! hours        owed <= what can be given          people   ceil(supervisees / most of one) <= supervisors left
//! qualified    ceil(trainees x ratio) <= heads    received hours of the norms <= line of the job plan
//! ```

use crate::measures::{number, whole};
use crate::scenario::Spec;
use crate::scenario::staff::StaffFamily;
use crate::scenario::supervision::Severity;
use crate::supervision::{qualified_needed, supervisors_needed};
use crate::timetable::Timetable;
use crate::timetable::ledger::{Ledger, SupervisionCounts};

/// A rule of supervision.
#[derive(Debug, Clone, PartialEq)]
pub struct Rule {
    /// Name.
    pub name: String,
    /// The rule in words.
    pub title: String,
    /// condition or warning.
    pub severity: &'static str,
    /// Unit of what it compares.
    pub unit: &'static str,
    /// Kind of supervision that it is about, by index, if it is about one.
    pub kind: Option<usize>,
    what: What,
    ratio: f64,
}

#[derive(Debug, Clone, Copy, PartialEq)]
enum What {
    Hours(usize),
    Supervisees(usize),
    Qualified(StaffFamily),
    Received(usize),
}

/// What a rule finds in a week.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Reading {
    /// What is there or owed.
    pub worst: f64,
    /// What may be there, or can be given.
    pub limit: f64,
    /// By how much it is broken; 0 or less if it is kept.
    pub gap: f64,
}

/// Gaps up to this are rounding.
pub const TOLERANCE: f64 = 1e-6;

/// All rules of supervision that are not switched off.
#[must_use]
pub fn rules(spec: &Spec, timetable: &Timetable) -> Vec<Rule> {
    let said = &spec.supervision;
    let ratio = said.supervisees_per_supervisor.ratio.value();
    let mut rules = Vec::new();
    let mut add = |name: String, title: String, severity: Severity, unit, kind, what, ratio| {
        if severity != Severity::Off {
            rules.push(Rule {
                name,
                title,
                severity: severity.name(),
                unit,
                kind,
                what,
                ratio,
            });
        }
    };
    for (index, place) in timetable
        .norms
        .iter()
        .enumerate()
        .filter(|(_, place)| !place.by_university)
    {
        let (name, title) = (&place.name, &place.title);
        add(
            format!("supervision_hours.{name}"),
            format!("{title}: supervisors have the hours that are owed"),
            spec.supervision.norms[name].severity,
            "hours a week",
            Some(index),
            What::Hours(index),
            1.0,
        );
        if place.counts_for_ratio {
            add(
                format!("supervisees_per_supervisor.{name}"),
                format!("{title}: at most {ratio} people a supervisor"),
                said.supervisees_per_supervisor.severity,
                "supervisors",
                Some(index),
                What::Supervisees(index),
                ratio,
            );
        }
    }
    let per_trainee = said.qualified_per_trainee;
    for (family, name) in [
        (StaffFamily::LowIntensity, "low-intensity"),
        (StaffFamily::HighIntensity, "high-intensity"),
    ] {
        let ratio = per_trainee.ratio.value();
        add(
            format!("qualified_per_trainee.{}", name.replace('-', "_")),
            format!("At least {ratio} qualified {name} staff for each trainee"),
            per_trainee.severity,
            "qualified heads",
            None,
            What::Qualified(family),
            ratio,
        );
    }
    for (index, place) in timetable.roles.iter().enumerate() {
        add(
            format!("supervision_received.{}", place.name),
            format!(
                "{}: the job plan holds the supervision that is received",
                place.said.title
            ),
            Severity::Warning,
            "hours a week",
            None,
            What::Received(index),
            1.0,
        );
    }
    rules
}

impl Rule {
    /// What the rule finds.
    #[must_use]
    pub fn reading(&self, timetable: &Timetable, ledger: &Ledger<1>) -> Reading {
        let reading = |worst: f64, limit: f64, gap: f64| Reading { worst, limit, gap };
        match self.what {
            What::Hours(kind) => {
                let kind = &ledger.kinds[kind];
                let unmet = kind.given.unmet[0];
                reading(kind.owed[0], kind.owed[0] - unmet, unmet)
            }
            What::Supervisees(kind) => {
                let kind = &ledger.kinds[kind];
                let needed = supervisors_needed(kind.supervisees[0], self.ratio);
                reading(needed, kind.free[0], needed - kind.free[0].round())
            }
            What::Qualified(family) => {
                let needed =
                    qualified_needed(Self::heads(timetable, ledger, family, true), self.ratio);
                let there = Self::heads(timetable, ledger, family, false);
                reading(needed, there, needed - there.round())
            }
            What::Received(role) => {
                let (worst, limit) = received(timetable, role);
                let there = ledger.heads[role][0] > TOLERANCE;
                reading(worst, limit, if there { worst - limit } else { 0.0 })
            }
        }
    }

    /// Whether a week breaks the rule.
    #[must_use]
    pub fn is_broken(&self, timetable: &Timetable, ledger: &Ledger<1>) -> bool {
        self.reading(timetable, ledger).gap > TOLERANCE
    }

    /// What is broken, in a sentence without the months.
    #[must_use]
    pub fn sentence(&self, timetable: &Timetable, ledger: &Ledger<1>) -> String {
        let Reading { worst, limit, .. } = self.reading(timetable, ledger);
        let low = |kind: usize| timetable.norms[kind].title.to_lowercase();
        let people = |kind: &SupervisionCounts<1>| whole(kind.supervisees[0]);
        match self.what {
            What::Hours(kind) => format!(
                "supervision: {} supervisees are owed {} h a week of {}, {} h can be given",
                people(&ledger.kinds[kind]),
                number(worst),
                low(kind),
                number(limit)
            ),
            What::Supervisees(kind) => format!(
                "{}: {} supervisees need {} supervisors at {} each, {} are free for it",
                low(kind),
                people(&ledger.kinds[kind]),
                whole(worst),
                self.ratio,
                number(limit)
            ),
            What::Qualified(family) => format!(
                "{} {} trainees need {} qualified staff, {} are there",
                whole(Self::heads(timetable, ledger, family, true)),
                self.name
                    .rsplit('.')
                    .next()
                    .unwrap_or_default()
                    .replace('_', "-"),
                whole(worst),
                number(limit)
            ),
            What::Received(role) => format!(
                "{}: the job plan holds {limit} h a week of supervision received, {worst} h are owed",
                timetable.roles[role].said.title
            ),
        }
    }

    fn heads(
        timetable: &Timetable,
        ledger: &Ledger<1>,
        family: StaffFamily,
        trainees: bool,
    ) -> f64 {
        let roles = timetable.roles.iter().zip(&ledger.heads);
        roles
            .filter(|(role, _)| role.family == family && role.course.is_some() == trainees)
            .map(|(_, heads)| heads[0])
            .sum()
    }
}

/// Hours a week that the norms owe somebody of a role, and those of the job plan; what the university gives
/// lies in the teaching days, supervision of supervision in the CPD.
fn received(timetable: &Timetable, role: usize) -> (f64, f64) {
    let norms = timetable.norms.iter().filter(|norm| {
        !norm.by_university && norm.supervisors_of.is_none() && norm.supervisees.contains(&role)
    });
    let plan = &timetable.roles[role].said.job_plan;
    (
        norms.map(|norm| norm.hours).sum(),
        plan.supervision_received.value(),
    )
}
