//! What does each session, assessment, course start, finisher and recovery cost?
//!
//! Each row divides the pounds of an activity by one count and names it. Rows of level `activity` are the
//! parts of the whole; `step` and `service` put them together. Those of the service hold everything:
//! assessments, idle hours, training and bought treatment.

use crate::cost::units::Activities;
use crate::table::Rows;
use crate::timetable::Timetable;

/// Counts of a treatment, in the order of [`OF_COURSES`].
pub type CourseCounts = [f64; 4];

/// What courses are counted by.
pub const OF_COURSES: [&str; 4] = ["attended", "course_starts", "finishers", "recovered"];

/// Pounds and counts of a year.
#[derive(Debug, Clone, Default)]
pub struct YearOfWork {
    /// Pounds.
    pub pounds: Activities,
    /// People assessed.
    pub assessed: f64,
    /// By treatment.
    pub courses: Vec<CourseCounts>,
    /// Hours that nobody used.
    pub idle_hours: f64,
    /// Trainees in training x share of the year \[WTE years\].
    pub trainee_years: f64,
    /// People treated elsewhere.
    pub bought: f64,
}

/// Pounds of an activity by one count.
#[derive(Debug, Clone, PartialEq)]
pub struct UnitRow {
    /// Activity: `assessment`, `step3.cbt`, `idle`, `training`, `bought`; `step2`, `step3`; `all`.
    pub activity: String,
    /// Activity as shown.
    pub title: String,
    /// activity, step or service.
    pub level: &'static str,
    /// What it is divided by.
    pub denominator: &'static str,
    /// Pounds of the year.
    pub pounds: f64,
    /// How many there were.
    pub count: f64,
}

impl UnitRow {
    /// Pounds of one; not a number if there was none.
    #[must_use]
    pub fn each(&self) -> f64 {
        if self.count > 0.0 {
            self.pounds / self.count
        } else {
            f64::NAN
        }
    }
}

/// The rows of a year.
#[must_use]
pub fn rows(timetable: &Timetable, year: &YearOfWork) -> Vec<UnitRow> {
    let mut rows = Vec::new();
    let mut add = |activity: &str, title: &str, level, denominator, pounds: f64, count: f64| {
        if pounds != 0.0 || count != 0.0 {
            rows.push(UnitRow {
                activity: activity.into(),
                title: title.into(),
                level,
                denominator,
                pounds,
                count,
            });
        }
    };
    let pounds = &year.pounds;
    let part = "activity";
    add(
        "assessment",
        "Assessment",
        part,
        "assessed",
        pounds.assessment,
        year.assessed,
    );
    let mut steps = [(0.0, [0.0; 4]); 2];
    for (index, place) in timetable.treatments.iter().enumerate() {
        let (here, counts) = (pounds.treatments[index], year.courses[index]);
        let path = format!("step{}.{}", place.step, place.name);
        for (name, count) in OF_COURSES.into_iter().zip(counts) {
            add(&path, &place.said.title, part, name, here, count);
        }
        let step = &mut steps[usize::from(place.step == 3)];
        step.0 += here;
        for (sum, count) in step.1.iter_mut().zip(counts) {
            *sum += count;
        }
    }
    add(
        "idle",
        "Hours not used",
        part,
        "idle_hours",
        pounds.idle,
        year.idle_hours,
    );
    let trainees = year.trainee_years;
    add(
        "training",
        "Training",
        part,
        "trainee_years",
        pounds.training,
        trainees,
    );
    let title = "Treatment bought from others";
    add(
        "bought",
        title,
        part,
        "treated_elsewhere",
        pounds.bought,
        year.bought,
    );
    let mut all = [0.0; 4];
    for (step, (pounds, counts)) in ["2", "3"].into_iter().zip(steps) {
        let (activity, title) = (format!("step{step}"), format!("Step {step}"));
        for (name, (count, sum)) in OF_COURSES.into_iter().zip(counts.into_iter().zip(&mut all)) {
            add(&activity, &title, "step", name, pounds, count);
            *sum += count;
        }
    }
    let total = pounds.total();
    let (activity, title, level) = ("all", "The service", "service");
    // Every attended appointment, assessments included.
    all[0] += year.assessed;
    add(activity, title, level, OF_COURSES[0], total, all[0]);
    add(activity, title, level, "assessed", total, year.assessed);
    for (name, count) in OF_COURSES.into_iter().zip(all).skip(1) {
        add(activity, title, level, name, total, count);
    }
    rows
}

/// The columns of a unit cost; `of` finds it in the row.
#[must_use]
pub fn unit_columns<'a, R>(rows: Rows<'a, R>, of: impl Fn(&'a R) -> &'a UnitRow) -> Rows<'a, R> {
    let activity = "assessment, a treatment, idle, training, bought; step2, step3; all";
    let level = "activity: a part of the whole; step and service: parts put together";
    let denominator = "What the pounds are divided by";
    rows.text("activity", activity, |row| &of(row).activity)
        .text("title", "Activity as shown", |row| &of(row).title)
        .text("level", level, |row| of(row).level)
        .text("denominator", denominator, |row| of(row).denominator)
        .number(
            "pounds",
            "pounds",
            "Pounds of the activity, all payers",
            |row| of(row).pounds,
        )
        .number(
            "count",
            "",
            "How many, in the unit of the denominator",
            |row| of(row).count,
        )
        .number("pounds_each", "pounds", "Pounds of one", |row| {
            of(row).each()
        })
}
