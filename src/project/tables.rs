//! How does a run become tables by week, month, quarter and year?
//!
//! Referrals come back exactly by month. Other flows are shared between the months of a week by working
//! days; stocks are those at the end of the last week that ends in the period.

use crate::measures::{mean_wait, share};
use crate::project::measure::{MEASURES, SHARES, Sum, WAITS};
use crate::project::record::{LONGEST_SHOWN, Record};
use crate::scenario::Spec;
use crate::table::{Table, Values};
use crate::timetable::Timetable;
use crate::timetable::world::ramp_days;

/// A sum over the rows of one period.
struct Periods<'a> {
    timetable: &'a Timetable,
    record: &'a Record,
    /// Period of each month.
    of_month: Vec<usize>,
    labels: Vec<String>,
    days: Vec<u16>,
    whole: Vec<u16>,
}

impl Periods<'_> {
    /// Weekly flows by period: shared by working days, by calendar days where a week has none.
    fn flows(&self, weekly: &[f64]) -> Vec<f64> {
        let calendar = &self.timetable.calendar;
        let mut sums = vec![0.0; self.labels.len()];
        for segment in &calendar.segments {
            let working = calendar.weeks[segment.week].working_days;
            let share = if working > 0 {
                f64::from(segment.working_days) / f64::from(working)
            } else {
                f64::from(segment.days) / 7.0
            };
            sums[self.of_month[segment.month]] += weekly[segment.week] * share;
        }
        sums
    }

    fn referrals(&self) -> Vec<f64> {
        let mut sums = vec![0.0; self.labels.len()];
        for (segment, referrals) in self
            .timetable
            .calendar
            .segments
            .iter()
            .zip(&self.record.referrals)
        {
            sums[self.of_month[segment.month]] += referrals;
        }
        sums
    }

    /// Weekly stocks at the end of each period.
    fn stocks(&self, weekly: &[f64]) -> Vec<f64> {
        let mut ends = vec![weekly.first().copied().unwrap_or(0.0); self.labels.len()];
        let mut last = ends.first().copied().unwrap_or(0.0);
        let mut next = 0;
        for (week, &value) in weekly.iter().enumerate() {
            if let Some(month) = self.record.closes(week) {
                let period = self.of_month[month];
                for earlier in next..period {
                    ends[earlier] = last;
                }
                ends[period] = value;
                last = value;
                next = period;
            }
        }
        for end in ends.iter_mut().skip(next) {
            *end = last;
        }
        ends
    }

    fn table(&self, name: &str, key: &str) -> Table {
        let complete = self
            .days
            .iter()
            .zip(&self.whole)
            .map(|(days, whole)| days == whole)
            .collect();
        let days = self.days.iter().map(|&days| i64::from(days)).collect();
        let mut table = Table::new(name)
            .text(key, "Period", self.labels.iter().cloned())
            .and(
                "days",
                "days",
                "Days of the period inside the horizon",
                Values::Whole(days),
            )
            .and(
                "complete",
                "",
                "Whether the horizon covers the whole period",
                Values::Truth(complete),
            );
        let mut sums: Vec<(&str, Vec<f64>)> = Vec::with_capacity(MEASURES.len());
        for (place, &(measure, sum, meaning)) in MEASURES.iter().enumerate() {
            let weekly = &self.record.counts[place];
            let values = match sum {
                _ if measure == "referrals" => self.referrals(),
                Sum::Stock => self.stocks(weekly),
                Sum::Flow | Sum::Waited => self.flows(weekly),
            };
            if sum != Sum::Waited {
                table = table.number(measure, "people", meaning.trim(), values.clone());
            }
            sums.push((measure, values));
        }
        let sum = |name: &str| {
            sums.iter()
                .find(|(known, _)| *known == name)
                .map_or(&[] as &[f64], |(_, list)| list)
        };
        for (name, waited, taken, waiting, meaning) in WAITS {
            table = table.number(
                name,
                "weeks",
                meaning,
                waits(sum(waited), sum(taken), sum(waiting)),
            );
        }
        for (name, part, whole, meaning) in SHARES {
            let values = sum(part)
                .iter()
                .zip(sum(whole))
                .map(|(&part, &whole)| share(part, whole))
                .collect();
            table = table.number(name, "share", meaning, values);
        }
        self.treatments(table)
    }

    fn treatments(&self, mut table: Table) -> Table {
        for (place, weeks) in self
            .timetable
            .treatments
            .iter()
            .zip(&self.record.treatments)
        {
            let weekly = |of: fn(&crate::project::measure::TreatmentCounts<1>) -> f64| -> Vec<f64> {
                weeks.iter().map(of).collect()
            };
            let (starts, waiting) = (
                self.flows(&weekly(|w| w.starts[0])),
                self.stocks(&weekly(|w| w.waiting[0])),
            );
            let wait = waits(&self.flows(&weekly(|w| w.waited[0])), &starts, &waiting);
            let (name, title) = (&place.name, &place.said.title);
            table = table
                .number(
                    &format!("starts_{name}"),
                    "people",
                    &format!("Course starts: {title}"),
                    starts,
                )
                .number(
                    &format!("waiting_{name}"),
                    "people",
                    &format!("Waiting: {title}"),
                    waiting,
                )
                .number(
                    &format!("open_{name}"),
                    "people",
                    &format!("In a course: {title}"),
                    self.stocks(&weekly(|w| w.open[0])),
                )
                .number(
                    &format!("wait_{name}_weeks"),
                    "weeks",
                    &format!("Mean weeks waited by those who started: {title}"),
                    wait,
                );
        }
        table
    }
}

