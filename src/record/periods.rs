//! What do the weeks of many worlds come to, week by week, month by month and year by year?
//!
//! ```text
//! flow of a period  = sum over its parts of weeks: flow of the week x working days of the part / of the week
//! stock of a period = value of the last week that ends in it
//! wait, share       = of those sums
//! ```
//!
//! A [`Periods`] says which number stands where; a [`Cells`] fills the numbers of `L` worlds side by side.

use std::ops::Range;

use crate::measures::{mean_wait, share};
use crate::record::measure::{MEASURES, SHARES, Sum, WAITS};
use crate::record::view::{Observer, WeekView};
use crate::timetable::Timetable;
use crate::unit::Lanes;

/// How long a period is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Kind {
    /// A week of the run.
    Week,
    /// A month of the calendar.
    Month,
    /// A financial year.
    Year,
}

impl Kind {
    /// All kinds, shortest first.
    pub const ALL: [Self; 3] = [Self::Week, Self::Month, Self::Year];

    /// The word shown to a planner.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Week => "week",
            Self::Month => "month",
            Self::Year => "year",
        }
    }
}

/// What a measure is made of, by place among the counts that are needed.
#[derive(Debug, Clone, Copy)]
enum Made {
    Count(usize),
    /// Weeks waited, people taken on, people who wait.
    Wait([usize; 3]),
    /// Part and whole.
    Share([usize; 2]),
}

/// A measure: name, unit, meaning.
pub type Measure = (&'static str, &'static str, &'static str);

/// A period: first day or name, and whether all its days are run.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Period {
    /// First day of a week, name of a month or of a financial year.
    pub label: String,
    /// Whether every day of it is run.
    pub complete: bool,
}

/// Which number of a run stands where: by kind, then by measure, then by period.
#[derive(Debug, Clone)]
pub struct Periods {
    kinds: Vec<(Kind, Vec<Period>)>,
    measures: Vec<Measure>,
    made: Vec<Made>,
    /// Counts that are added up, by place among [`MEASURES`], and whether they are stocks.
    needed: Vec<(usize, bool)>,
    /// Parts of each week: month, share of the week.
    parts: Vec<(usize, f64)>,
    parts_of_week: Vec<Range<usize>>,
    /// Month in which each week ends.
    ends_in: Vec<usize>,
    year_of_month: Vec<usize>,
}

impl Periods {
    /// Those of a timetable; measures that nobody knows are left out.
    #[must_use]
    pub fn new(timetable: &Timetable, kinds: &[Kind], measures: &[&str]) -> Self {
        let calendar = &timetable.calendar;
        let periods = |kind: Kind| -> Vec<Period> {
            let period = |label: String, inside: u16, whole: u16| Period {
                label,
                complete: inside == whole,
            };
            match kind {
                Kind::Week => (calendar.weeks.iter())
                    .map(|week| period(week.start.to_string(), 7, 7))
                    .collect(),
                Kind::Month => (calendar.months.iter())
                    .map(|month| period(month.label.clone(), month.days_inside, month.days_whole))
                    .collect(),
                Kind::Year => (calendar.financial_years.iter())
                    .map(|year| period(year.label.clone(), year.days_inside, year.days_whole))
                    .collect(),
            }
        };
        let mut needed: Vec<(usize, bool)> = Vec::new();
        let (mut known, mut made) = (Vec::new(), Vec::new());
        for name in measures {
            if let Some((measure, of)) = made_of(name, &mut needed) {
                known.push(measure);
                made.push(of);
            }
        }
        let end = |range: &Range<usize>| calendar.segments[range.end - 1].month;
        Self {
            kinds: kinds.iter().map(|&kind| (kind, periods(kind))).collect(),
            measures: known,
            made,
            needed,
            parts: (calendar.segments.iter())
                .map(|segment| (segment.month, timetable.share_of_week(segment)))
                .collect(),
            parts_of_week: timetable.segments_of_week.clone(),
            ends_in: timetable.segments_of_week.iter().map(end).collect(),
            year_of_month: (calendar.months.iter())
                .map(|month| month.financial_year)
                .collect(),
        }
    }

    /// The measures, in their order.
    #[must_use]
    pub fn measures(&self) -> &[Measure] {
        &self.measures
    }

    /// The place of a measure.
    #[must_use]
    pub fn measure(&self, name: &str) -> Option<usize> {
        self.measures.iter().position(|known| known.0 == name)
    }

    /// The periods of a kind; none if it is not counted.
    #[must_use]
    pub fn of(&self, kind: Kind) -> &[Period] {
        let found = self.kinds.iter().find(|(known, _)| *known == kind);
        found.map_or(&[], |(_, periods)| periods)
    }

    /// Whether any measure is of those who were first treated within 6 or 18 weeks of referral.
    fn look_at_clocks(&self) -> bool {
        let mut names = self.needed.iter().map(|&(count, _)| MEASURES[count].0);
        names.any(|name| name.ends_with("_within_6_weeks") || name.ends_with("_within_18_weeks"))
    }

    /// How many numbers a run has.
    #[must_use]
    pub fn cells(&self) -> usize {
        let periods: usize = self.kinds.iter().map(|(_, periods)| periods.len()).sum();
        periods * self.measures.len()
    }

    /// Where the first period of a kind and measure stands; the others follow it.
    #[must_use]
    pub fn first(&self, kind: Kind, measure: usize) -> usize {
        let before = self.kinds.iter().take_while(|(known, _)| *known != kind);
        let before: usize = before.map(|(_, periods)| periods.len()).sum();
        before * self.measures.len() + measure * self.of(kind).len()
    }

