//! What is the answer, in sentences that a board can read?

use crate::measures::{month_in_words, number, whole};
use crate::simulate::Simulation;
use crate::table::Table;

/// The answer; the first sentence is the headline.
pub fn words(run: &Simulation) -> Vec<String> {
    let mut said = Vec::new();
    let tables = (run.table("standards"), run.table("spread"));
    if let (Ok(standards), Ok(spread)) = tables {
        said.extend(chances(run, &standards));
        said.extend(
            [
                ("waiting_assessment", "an assessment"),
                ("waiting_step2", "Step 2"),
                ("waiting_step3", "Step 3"),
            ]
            .into_iter()
            .filter_map(|(measure, name)| list(run, &spread, measure, name)),
        );
    }
    let replications = run.spread().replications();
    let stopped = if run.is_complete() {
        ""
    } else {
        "; it was stopped early"
    };
    said.push(format!(
        "These are {} replications with seed {}{stopped}: single patients and clinicians, with chance.",
        whole(replications as f64),
        run.options().seed
    ));
    said
}

/// The standards in the order in which a board asks for them.
const ASKED: [&str; 6] = [
    "within_6_weeks",
    "step3_wait_weeks",
    "step2_wait_weeks",
    "within_18_weeks",
    "recovery",
    "reliable_recovery",
];

/// Chance above which a standard is met as good as always.
const AS_GOOD_AS_ALWAYS: f64 = 0.95;

/// The chance of each standard in whole months; first those that are in doubt.
fn chances(run: &Simulation, standards: &Table) -> Vec<String> {
    let (names, months) = (standards.texts("standard"), standards.texts("month"));
    let chance = standards.numbers("chance");
    let (low, high) = (standards.numbers("low"), standards.numbers("high"));
    let limit = standards.numbers("limit");
    let whole_months = whole_months(run);
    let sentence = |name: &str| -> Option<(bool, String)> {
        let rows: Vec<usize> = (0..names.len())
            .filter(|&row| names[row] == name && chance[row].is_finite())
            .filter(|&row| whole_months.contains(&months[row].as_str()))
            .collect();
        let worst = *(rows.iter()).min_by(|&&a, &&b| chance[a].total_cmp(&chance[b]))?;
        let best = *(rows.iter()).max_by(|&&a, &&b| chance[a].total_cmp(&chance[b]))?;
        let last = *rows.last()?;
        let what = match name {
            "within_6_weeks" => {
                format!("{:.0} % first treated within 6 weeks", limit[worst] * 100.0)
            }
            "within_18_weeks" => {
                format!(
                    "{:.0} % first treated within 18 weeks",
                    limit[worst] * 100.0
                )
            }
            "recovery" => format!("{:.0} % recovery in a month", limit[worst] * 100.0),
            "reliable_recovery" => {
                format!("{:.0} % reliable recovery in a month", limit[worst] * 100.0)
            }
            "step2_wait_weeks" => {
                format!(
                    "a mean wait for Step 2 of {} weeks at most",
                    number(limit[worst])
                )
            }
            _ => format!(
                "a mean wait for Step 3 of {} weeks at most",
                number(limit[worst])
            ),
        };
        let percent = |row: usize| format!("{:.0} %", chance[row] * 100.0);
        let range = |row: usize| format!("{:.0} to {:.0} %", low[row] * 100.0, high[row] * 100.0);
        let month = |row: usize| month_in_words(&months[row]);
        let said = if percent(worst) == percent(best) {
            format!(
                "The chance of {what} is {} in every month (in one month {}).",
                percent(last),
                range(last)
            )
        } else if worst == last {
            format!(
                "The chance of {what} is lowest in the last month, {}, at {} ({}).",
                month(last),
                percent(last),
                range(last)
            )
        } else if percent(last) == "0 %" {
            format!(
                "The chance of {what} is 0 % in {} ({}); it was highest in {}, at {}.",
                month(last),
                range(last),
                month(best),
                percent(best)
            )
        } else if percent(worst) == percent(last) {
            format!(
                "The chance of {what} is {} in {} ({}), and in no month lower.",
                percent(last),
                month(last),
                range(last)
            )
        } else {
            format!(
                "The chance of {what} is {} in {} ({}), and was lowest in {}, at {}.",
                percent(last),
                month(last),
                range(last),
                month(worst),
                percent(worst)
            )
        };
        Some((chance[worst] >= AS_GOOD_AS_ALWAYS, said))
    };
    let mut said: Vec<(bool, String)> = ASKED.into_iter().filter_map(sentence).collect();
    said.sort_by_key(|(certain, _)| *certain);
    said.into_iter().map(|(_, sentence)| sentence).collect()
}

fn whole_months(run: &Simulation) -> Vec<&str> {
    let months = run.timetable().calendar.months.iter();
    let whole = months.filter(|month| month.days_inside == month.days_whole);
    whole.map(|month| month.label.as_str()).collect()
}

fn list(run: &Simulation, spread: &Table, measure: &str, name: &str) -> Option<String> {
    let last = whole_months(run).pop()?;
    let mut known = spread.texts("measure").iter().zip(spread.texts("month"));
    let rows = known.position(|(known, month)| known == measure && month == last)?;
    let value = |column: &str| spread.numbers(column)[rows];
    if value("p95") < 0.5 {
        return None;
    }
    Some(format!(
        "At the end of {}, {} people wait for {name}; in nine replications out of ten {} to {}.",
        month_in_words(&spread.texts("month")[rows]),
        whole(value("mean")),
        whole(value("p05")),
        whole(value("p95"))
    ))
}