fn waits(waited: &[f64], taken: &[f64], waiting: &[f64]) -> Vec<f64> {
    waited
        .iter()
        .zip(taken)
        .zip(waiting)
        .map(|((&waited, &taken), &waiting)| mean_wait(waited, taken, waiting))
        .collect()
}

fn months<'a>(timetable: &'a Timetable, record: &'a Record) -> Periods<'a> {
    let months = &timetable.calendar.months;
    Periods {
        timetable,
        record,
        of_month: (0..months.len()).collect(),
        labels: months.iter().map(|month| month.label.clone()).collect(),
        days: months.iter().map(|month| month.days_inside).collect(),
        whole: months.iter().map(|month| month.days_whole).collect(),
    }
}

/// The table by week.
pub fn weekly(timetable: &Timetable, record: &Record) -> Table {
    let weeks = &timetable.calendar.weeks;
    let number = (1..=i64::try_from(weeks.len()).unwrap_or(i64::MAX)).collect();
    let working = weeks
        .iter()
        .map(|week| i64::from(week.working_days))
        .collect();
    let mut table = Table::new("weekly")
        .and("week", "", "Number of the week", Values::Whole(number))
        .and(
            "start",
            "",
            "First day of the week",
            Values::Day(weeks.iter().map(|week| week.start).collect()),
        )
        .and(
            "working_days",
            "days",
            "Working days",
            Values::Whole(working),
        );
    for (place, &(measure, sum, meaning)) in MEASURES.iter().enumerate() {
        if sum != Sum::Waited {
            table = table.number(
                measure,
                "people",
                meaning.trim(),
                record.counts[place].clone(),
            );
        }
    }
    for (name, waited, taken, waiting, meaning) in WAITS {
        let values = waits(
            record.measure(waited),
            record.measure(taken),
            record.measure(waiting),
        );
        table = table.number(name, "weeks", meaning, values);
    }
    for (place, list) in timetable.treatments.iter().zip(&record.treatments) {
        let (name, title) = (&place.name, &place.said.title);
        let column = |of: fn(&crate::project::measure::TreatmentCounts<1>) -> f64| -> Vec<f64> {
            list.iter().map(of).collect()
        };
        let wait = waits(
            &column(|w| w.waited[0]),
            &column(|w| w.starts[0]),
            &column(|w| w.waiting[0]),
        );
        table = table
            .number(
                &format!("starts_{name}"),
                "people",
                &format!("Course starts: {title}"),
                column(|w| w.starts[0]),
            )
            .number(
                &format!("share_held_{name}"),
                "share",
                &format!("Share of the sessions due that were held: {title}"),
                column(|w| w.share_held[0]),
            )
            .number(
                &format!("attended_{name}"),
                "sessions",
                &format!("Sessions attended: {title}"),
                column(|w| w.attended[0]),
            )
            .number(
                &format!("completed_{name}"),
                "people",
                &format!("Courses completed: {title}"),
                column(|w| w.completed[0]),
            )
            .number(
                &format!("dropped_out_{name}"),
                "people",
                &format!("Dropped out: {title}"),
                column(|w| w.dropped_out[0]),
            )
            .number(
                &format!("stepped_{name}"),
                "people",
                &format!("Stepped up or down: {title}"),
                column(|w| w.stepped[0]),
            )
            .number(
                &format!("waiting_{name}"),
                "people",
                &format!("Waiting: {title}"),
                column(|w| w.waiting[0]),
            )
            .number(
                &format!("open_{name}"),
                "people",
                &format!("In a course: {title}"),
                column(|w| w.open[0]),
            )
            .number(
                &format!("wait_{name}_weeks"),
                "weeks",
                &format!("Mean weeks waited: {title}"),
                wait,
            );
    }
    for (index, role) in timetable
        .roles
        .iter()
        .enumerate()
        .filter(|(index, role)| role.pool == *index && role.course.is_none())
    {
        let minutes = record.pools[index]
            .iter()
            .map(|pool| pool.bookable[0] - pool.supervision[0])
            .collect();
        let wte = record.staff[index]
            .iter()
            .map(|staff| staff.opening)
            .collect();
        table = table
            .number(
                &format!("wte_{}", role.name),
                "WTE",
                &format!("In post at the start of the week: {}", role.said.title),
                wte,
            )
            .number(
                &format!("minutes_{}", role.name),
                "minutes",
                &format!(
                    "Bookable minutes less supervision beyond plan: {}",
                    role.said.title
                ),
                minutes,
            );
    }
    table
}