    /// Kind, measure and period of each number, in their order.
    pub fn keys(&self) -> impl Iterator<Item = (Kind, &Measure, &Period)> {
        self.kinds.iter().flat_map(move |(kind, periods)| {
            let measures = self.measures.iter();
            measures.flat_map(move |m| periods.iter().map(move |period| (*kind, m, period)))
        })
    }
}

/// A measure and what it is made of; counts that it needs are noted.
fn made_of(name: &str, needed: &mut Vec<(usize, bool)>) -> Option<(Measure, Made)> {
    let mut need = |name: &str| -> Option<usize> {
        let place = MEASURES.iter().position(|known| known.0 == name)?;
        let found = needed.iter().position(|&(known, _)| known == place);
        Some(found.unwrap_or_else(|| {
            needed.push((place, MEASURES[place].1 == Sum::Stock));
            needed.len() - 1
        }))
    };
    if let Some(&(name, waited, taken, waiting, meaning)) = WAITS.iter().find(|wait| wait.0 == name)
    {
        let made = Made::Wait([need(waited)?, need(taken)?, need(waiting)?]);
        return Some(((name, "weeks", meaning), made));
    }
    if let Some(&(name, part, whole, meaning)) = SHARES.iter().find(|share| share.0 == name) {
        let made = Made::Share([need(part)?, need(whole)?]);
        return Some(((name, "share", meaning), made));
    }
    let &(name, _, meaning) = MEASURES.iter().find(|known| known.0 == name)?;
    Some((
        (name, "people", meaning.trim_start()),
        Made::Count(need(name)?),
    ))
}

/// The numbers of `L` worlds on their way.
#[derive(Debug)]
pub struct Cells<'a, const L: usize> {
    periods: &'a Periods,
    /// By needed count and week, if weeks are shown.
    weeks: Vec<Lanes<L>>,
    /// By needed count and month.
    months: Vec<Lanes<L>>,
    /// Whether a week ended in each month so far.
    ended: Vec<bool>,
}

impl<'a, const L: usize> Cells<'a, L> {
    /// Nothing is noted yet.
    #[must_use]
    pub fn new(periods: &'a Periods) -> Self {
        let needed = periods.needed.len();
        let months = periods.year_of_month.len();
        Self {
            weeks: vec![[0.0; L]; needed * periods.of(Kind::Week).len()],
            months: vec![[0.0; L]; needed * months],
            ended: vec![false; months],
            periods,
        }
    }

    /// The numbers of each world in the order of [`Periods::keys`]; the run is over.
    pub fn finish(mut self, mut each: impl FnMut(usize, &Lanes<L>)) {
        let periods = self.periods;
        let months = periods.year_of_month.len();
        // A month in which no week ends keeps what there was before it.
        for (month, ended) in self.ended.iter().enumerate().skip(1) {
            for (count, &(_, stock)) in periods.needed.iter().enumerate() {
                if stock && !ended {
                    let here = count * months + month;
                    self.months[here] = self.months[here - 1];
                }
            }
        }
        let mut cell = 0;
        for (kind, list) in &periods.kinds {
            let number = list.len();
            let years = (*kind == Kind::Year).then(|| self.years(number));
            let of = match kind {
                Kind::Week => &self.weeks,
                Kind::Month => &self.months,
                Kind::Year => years.as_ref().unwrap_or(&self.months),
            };
            for made in &periods.made {
                for period in 0..number {
                    each(cell, &value(made, |count| &of[count * number + period]));
                    cell += 1;
                }
            }
        }
    }

    fn years(&self, number: usize) -> Vec<Lanes<L>> {
        let periods = self.periods;
        let mut years = vec![[0.0; L]; periods.needed.len() * number];
        for (count, &(_, stock)) in periods.needed.iter().enumerate() {
            for (month, &year) in periods.year_of_month.iter().enumerate() {
                let of_month = &self.months[count * periods.year_of_month.len() + month];
                let sum = &mut years[count * number + year];
                for lane in 0..L {
                    sum[lane] = if stock { 0.0 } else { sum[lane] } + of_month[lane];
                }
            }
        }
        years
    }
}

fn value<'a, const L: usize>(made: &Made, of: impl Fn(usize) -> &'a Lanes<L>) -> Lanes<L> {
    match *made {
        Made::Count(count) => *of(count),
        Made::Wait(places) => {
            let [waited, taken, waiting] = places.map(of);
            std::array::from_fn(|l| mean_wait(waited[l], taken[l], waiting[l]))
        }
        Made::Share(places) => {
            let [part, whole] = places.map(of);
            std::array::from_fn(|l| share(part[l], whole[l]))
        }
    }
}

impl<const L: usize> Observer<L> for Cells<'_, L> {
    fn looks_at_supervision(&self, _: usize) -> bool {
        false
    }

    fn looks_at_clocks(&self) -> bool {
        self.periods.look_at_clocks()
    }

    fn week(&mut self, view: &WeekView<L>) {
        let periods = self.periods;
        let months = periods.year_of_month.len();
        let weeks = periods.of(Kind::Week).len();
        let counts = view.counts.in_order();
        let ends_in = periods.ends_in[view.week];
        self.ended[ends_in] = true;
        let parts = &periods.parts[periods.parts_of_week[view.week].clone()];
        for (place, &(count, stock)) in periods.needed.iter().enumerate() {
            let here = counts[count];
            if weeks > 0 {
                self.weeks[place * weeks + view.week] = *here;
            }
            let of_months = &mut self.months[place * months..(place + 1) * months];
            if stock {
                of_months[ends_in] = *here;
                continue;
            }
            for &(month, share) in parts {
                for lane in 0..L {
                    of_months[month][lane] += here[lane] * share;
                }
            }
        }
    }
}
