//! Where does each figure of a plan come from? Every step: question, formula, inputs, result, source.

use crate::measures::whole;
use crate::pathway::{accepted_share, assessed_share, minutes_an_assessment};
use crate::plan::Plan;
use crate::plan::needs::{Needs, leavers_per_wte, worked_share};
use crate::reference::packs::Assumption;
use crate::scenario::Scenario;
use crate::table::Table;
use crate::timetable::{NormPlace, Timetable};

struct Step {
    question: String,
    formula: String,
    inputs: String,
    result: f64,
    unit: &'static str,
    source: String,
}

struct Trace {
    assumptions: Vec<Assumption>,
    steps: Vec<Step>,
}

impl Trace {
    fn step(
        &mut self,
        question: &str,
        formula: &str,
        inputs: &[(&str, f64)],
        result: f64,
        unit: &'static str,
        paths: &[String],
    ) {
        let inputs: Vec<String> = inputs
            .iter()
            .map(|(name, value)| format!("{name} = {}", digits(*value)))
            .collect();
        let sources: Vec<String> = paths.iter().filter_map(|path| self.source(path)).collect();
        self.steps.push(Step {
            question: question.into(),
            formula: formula.into(),
            inputs: inputs.join("; "),
            result,
            unit,
            source: sources.join("; "),
        });
    }

    fn source(&self, path: &str) -> Option<String> {
        let here = |row: &&Assumption| {
            row.path == path
                || row
                    .path
                    .strip_prefix(path)
                    .is_some_and(|rest| rest.starts_with(['.', '[']))
        };
        let row = self.assumptions.iter().find(here)?;
        Some(format!("{path}: {} ({})", row.source, row.status))
    }
}

/// As many digits as are worth reading, and enough to work the step out again: whole above a thousand, else
/// four that count, without trailing zeros.
fn digits(value: f64) -> String {
    let decimals = match value.abs() {
        size if size >= 1000.0 => return whole(value),
        size if size >= 100.0 => 1,
        size if size >= 10.0 => 2,
        size if size >= 1.0 => 3,
        _ => 4,
    };
    let text = format!("{value:.decimals$}");
    let text = text.trim_end_matches('0').trim_end_matches('.');
    if text == "-0" { "0" } else { text }.into()
}

/// The trace of a plan.
pub fn table(scenario: &Scenario, timetable: &Timetable, needs: &Needs, plan: &Plan) -> Table {
    let mut trace = Trace {
        assumptions: scenario.assumptions(),
        steps: Vec::new(),
    };
    demand(scenario, needs, &mut trace);
    courses(timetable, needs, &mut trace);
    staff(timetable, needs, &mut trace);
    money(plan, &mut trace);
    let steps: Vec<_> = (1_i64..).zip(&trace.steps).collect();
    let source = "Fields that it rests on, with their sources and how well they are known";
    Table::of_rows("trace", &steps)
        .whole("step", "", "Number of the step", |row| row.0)
        .text("question", "What is asked", |row| &row.1.question)
        .text("formula", "How it is worked out", |row| &row.1.formula)
        .text("inputs", "With which numbers", |row| &row.1.inputs)
        .number("result", "", "Result, in the unit of the row", |row| {
            row.1.result
        })
        .text("unit", "Unit of the result", |row| row.1.unit)
        .text("source", source, |row| &row.1.source)
        .table()
}

fn paths(list: &[&str]) -> Vec<String> {
    list.iter().map(ToString::to_string).collect()
}