/// The table by month.
pub fn monthly(timetable: &Timetable, record: &Record) -> Table {
    months(timetable, record).table("monthly", "month")
}

/// The table by quarter of the financial year.
pub fn quarterly(timetable: &Timetable, record: &Record) -> Table {
    let calendar = &timetable.calendar;
    let periods = Periods {
        timetable,
        record,
        of_month: calendar.months.iter().map(|month| month.quarter).collect(),
        labels: calendar
            .quarters
            .iter()
            .map(|quarter| quarter.label.clone())
            .collect(),
        days: calendar
            .quarters
            .iter()
            .map(|quarter| quarter.days_inside)
            .collect(),
        whole: calendar
            .quarters
            .iter()
            .map(|quarter| quarter.days_whole)
            .collect(),
    };
    periods.table("quarterly", "quarter")
}

/// The table by financial year.
pub fn yearly(timetable: &Timetable, record: &Record) -> Table {
    let calendar = &timetable.calendar;
    let periods = Periods {
        timetable,
        record,
        of_month: calendar
            .months
            .iter()
            .map(|month| month.financial_year)
            .collect(),
        labels: calendar
            .financial_years
            .iter()
            .map(|year| year.label.clone())
            .collect(),
        days: calendar
            .financial_years
            .iter()
            .map(|year| year.days_inside)
            .collect(),
        whole: calendar
            .financial_years
            .iter()
            .map(|year| year.days_whole)
            .collect(),
    };
    periods.table("yearly", "year")
}

