//! Which number of a run is a target about, and is it met?

use crate::calendar::Calendar;
use crate::measures::{mean_wait, month_in_words, number, whole};
use crate::table::Table;

/// A place where people wait.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stage {
    /// For an assessment.
    Assessment,
    /// For Step 2.
    Step2,
    /// For Step 3.
    Step3,
}

impl Stage {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::Assessment, Self::Step2, Self::Step3];

    /// The name in tables.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Assessment => "assessment",
            Self::Step2 => "step2",
            Self::Step3 => "step3",
        }
    }

    /// The words for it.
    #[must_use]
    pub const fn words(self) -> &'static str {
        match self {
            Self::Assessment => "assessment",
            Self::Step2 => "Step 2",
            Self::Step3 => "Step 3",
        }
    }

    /// The step whose treatments it leads to.
    #[must_use]
    pub const fn step(self) -> Option<u8> {
        match self {
            Self::Assessment => None,
            Self::Step2 => Some(2),
            Self::Step3 => Some(3),
        }
    }
}

/// What is measured.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Measure {
    /// Completed courses: finishers of a quarter.
    Finishers,
    /// First treatments of twelve months.
    FirstTreatments,
    /// Mean wait of those taken on in a month.
    Wait(Stage),
    /// People waiting at the end of a month.
    Waiting(Stage),
    /// The same, against the list on the first day.
    Hold(Stage),
    /// The same, against those who come in two weeks.
    Clear(Stage),
    /// Share of finishers first treated within so many weeks.
    Within(u8),
}

/// The periods in which a target is to be met, by index, ends included.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Span {
    /// Each month.
    Months(usize, usize),
    /// Each quarter.
    Quarters(usize, usize),
    /// The twelve months from this one.
    Year(usize),
}

/// A target.
#[derive(Debug, Clone, PartialEq)]
pub struct Goal {
    /// What is measured.
    pub measure: Measure,
    /// The least or the most; not a number where the run as it is says it.
    pub limit: f64,
    /// When.
    pub span: Span,
    /// Treatments that it is about, if not all of its step.
    pub treatments: Option<Vec<String>>,
    label: String,
}

/// A target in one period.
#[derive(Debug, Clone, PartialEq)]
pub struct Reading {
    /// Month, quarter, or first month of the year.
    pub period: String,
    /// Value of the run.
    pub reached: f64,
    /// By how much it is missed, as a share of the limit; not above 0 if it is met.
    pub miss: f64,
}

/// The tables of a run that targets are read from.
#[derive(Debug, Clone)]
pub struct Tables {
    /// By month.
    pub monthly: Table,
    /// By quarter.
    pub quarterly: Table,
}

impl Goal {
    /// A target for all treatments of its step.
    pub fn new(measure: Measure, limit: f64, span: Span, calendar: &Calendar) -> Self {
        let label = match span {
            Span::Months(first, _) | Span::Year(first) => {
                month_in_words(&calendar.months[first].label)
            }
            Span::Quarters(first, _) => calendar.quarters[first].label.clone(),
        };
        Self {
            measure,
            limit,
            span,
            treatments: None,
            label,
        }
    }

    /// Whether it is about the people who wait there.
    pub fn is_about(&self, stage: Stage) -> bool {
        match self.measure {
            Measure::Wait(at) | Measure::Waiting(at) | Measure::Hold(at) | Measure::Clear(at) => {
                at == stage
            }
            Measure::Finishers | Measure::FirstTreatments | Measure::Within(_) => false,
        }
    }

    /// The same with the limit that the scenario gives it.
    pub fn limited_to(&self, limit: f64) -> Self {
        Self {
            limit,
            ..self.clone()
        }
    }

    /// The same from a later month on; nothing if it is not about each month.
    pub fn from(&self, month: usize) -> Option<Self> {
        let Span::Months(_, last) = self.span else {
            return None;
        };
        Some(Self {
            span: Span::Months(month, last),
            ..self.clone()
        })
    }

    /// The same for some treatments of its step.
    pub fn for_treatments(&self, names: Vec<String>, limit: f64) -> Self {
        Self {
            limit,
            treatments: Some(names),
            ..self.clone()
        }
    }

    /// Whether more is better.
    pub const fn at_least(&self) -> bool {
        matches!(
            self.measure,
            Measure::Finishers | Measure::FirstTreatments | Measure::Within(_)
        )
    }

    /// The place where people wait, if the target is about one.
    pub const fn stage(&self) -> Option<Stage> {
        match self.measure {
            Measure::Wait(stage)
            | Measure::Waiting(stage)
            | Measure::Hold(stage)
            | Measure::Clear(stage) => Some(stage),
            _ => None,
        }
    }

    /// Last month that counts, by index.
    pub fn last_month(&self, calendar: &Calendar) -> usize {
        match self.span {
            Span::Months(_, last) => last,
            Span::Year(first) => first + 11,
            Span::Quarters(_, last) => {
                let months = calendar.months.iter();
                months
                    .clone()
                    .rposition(|month| month.quarter == last)
                    .unwrap_or(0)
            }
        }
    }