fn demand(scenario: &Scenario, needs: &Needs, trace: &mut Trace) {
    let pathway = &scenario.spec().pathway;
    let flow = &needs.demand;
    let source = ["rate", "series", "need"].map(|kind| format!("demand.{kind}"));
    trace.step(
        "How many are referred in a year?",
        "as stated for a year at the start",
        &[],
        flow.referrals,
        "people a year",
        &source,
    );
    trace.step(
        "How many are accepted?",
        "referrals x (1 - rejected) x opt-in",
        &[
            ("referrals", flow.referrals),
            ("rejected", pathway.screening.rejected.mean()),
            ("opt-in", pathway.opt_in.share.mean()),
        ],
        flow.referrals * accepted_share(pathway, &[]),
        "people a year",
        &paths(&["pathway.screening.rejected", "pathway.opt_in.share"]),
    );
    trace.step(
        "How many are assessed?",
        "accepted x share assessed in the end",
        &[
            ("accepted", flow.accepted),
            ("share assessed", assessed_share(pathway, &[])),
        ],
        flow.assessed,
        "people a year",
        &paths(&[
            "pathway.assessment.discharged_after_missed",
            "pathway.assessment.dna",
        ]),
    );
    trace.step(
        "How many first treatments is that?",
        "assessed x (a + (1 - a) x share routed to a treatment)",
        &[
            ("assessed", flow.assessed),
            ("a", pathway.assessment.counts_as_treatment.mean()),
        ],
        flow.first_treatments,
        "people a year",
        &paths(&["pathway.assessment.counts_as_treatment"]),
    );
    trace.step(
        "How many hours do assessments take?",
        "assessed x minutes x used / attended / 60",
        &[
            ("assessed", flow.assessed),
            (
                "minutes for each assessed",
                minutes_an_assessment(pathway, &[]),
            ),
        ],
        flow.assessed * minutes_an_assessment(pathway, &[]) / 60.0,
        "hours a year",
        &paths(&[
            "pathway.assessment.minutes",
            "pathway.assessment.dna",
            "pathway.assessment.patient_cancel",
        ]),
    );
}

fn courses(timetable: &Timetable, needs: &Needs, trace: &mut Trace) {
    for (place, &starts) in timetable.treatments.iter().zip(&needs.starts) {
        let course = crate::pathway::Course::new(&place.said, &[]);
        let title = &place.said.title;
        let field = |name: &str| format!("pathway.step{}.{}.{name}", place.step, place.name);
        let route = format!("pathway.routes.step{}.{}", place.step, place.name);
        trace.step(
            &format!("{title}: how many start?"),
            "assessed x route + completers stepped here",
            &[("assessed", needs.demand.assessed)],
            starts,
            "people a year",
            &[route, field("step_up")],
        );
        trace.step(
            &format!("{title}: how many sessions does one start mean?"),
            "sum over sessions of the share who come to it; booked = attended / attended share",
            &[
                ("attended a start", course.sessions_attended()),
                ("attended share of booked", course.booking.attended),
            ],
            course.sessions_booked(),
            "sessions booked a start",
            &[
                field("sessions"),
                field("drop_out"),
                field("dna"),
                field("patient_cancel"),
                field("provider_cancel"),
            ],
        );
        trace.step(
            &format!("{title}: how many hours does that take?"),
            "starts x (first + follow-up x later sessions) x used / attended / 60",
            &[
                ("starts", starts),
                ("minutes a first session", course.first_minutes),
                ("minutes a later session", course.followup_minutes),
                ("minutes a start", course.minutes_a_start()),
            ],
            starts * course.minutes_a_start() / 60.0,
            "hours a year",
            &[
                field("first_minutes"),
                field("followup_minutes"),
                field("reuse"),
            ],
        );
    }
    let flow = &needs.demand;
    trace.step(
        "How many finish, and recover?",
        "course starts that end with two or more treatment contacts; of those at caseness, the share who recover",
        &[("finishers", flow.finishers), ("at caseness", flow.finishers_at_caseness)],
        flow.recovered,
        "people a year",
        &[],
    );
}