/// Staff by month and role.
pub fn staff(timetable: &Timetable, record: &Record) -> Table {
    let periods = months(timetable, record);
    let number = periods.labels.len();
    let per_role = |of: &dyn Fn(usize) -> Vec<f64>| -> Vec<f64> {
        (0..timetable.roles.len()).flat_map(of).collect()
    };
    let weekly = |role: usize, of: fn(&crate::project::record::StaffWeek) -> f64| -> Vec<f64> {
        record.staff[role].iter().map(of).collect()
    };
    let stock = |of: fn(&crate::project::record::StaffWeek) -> f64| {
        per_role(&|role| periods.stocks(&weekly(role, of)))
    };
    let flow = |of: fn(&crate::project::record::StaffWeek) -> f64| {
        per_role(&|role| periods.flows(&weekly(role, of)))
    };
    let repeat = |of: &dyn Fn(usize) -> String| -> Vec<String> {
        (0..timetable.roles.len())
            .flat_map(|role| vec![of(role); number])
            .collect()
    };
    let posts: Vec<f64> = per_role(&|role| {
        let said = &timetable.roles[role].said;
        vec![said.posts.map_or(said.in_post.mean(), |posts| posts.mean()); number]
    });
    let in_post = stock(|week| week.in_post);
    let trainees = stock(|week| week.trainees);
    let heads: Vec<f64> = in_post
        .iter()
        .enumerate()
        .map(|(row, wte)| wte / timetable.roles[row / number].said.wte_per_head.value())
        .collect();
    let is_trainee = |row: usize| timetable.roles[row / number].course.is_some();
    let gap = |sign: f64| -> Vec<f64> {
        let of = |(row, (posts, wte)): (usize, (&f64, &f64))| {
            if is_trainee(row) {
                0.0
            } else {
                (sign * (posts - wte)).max(0.0)
            }
        };
        posts.iter().zip(&in_post).enumerate().map(of).collect()
    };
    let labels = (0..timetable.roles.len()).flat_map(|_| periods.labels.clone());
    let ramped = stock(|week| {
        if week.worked > 0.0 {
            week.ramped / week.worked * week.opening
        } else {
            week.ramped
        }
    });
    Table::new("staff")
        .text("month", "Month", labels)
        .text(
            "role",
            "Role",
            repeat(&|role| timetable.roles[role].name.clone()),
        )
        .text(
            "title",
            "Role as shown",
            repeat(&|role| timetable.roles[role].said.title.clone()),
        )
        .text(
            "band",
            "Agenda for Change band",
            repeat(&|role| timetable.roles[role].said.band.name().into()),
        )
        .number("posts", "WTE", "Funded establishment", posts.clone())
        .number(
            "in_post",
            "WTE",
            "In post at the end of the month; trainees in training",
            in_post.clone(),
        )
        .number("heads", "heads", "People in post", heads)
        .number("vacancies", "WTE", "Posts not filled", gap(1.0))
        .number(
            "over_establishment",
            "WTE",
            "Staff beyond the posts",
            gap(-1.0),
        )
        .number(
            "joined",
            "WTE",
            "Recruited or promoted into the role; trainees who started",
            flow(|week| week.joined),
        )
        .number(
            "left",
            "WTE",
            "Left the service or the role",
            flow(|week| week.left),
        )
        .number(
            "moved_to_training",
            "WTE",
            "Moved to training inside the service",
            flow(|week| week.moved_to_training),
        )
        .number(
            "qualified",
            "WTE",
            "Qualified into the role",
            flow(|week| week.qualified),
        )
        .number("in_training", "heads", "Trainees in training", trainees)
        .number(
            "ramped_wte",
            "WTE",
            "Qualified staff and trainees by the share of bookable hours they work",
            ramped,
        )
}

/// Hours by month, role and line.
pub fn capacity(timetable: &Timetable, record: &Record) -> Table {
    let periods = months(timetable, record);
    let (mut month, mut role, mut line, mut hours) =
        (Vec::new(), Vec::new(), Vec::new(), Vec::new());
    let mut add = |name: &str, what: &str, values: Vec<f64>| {
        for (label, value) in periods.labels.iter().zip(values) {
            month.push(label.clone());
            role.push(name.to_string());
            line.push(what.to_string());
            hours.push(value);
        }
    };
    for (index, place) in timetable.roles.iter().enumerate() {
        let weeks = &record.staff[index];
        for (what, plan) in place.said.job_plan.lines() {
            if what != "patients" && plan > 0.0 {
                let weekly: Vec<f64> = weeks.iter().map(|week| week.available * plan).collect();
                add(&place.name, what, periods.flows(&weekly));
            }
        }
        let absent: Vec<f64> = weeks
            .iter()
            .map(|week| (week.worked - week.available) * 37.5)
            .collect();
        add(&place.name, "leave_and_sickness", periods.flows(&absent));
        if place.pool != index || place.course.is_some() {
            continue;
        }
        type Minutes = fn(&crate::project::measure::PoolCounts<1>) -> f64;
        let lines: [(&str, Minutes); 8] = [
            ("bookable", |pool| pool.bookable[0]),
            ("supervision_beyond_plan", |pool| pool.supervision[0]),
            ("screening", |pool| pool.screening[0]),
            ("assessment", |pool| pool.assessment[0]),
            ("first_sessions", |pool| pool.first[0]),
            ("later_sessions", |pool| pool.later[0]),
            ("idle", |pool| pool.idle[0]),
            ("lost_to_missed_appointments", |pool| pool.lost[0]),
        ];
        for (what, minutes) in lines {
            let weekly: Vec<f64> = record.pools[index]
                .iter()
                .map(|pool| minutes(pool) / 60.0)
                .collect();
            add(&place.name, what, periods.flows(&weekly));
        }
    }
    Table::new("capacity")
        .text("month", "Month", month)
        .text(
            "role",
            "Role; hours with patients are those of its whole pool",
            role,
        )
        .text(
            "line",
            "Line of the job plan, or use of the bookable hours",
            line,
        )
        .number("hours", "hours", "Hours of the month", hours)
}