    /// The verb that follows the subject.
    pub const fn verb(&self) -> &'static str {
        match self.measure {
            Measure::Finishers | Measure::FirstTreatments => " are",
            _ => " is",
        }
    }

    /// Name and unit in tables.
    pub fn name(&self) -> (String, &'static str) {
        match self.measure {
            Measure::Finishers => ("completed_courses".into(), "people a quarter"),
            Measure::FirstTreatments => ("first_treatments".into(), "people a year"),
            Measure::Wait(stage) => (format!("{}_wait_weeks", stage.name()), "weeks"),
            Measure::Waiting(stage) | Measure::Hold(stage) | Measure::Clear(stage) => {
                (format!("waiting_{}", stage.name()), "people")
            }
            Measure::Within(weeks) => (format!("within_{weeks}_weeks"), "share"),
        }
    }

    /// First month, quarter or year of the target, as a reader says it.
    pub fn when(&self) -> &str {
        &self.label
    }

    /// A value of this target, as a reader says it.
    pub fn value(&self, value: f64) -> String {
        if !value.is_finite() {
            return "no end".into();
        }
        match self.measure {
            Measure::Wait(_) => format!("{} weeks", short(value)),
            Measure::Within(_) => format!("{} %", short(value * 100.0)),
            _ => whole(value),
        }
    }

    /// What the value is called in a sentence.
    pub fn subject(&self) -> String {
        match self.measure {
            Measure::Finishers => "completed courses a quarter".into(),
            Measure::FirstTreatments => "first treatments in twelve months".into(),
            Measure::Wait(stage) => format!("the mean wait for {}", stage.words()),
            Measure::Waiting(stage) | Measure::Hold(stage) | Measure::Clear(stage) => {
                format!("the list for {}", stage.words())
            }
            Measure::Within(weeks) => {
                format!("the share of finishers first treated within {weeks} weeks")
            }
        }
    }

    /// What is asked, in words.
    pub fn asked(&self) -> String {
        let limit = self.value(self.limit);
        let (subject, when) = (self.subject(), self.when());
        match self.measure {
            Measure::Finishers | Measure::FirstTreatments => {
                format!("{limit} {subject} from {when} on")
            }
            Measure::Hold(_) => format!("{subject} no longer than now from {when} on"),
            Measure::Clear(_) => format!("{subject} cleared by {when}"),
            Measure::Within(_) => format!("{subject} at least {limit} from {when} on"),
            _ => format!("{subject} at most {limit} from {when} on"),
        }
    }

    /// The target period by period.
    pub fn readings(&self, tables: &Tables) -> Vec<Reading> {
        let (table, first, last) = match self.span {
            Span::Months(first, last) => (&tables.monthly, first, last),
            Span::Quarters(first, last) => (&tables.quarterly, first, last),
            Span::Year(first) => return vec![self.year(&tables.monthly, first)],
        };
        let labels = table
            .columns
            .first()
            .and_then(|c| c.texts())
            .unwrap_or_default();
        let values = self.values(table);
        (first..=last.min(values.len().saturating_sub(1)))
            .map(|index| self.reading(&labels[index], values[index]))
            .collect()
    }

    /// The worst miss over its periods; not above 0 if all are met.
    pub fn miss(&self, tables: &Tables) -> f64 {
        let misses = self
            .readings(tables)
            .into_iter()
            .map(|reading| reading.miss);
        misses.fold(f64::NEG_INFINITY, f64::max)
    }

    fn year(&self, monthly: &Table, first: usize) -> Reading {
        let counts = monthly.numbers("first_treatments");
        let sum: f64 = counts.iter().skip(first).take(12).sum();
        self.reading(&monthly.texts("month")[first], sum)
    }

    fn reading(&self, period: &str, reached: f64) -> Reading {
        let gap = if self.at_least() {
            self.limit - reached
        } else {
            reached - self.limit
        };
        // Nobody finished: there is nobody to be late.
        let gap = if reached.is_nan() { 0.0 } else { gap };
        Reading {
            period: period.into(),
            reached,
            miss: (gap / self.limit.abs().max(1e-3)).min(1e9),
        }
    }

    /// Its value in every period of a table.
    pub fn values(&self, table: &Table) -> Vec<f64> {
        match (self.measure, &self.treatments) {
            (Measure::Finishers, _) => table.numbers("finishers").to_vec(),
            (Measure::FirstTreatments, _) => table.numbers("first_treatments").to_vec(),
            (Measure::Within(weeks), _) => table
                .numbers(&format!("share_within_{weeks}_weeks"))
                .to_vec(),
            (Measure::Wait(stage), None) => table
                .numbers(&format!("wait_{}_weeks", stage.name()))
                .to_vec(),
            (Measure::Wait(_), Some(names)) => mean_waits(table, names),
            (Measure::Waiting(stage) | Measure::Hold(stage) | Measure::Clear(stage), None) => {
                table.numbers(&format!("waiting_{}", stage.name())).to_vec()
            }
            (_, Some(names)) => summed(table, "waiting", names),
        }
    }
}

/// A number without an empty decimal.
pub fn short(value: f64) -> String {
    let text = number(value);
    text.strip_suffix(".0").map_or(text.clone(), Into::into)
}

fn summed(table: &Table, what: &str, names: &[String]) -> Vec<f64> {
    let mut sums = vec![0.0; table.len()];
    for name in names {
        for (sum, value) in sums
            .iter_mut()
            .zip(table.numbers(&format!("{what}_{name}")))
        {
            *sum += value;
        }
    }
    sums
}

fn mean_waits(table: &Table, names: &[String]) -> Vec<f64> {
    let mut waited = vec![0.0; table.len()];
    for name in names {
        let starts = table.numbers(&format!("starts_{name}"));
        let waits = table.numbers(&format!("wait_{name}_weeks"));
        for (sum, (starts, wait)) in waited.iter_mut().zip(starts.iter().zip(waits)) {
            *sum += if *starts > 0.0 { starts * wait } else { 0.0 };
        }
    }
    let (starts, waiting) = (
        summed(table, "starts", names),
        summed(table, "waiting", names),
    );
    let parts = waited.iter().zip(starts).zip(waiting);
    parts
        .map(|((&waited, starts), waiting)| mean_wait(waited, starts, waiting))
        .collect()
}
