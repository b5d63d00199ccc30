//! What does each mix deliver, and what does it cost?

use super::{Hold, Mix, SkillMix};
use crate::error::Result;
use crate::measures::{number, whole};
use crate::plan::needs::leavers_per_wte;
use crate::scenario::staff::StaffFamily;
use crate::table::{Table, Values};
use crate::timetable::Timetable;

impl SkillMix {
    /// One row a mix. Flows, waits and cost are those of the last whole year of the run.
    ///
    /// # Errors
    /// None in practice: the tables that are read exist.
    pub fn summary(&self) -> Result<Table> {
        let rows = self.mixes.iter().map(Row::of).collect::<Result<Vec<_>>>()?;
        let year = "people a year";
        let recovered = "Finishers at caseness who recovered in the last whole year";
        let wait2 = "Mean weeks waited by those who started at Step 2 in the last whole year";
        let wait3 = "Mean weeks waited by those who started at Step 3 in the last whole year";
        let assessment = "Waiting for an assessment at the end of that year";
        let idle2 = "Bookable hours of the PWP pool not used in that year";
        let idle3 = "Bookable hours of the HIT pool not used in that year";
        Ok(Table::of_rows("summary", &rows)
            .text("mix", "PWP : HIT by WTE", |row| &row.label)
            .number("pwp_share", "share", "PWP share asked for", |row| row.share)
            .text("hold", "What is the same for all mixes", |_| {
                self.hold.name()
            })
            .number(
                "pwp_wte",
                "WTE",
                "Low-intensity posts, seniors included",
                |row| row.staff.low,
            )
            .number(
                "hit_wte",
                "WTE",
                "High-intensity posts, leads included",
                |row| row.staff.high,
            )
            .number(
                "supervisors_wte",
                "WTE",
                "Seniors and leads among them",
                |row| row.staff.supervisors,
            )
            .number(
                "trainees_a_year",
                "heads a year",
                "Training places that replace a year's leavers",
                |row| row.staff.trainees,
            )
            .number(
                "recurrent_pounds",
                "pounds a year",
                "Full-year pay and on-costs of both families",
                |row| row.pay,
            )
            .number(
                "course_starts",
                year,
                "Course starts in the last whole year",
                |row| row.course_starts,
            )
            .number(
                "finishers",
                year,
                "Finishers in the last whole year",
                |row| row.finishers,
            )
            .number("recoveries", year, recovered, |row| row.recovered)
            .number("wait_step2_weeks", "weeks", wait2, |row| row.wait_step2)
            .number("wait_step3_weeks", "weeks", wait3, |row| row.wait_step3)
            .number(
                "waiting_step2",
                "people",
                "Waiting for Step 2 at the end of that year",
                |row| row.waiting_step2,
            )
            .number(
                "waiting_step3",
                "people",
                "Waiting for Step 3 at the end of that year",
                |row| row.waiting_step3,
            )
            .number("waiting_assessment", "people", assessment, |row| {
                row.waiting_assessment
            })
            .number(
                "cost",
                "pounds",
                "Cost of that year, all roles and payers",
                |row| row.cost,
            )
            .number(
                "cost_per_recovery",
                "pounds",
                "Cost of that year over recoveries of that year",
                |row| row.cost / row.recovered,
            )
            .number("idle_pwp_share", "share", idle2, |row| row.idle_low)
            .number("idle_hit_share", "share", idle3, |row| row.idle_high)
            .number(
                "rules_broken",
                "rules",
                "Conditions and warnings over the whole run",
                |row| row.rules,
            )
            .table())
    }

    /// The answer in sentences; the first is the headline.
    ///
    /// # Errors
    /// As [`SkillMix::summary`].
    pub fn words(&self) -> Result<Vec<String>> {
        let table = self.summary()?;
        let best = |column: &str, sign: f64| {
            let list = table.numbers(column);
            (0..list.len())
                .filter(|&row| list[row].is_finite())
                .min_by(|&a, &b| (sign * list[a]).total_cmp(&(sign * list[b])))
        };
        let hold = match self.hold {
            Hold::Budget => "At the same budget",
            Hold::Wte => "With the same number of staff",
            Hold::Demand => "Staffed to serve the same demand",
        };
        let mut said = Vec::new();
        if let (Some(most), Some(cheapest)) =
            (best("recoveries", -1.0), best("cost_per_recovery", 1.0))
        {
            let (mix, pounds) = (table.texts("mix"), table.numbers("cost_per_recovery"));
            let recoveries = whole(table.numbers("recoveries")[most]);
            let gives = format!(
                "{hold}, {} gives the most recoveries a year ({recoveries})",
                mix[most]
            );
            said.push(if most == cheapest {
                format!(
                    "{gives}, and the cheapest ones ({} pounds each).",
                    whole(pounds[most])
                )
            } else {
                format!(
                    "{gives}, at {} pounds each, and {} the cheapest ones ({} pounds each).",
                    whole(pounds[most]),
                    mix[cheapest],
                    whole(pounds[cheapest])
                )
            });
        }
        for row in 0..table.len() {
            let n = |column: &str| table.numbers(column)[row];
            let wait = |column: &str| {
                if n(column).is_finite() {
                    format!("{} weeks", number(n(column)))
                } else {
                    "no start".into()
                }
            };
            said.push(format!(
                "{}: {} PWP and {} HIT posts, {} course starts, {} recoveries, {} to Step 2 and {} to Step 3.",
                table.texts("mix")[row],
                whole(n("pwp_wte")),
                whole(n("hit_wte")),
                whole(n("course_starts")),
                whole(n("recoveries")),
                wait("wait_step2_weeks"),
                wait("wait_step3_weeks")
            ));
        }
        said.push("Who goes to which step stays the same in all mixes: a mix that does not fit the routes leaves one role idle and the other short.".into());
        Ok(said)
    }
}