/// Supervision by month and kind, hours of a full week at the end of the month.
pub fn supervision(spec: &Spec, timetable: &Timetable, record: &Record) -> Table {
    let periods = months(timetable, record);
    let ratio = spec.supervision.supervisees_per_supervisor.ratio.value();
    let number = periods.labels.len();
    let column = |of: &dyn Fn(&crate::timetable::ledger::SupervisionCounts<1>) -> f64| -> Vec<f64> {
        record
            .supervision
            .iter()
            .flat_map(|weeks| periods.stocks(&weeks.iter().map(of).collect::<Vec<_>>()))
            .collect()
    };
    let (owed, offered) = (
        column(&|week| week.owed[0]),
        column(&|week| week.offered[0]),
    );
    let unmet = column(&|week| week.given.unmet[0]);
    let supervisees = column(&|week| week.supervisees[0]);
    let needed = supervisees
        .iter()
        .map(|&people| crate::supervision::supervisors_needed(people, ratio))
        .collect();
    let repeat = |of: &dyn Fn(usize) -> String| -> Vec<String> {
        (0..timetable.norms.len())
            .flat_map(|norm| vec![of(norm); number])
            .collect()
    };
    let title = |norm: usize| {
        spec.supervision.norms[&timetable.norms[norm].name]
            .title
            .clone()
    };
    Table::new("supervision")
        .text(
            "month",
            "Month",
            (0..timetable.norms.len()).flat_map(|_| periods.labels.clone()),
        )
        .text(
            "kind",
            "Kind of supervision",
            repeat(&|norm| timetable.norms[norm].name.clone()),
        )
        .text("title", "Kind as shown", repeat(&title))
        .number("supervisees", "heads", "People who receive it", supervisees)
        .number(
            "hours_owed",
            "hours a week",
            "Hours that supervisors owe in a full week",
            owed,
        )
        .number(
            "hours_offered",
            "hours a week",
            "Hours that its supervisors could give in a full week, to all kinds",
            offered,
        )
        .number(
            "hours_beyond_plan",
            "hours a week",
            "Hours given out of bookable hours",
            column(&|week| week.given.beyond[0]),
        )
        .number(
            "hours_unmet",
            "hours a week",
            "Hours that nobody can give",
            unmet.clone(),
        )
        .number(
            "supervisors",
            "heads",
            "People who may give it",
            column(&|week| week.supervisors[0]),
        )
        .number(
            "supervisors_needed",
            "heads",
            "Supervisees over the most that one can take, rounded up",
            needed,
        )
        .and(
            "binds",
            "",
            "Whether hours are short",
            Values::Truth(unmet.iter().map(|&hours| hours > 1e-9).collect()),
        )
}