fn staff(timetable: &Timetable, needs: &Needs, trace: &mut Trace) {
    for (index, place) in timetable.roles.iter().enumerate() {
        let pool = &needs.pools[index];
        if place.pool != index || place.course.is_some() || pool.demand() <= 0.0 {
            continue;
        }
        let title = &place.said.title;
        let role = &needs.roles[index];
        let field = |name: &str| format!("staff.{}.{name}", place.name);
        let mut formula = "bookable hours a week x weeks worked".to_string();
        let hours = place.said.job_plan.patients.mean();
        let mut inputs = vec![("bookable hours a week", hours), ("weeks", role.weeks)];
        if !place.said.absences.is_empty() {
            formula += " x share at work or covered";
            inputs.push(("share at work or covered", worked_share(&place.said)));
        }
        trace.step(
            &format!("{title}: how many bookable hours has one WTE in a year?"),
            &formula,
            &inputs,
            role.hours_per_wte,
            "hours a year",
            &[
                field("job_plan.patients"),
                field("weeks_available"),
                field("availability"),
            ],
        );
        let others: Vec<usize> = timetable
            .roles_of_pool(index)
            .filter(|&other| other != index && timetable.roles[other].course.is_none())
            .collect();
        let sources = sources_of_need(timetable, needs, index, &others);
        let others: f64 = others
            .into_iter()
            .map(|other| needs.roles[other].needed * needs.roles[other].hours_per_wte)
            .sum();
        trace.step(
            &format!("{title}: how many WTE are needed?"),
            "(screening + assessments + courses + supervision beyond job plans - hours of seniors and leads) / hours of one WTE",
            &[
                ("screening", pool.screening),
                ("assessments", pool.assessment),
                ("courses", pool.courses),
                ("supervision beyond job plans", pool.supervision_needed),
                ("seniors and leads", others),
                ("hours of one WTE", role.hours_per_wte),
            ],
            role.needed,
            "WTE",
            &sources,
        );
        trace.step(
            &format!("{title}: how many leave in a year, and must be replaced?"),
            "needed x leavers a year for each person in post",
            &[
                ("needed", role.needed),
                ("leavers a year", leavers_per_wte(&place.said)),
            ],
            role.leavers,
            "WTE a year",
            &[field("leavers_per_year")],
        );
    }
}

/// What the needed WTE rest on besides the steps before: seniors and leads in post, and the supervision that
/// the pool gives beyond job plans.
fn sources_of_need(
    timetable: &Timetable,
    needs: &Needs,
    pool: usize,
    others: &[usize],
) -> Vec<String> {
    let in_post = |&role: &usize| format!("staff.{}.in_post", timetable.roles[role].name);
    let mut sources: Vec<String> = others.iter().map(in_post).collect();
    if needs.pools[pool].supervision_needed > 0.0 {
        let gives = |norm: &&NormPlace| {
            let mut givers = norm.givers.iter();
            givers.any(|giver| giver.role == pool || others.contains(&giver.role))
        };
        let norms = timetable.norms.iter().filter(gives);
        sources.extend(norms.map(|norm| format!("supervision.norms.{}.hours_per_week", norm.name)));
        sources.push("supervision.most_hours_per_wte".into());
    }
    sources
}

fn money(plan: &Plan, trace: &mut Trace) {
    for (place, index) in plan.timetable.roles.iter().zip(0..) {
        let rows: Vec<_> = plan
            .cost
            .iter()
            .filter(|row| row.role == Some(index))
            .collect();
        let total: f64 = rows.iter().map(|row| row.pounds_needed).sum();
        if total <= 0.0 {
            continue;
        }
        let inputs: Vec<(&str, f64)> = rows
            .iter()
            .map(|row| (&*row.leaf.line, row.pounds_needed))
            .collect();
        trace.step(
            &format!(
                "{}: what do those needed cost in a full year?",
                place.said.title
            ),
            &format!(
                "sum of the lines, band {}, {} point",
                place.said.band.name(),
                format!("{:?}", place.said.pay_point).to_lowercase()
            ),
            &inputs,
            total,
            "pounds a year",
            &[
                format!("staff.{}.band", place.name),
                "money.non_pay_per_wte".into(),
                "money.overhead_share".into(),
            ],
        );
    }
}