/// Posts of a mix, and the training places that keep them filled.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct Staff {
    /// Low-intensity posts, seniors included \[WTE\].
    pub low: f64,
    /// High-intensity posts, leads included \[WTE\].
    pub high: f64,
    /// Seniors and leads among them \[WTE\].
    pub supervisors: f64,
    /// Training places a year that replace a year's leavers \[heads\].
    pub trainees: f64,
}

impl Staff {
    /// Those of a compiled scenario.
    pub fn of(timetable: &Timetable) -> Self {
        let mut staff = Self::default();
        let roles = timetable.roles.iter().enumerate();
        for (index, place) in roles.filter(|(_, place)| place.course.is_none()) {
            let wte = place.said.in_post.mean();
            let leavers = wte * leavers_per_wte(&place.said) / place.said.wte_per_head.value();
            match place.family {
                StaffFamily::LowIntensity => staff.low += wte,
                StaffFamily::HighIntensity => staff.high += wte,
                _ => continue,
            }
            if place.pool == index {
                staff.trainees += leavers;
            } else {
                staff.supervisors += wte;
            }
        }
        staff
    }
}

/// What a mix does in the last whole year of its run.
#[derive(Default)]
struct Row {
    label: String,
    share: f64,
    pay: f64,
    staff: Staff,
    course_starts: f64,
    finishers: f64,
    recovered: f64,
    wait_step2: f64,
    wait_step3: f64,
    waiting_step2: f64,
    waiting_step3: f64,
    waiting_assessment: f64,
    cost: f64,
    idle_low: f64,
    idle_high: f64,
    rules: f64,
}

impl Row {
    fn of(mix: &Mix) -> Result<Self> {
        let yearly = mix.run.table("yearly")?;
        let complete = match yearly.column("complete").map(|column| &column.values) {
            Some(Values::Truth(list)) => list.iter().rposition(|&complete| complete),
            _ => None,
        };
        let year = complete.unwrap_or(yearly.len() - 1);
        let n = |column: &str| yearly.numbers(column)[year];
        let cost = mix.run.table("cost")?;
        let label = &yearly.texts("year")[year];
        let of_year = cost
            .texts("year")
            .iter()
            .zip(cost.numbers("pounds"))
            .filter(|row| row.0 == label);
        let rules = mix.run.table("rules")?;
        let severities = rules.texts("severity").iter();
        let mut row = Self {
            label: mix.label.clone(),
            share: mix.share,
            pay: mix.pay,
            course_starts: n("course_starts"),
            finishers: n("finishers"),
            recovered: n("recovered"),
            wait_step2: n("wait_step2_weeks"),
            wait_step3: n("wait_step3_weeks"),
            waiting_step2: n("waiting_step2"),
            waiting_step3: n("waiting_step3"),
            waiting_assessment: n("waiting_assessment"),
            cost: of_year.map(|row| row.1).sum(),
            rules: severities.filter(|severity| *severity != "target").count() as f64,
            ..Self::default()
        };
        row.staff = Staff::of(mix.plan.timetable());
        row.idle(mix, year);
        Ok(row)
    }

    fn idle(&mut self, mix: &Mix, year: usize) {
        let timetable = mix.run.timetable();
        for (index, place) in timetable.pools() {
            let weeks = mix.run.record().pools[index]
                .iter()
                .zip(&timetable.year_of_week);
            let (mut idle, mut bookable) = (0.0, 0.0);
            for (pool, _) in weeks.filter(|(_, of)| **of == year) {
                idle += pool.idle[0];
                bookable += pool.bookable[0];
            }
            let share = if bookable > 0.0 { idle / bookable } else { 0.0 };
            match place.family {
                StaffFamily::LowIntensity => self.idle_low = share,
                StaffFamily::HighIntensity => self.idle_high = share,
                _ => {}
            }
        }
    }
}