/// The leaves of the cost by financial year.
pub fn cost(timetable: &Timetable, record: &Record) -> Table {
    let years = &timetable.calendar.financial_years;
    let rows = &record.cost;
    let role = |row: &crate::project::record::CostRow| &timetable.roles[row.role];
    let complete = rows
        .iter()
        .map(|row| years[row.year].days_inside == years[row.year].days_whole)
        .collect();
    Table::new("cost")
        .text(
            "year",
            "Financial year",
            rows.iter().map(|row| years[row.year].label.clone()),
        )
        .and(
            "days",
            "days",
            "Days of the year inside the horizon",
            Values::Whole(
                rows.iter()
                    .map(|row| i64::from(years[row.year].days_inside))
                    .collect(),
            ),
        )
        .and(
            "complete",
            "",
            "Whether the horizon covers the whole year",
            Values::Truth(complete),
        )
        .text(
            "role",
            "Role",
            rows.iter().map(|row| role(row).name.clone()),
        )
        .text(
            "title",
            "Role as shown",
            rows.iter().map(|row| role(row).said.title.clone()),
        )
        .text(
            "band",
            "Agenda for Change band",
            rows.iter().map(|row| role(row).said.band.name()),
        )
        .text(
            "line",
            "Line of the budget",
            rows.iter().map(|row| row.leaf.line),
        )
        .text(
            "payer",
            "Who pays",
            rows.iter().map(|row| row.leaf.payer.name()),
        )
        .and(
            "recurrent",
            "",
            "Whether it comes again every year",
            Values::Truth(rows.iter().map(|row| row.leaf.recurrent).collect()),
        )
        .number(
            "pounds",
            "pounds",
            "Pounds of the year",
            rows.iter().map(|row| row.leaf.pounds).collect(),
        )
}

/// People waiting at the end of each month by weeks waited.
pub fn waiting(timetable: &Timetable, record: &Record) -> Table {
    let labels = &timetable.calendar.months;
    let cells = LONGEST_SHOWN + 1;
    let stages = ["assessment", "step2", "step3"];
    let rows = labels.len() * stages.len() * cells;
    let month = (0..rows).map(|row| labels[row / (cells * 3)].label.clone());
    let stage = (0..rows).map(|row| stages[row / cells % 3]);
    let weeks = (0..rows)
        .map(|row| i64::try_from(row % cells).unwrap_or(0))
        .collect();
    let people = record
        .waits
        .iter()
        .flat_map(|month| month.iter().flatten().copied())
        .collect();
    Table::new("waiting")
        .text("month", "Month", month)
        .text("stage", "What they wait for", stage)
        .and(
            "weeks_waited",
            "weeks",
            "Whole weeks waited for this stage; 27 stands for 27 and more",
            Values::Whole(weeks),
        )
        .number(
            "people",
            "people",
            "People waiting at the end of the month",
            people,
        )
}

/// Dates at which trainees start, reach a step of their ramp and qualify.
pub fn events(spec: &Spec, timetable: &Timetable) -> Table {
    let mut rows = Vec::new();
    for (index, intake) in spec.training.intakes.iter().enumerate() {
        for (day, share, qualifies) in ramp_days(spec, index) {
            let Some(week) = timetable.calendar.week_of(day) else {
                continue;
            };
            let range = &timetable.segments_of_week[week];
            let of_day = |s: &&crate::calendar::Segment| {
                let first = timetable.calendar.months[s.month].first;
                first.year() == day.year() && first.month() == day.month()
            };
            let segment = timetable.calendar.segments[range.clone()]
                .iter()
                .find(of_day);
            let month = timetable.calendar.months
                [segment.map_or(timetable.calendar.segments[range.start].month, |s| s.month)]
            .label
            .clone();
            let event = match (qualifies, day == intake.start) {
                (true, _) => "qualify".to_string(),
                (_, true) if share == 0.0 => "start, no patients yet".into(),
                (_, true) => format!("start at {:.0} %", share * 100.0),
                _ => format!("{:.0} % of bookable hours", share * 100.0),
            };
            rows.push((
                day,
                month,
                intake.course.clone(),
                intake.trainees.mean(),
                event,
            ));
        }
    }
    rows.sort_by(|a, b| (a.0, &a.2, &a.4).cmp(&(b.0, &b.2, &b.4)));
    Table::new("events")
        .and(
            "date",
            "",
            "Day",
            Values::Day(rows.iter().map(|row| row.0).collect()),
        )
        .text("month", "Month", rows.iter().map(|row| row.1.clone()))
        .text("course", "Course", rows.iter().map(|row| row.2.clone()))
        .number(
            "trainees",
            "heads",
            "Trainees",
            rows.iter().map(|row| row.3).collect(),
        )
        .text(
            "event",
            "What happens",
            rows.iter().map(|row| row.4.clone()),
        )
}
