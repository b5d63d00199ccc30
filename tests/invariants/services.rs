//! Random services: what a planner could write, all at once.

use proptest::prelude::*;
use skillmix::scenario::Scenario;
use toml::Value;

use crate::common::{Service, changed, toml};

/// The packs with a service in them.
pub const PACKS: [&str; 2] = ["talking-therapies-2025", "iapt-2008"];

fn text(path: &'static str, values: &'static [&'static str]) -> BoxedStrategy<Change> {
    let change = move |value: &'static str| vec![(path.to_string(), toml(value))];
    proptest::sample::select(values).prop_map(change).boxed()
}

fn number(path: &'static str, low: f64, high: f64) -> BoxedStrategy<Change> {
    (low..high)
        .prop_map(move |value| vec![(path.to_string(), Value::Float(value))])
        .boxed()
}

fn whole(path: &'static str, low: i64, high: i64) -> BoxedStrategy<Change> {
    (low..=high)
        .prop_map(move |value| vec![(path.to_string(), Value::Integer(value))])
        .boxed()
}

type Change = Vec<(String, Value)>;

fn referrals() -> BoxedStrategy<Change> {
    let rate = |referrals: f64| toml(&format!("{{ referrals = {referrals:?}, per = \"year\" }}"));
    (0.0..30_000.0_f64)
        .prop_map(move |a_year| vec![("demand.rate".to_string(), rate(a_year))])
        .boxed()
}

/// A list of people by whole weeks waited.
fn list(path: &'static str) -> BoxedStrategy<Change> {
    let people = proptest::collection::vec(0.0..40.0_f64, 1..30);
    people
        .prop_map(move |people| {
            let weeks = people.into_iter().map(Value::Float).collect();
            let table = toml::Table::from_iter([("weeks".to_string(), Value::Array(weeks))]);
            vec![(path.to_string(), Value::Table(table))]
        })
        .boxed()
}

/// Up to four intakes around the start of the calendar, all inside 22 weeks of it; those of HI trainees take some from the PWPs.
fn intakes() -> BoxedStrategy<Change> {
    let one = (
        any::<bool>(),
        -11..5_i32,
        1..=28_u8,
        0.0..6.0_f64,
        0.0..1.0_f64,
    );
    proptest::collection::vec(one, 0..5)
        .prop_map(|intakes| {
            let intake = |(high, month, day, trainees, internal): (bool, i32, u8, f64, f64)| {
                let route = ["standard", "graduate"][usize::from(day % 2 == 0 && !high)];
                let months = 2025 * 12 + 3 + month;
                let start = format!("{}-{:02}-{day:02}", months / 12, months % 12 + 1);
                let internal = if high { internal * trainees } else { 0.0 };
                let course = if high { "hit" } else { "pwp" };
                toml(&format!(
                    "{{ course = {course:?}, start = {start}, trainees = {trainees:?}, \
                     internal = {internal:?}, route = {route:?}, holds_posts = {high} }}"
                ))
            };
            let intakes = intakes.into_iter().map(intake).collect();
            vec![("training.intakes".to_string(), Value::Array(intakes))]
        })
        .boxed()
}

#[allow(clippy::too_many_lines)] // a list of what may be turned
fn dials() -> Vec<BoxedStrategy<Change>> {
    vec![
        number("staff.pwp.in_post", 0.0, 40.0),
        number("staff.pwp.posts", 0.0, 40.0),
        number("staff.pwp_senior.in_post", 0.0, 6.0),
        number("staff.hit.in_post", 0.0, 40.0),
        number("staff.hit_lead.in_post", 0.0, 4.0),
        number("staff.counsellor.in_post", 0.0, 8.0),
        number("staff.pwp.leavers_per_year", 0.0, 2.0),
        number("staff.hit.wte_per_head", 0.3, 1.0),
        whole("staff.pwp.recruitment.lead_weeks", 0, 30),
        number("staff.pwp.recruitment.fill_share", 0.0, 1.0),
        number("staff.pwp.extra_supervision_hours", 0.0, 100.0),
        number("staff.hit.caseload_max", 0.0, 40.0),
        number("staff.hit.new_starts_per_week", 0.0, 4.0),
        referrals(),
        number("demand.growth_per_year", -0.3, 0.5),
        number("pathway.screening.rejected", 0.0, 0.5),
        number("pathway.screening.minutes", 0.0, 60.0),
        number("pathway.opt_in.share", 0.0, 1.0),
        whole("pathway.opt_in.delay_weeks", 0, 6),
        number("pathway.assessment.ring_fence", 0.0, 1.0),
        number("pathway.assessment.slots_per_wte", 0.0, 12.0),
        number("pathway.assessment.slots_per_week", 0.0, 400.0),
        text("pathway.assessment.spill_over", &["true", "false"]),
        text("pathway.assessment.at_once", &["true", "false"]),
        text("demand.sources", &["{ gp = 0.25, self_referral = 0.75 }"]),
        text(
            "pathway.step2.guided_self_help.delivery",
            &["{ telephone = { share = 0.75 }, digital = { share = 0.25, followup_minutes = 9 } }"],
        ),
        number("pathway.assessment.discharged_after_missed", 0.0, 1.0),
        number("pathway.assessment.counts_as_treatment", 0.0, 1.0),
        number("pathway.assessment.renege_per_week", 0.0, 0.3),
        number("pathway.assessment.dna", 0.0, 0.6),
        whole("pathway.step2.guided_self_help.interval_weeks", 1, 5),
        number("pathway.step2.guided_self_help.sessions", 1.0, 12.0),
        number("pathway.step2.guided_self_help.drop_out", 0.0, 1.0),
        number("pathway.step2.guided_self_help.dna", 0.0, 0.6),
        number("pathway.step2.guided_self_help.step_up", 0.0, 1.0),
        number("pathway.step2.guided_self_help.renege_per_week", 0.0, 1.0),
        number("pathway.step3.cbt.sessions", 5.0, 20.0),
        text(
            "pathway.step3.cbt.roles",
            &["[\"hit\", \"counsellor\"]", "[\"counsellor\"]"],
        ),
        text(
            "pathway.step3.cbt.sessions",
            &["{ varies = { family = \"gamma\", mean = 9.0, sd = 5.0 } }"],
        ),
        whole("pathway.step3.cbt.interval_weeks", 1, 4),
        number("pathway.step3.cbt.step_down", 0.0, 1.0),
        number("pathway.step3.cbt.provider_cancel", 0.0, 0.4),
        number("pathway.step3.counselling.patient_cancel", 0.0, 0.4),
        text(
            "pathway.step2.psychoeducational_groups.group.start",
            &["\"when_full\"", "\"on_date\"", "\"rolling\""],
        ),
        whole(
            "pathway.step2.psychoeducational_groups.group.every_weeks",
            1,
            9,
        ),
        list("waiting.assessment"),
        list("waiting.step2.guided_self_help"),
        list("waiting.step3.cbt"),
        list("waiting.step3.counselling"),
        text(
            "open_courses.step3.cbt",
            &["[9, 8, 7, 6]", "[0, 0, 0, 0, 40]"],
        ),
        text("open_courses.otherwise", &["\"empty\"", "\"steady\""]),
        text("supervision.pro_rata", &["true", "false"]),
        number("supervision.most_hours_per_wte", 0.0, 37.5),
        text(
            "money.bought.elsewhere",
            &[
                "{ title = \"Elsewhere\", treatment = \"step3.cbt\", starts_per_month = 9.5, \
               from = \"2025-05-10\", price_per_start = 612.5, payer = \"commissioner\" }",
            ],
        ),
        text(
            "money.lines",
            &[
                "{ phones = { title = \"Phones\", pounds = 310, per = \"head\", from = \"2025-06-05\" }, \
               interpreters = { title = \"Interpreters\", pounds = 55, per = \"session\", share = 0.06 }, \
               web = { title = \"Web\", pounds = 9000, per = \"year\", recurrent = false } }",
            ],
        ),
        text(
            "money.sites",
            &[
                "{ north = { title = \"North\", rooms = 9, hours_per_week = 35, pounds_per_year = 41000, \
               share_of_sessions = 0.7 }, south = { title = \"South\", rooms = 3, hours_per_week = 30, \
               pounds_per_year = 11000, share_of_sessions = 0.3 } }",
            ],
        ),
        text(
            "staff.counsellor.payers",
            &["{ service = 0.5, commissioner = 0.3, other = 0.2 }"],
        ),
        text(
            "staff.pwp.leaving",
            &[
                "{ by_tenure = [{ from_months = 0, times = 0.5 }, { from_months = 2, times = 2 }] }",
                "{ counts = \"gross\", season = [0.5, 0.5, 0.5, 1, 1, 1, 1, 1, 2, 2, 1, 0.5] }",
                "{ senior_posts = { role = \"pwp_senior\", share = 0.2, times = 0.5 } }",
            ],
        ),
        text(
            "staff.hit.leaving",
            &["{ reasons = { clinical_psychology = 0.04, retirement = 0.01 } }"],
        ),
        text(
            "staff.pwp.absences.maternity",
            &["{ weeks = 9, starts_per_year = 0.8 }"],
        ),
        text("staff.hit.absences.long_sickness", &["{}"]),
        text(
            "staff.pwp.recruitment.agency",
            &["{ share_of_vacancies = 0.5, premium = 0.4 }"],
        ),
        text(
            "staff.hit.recruitment.overtime",
            &["{ hours_per_wte = 3, bookable_share = 0.9, premium = 0.5, from = 2025-05-12 }"],
        ),
        text(
            "staff.pwp.recruitment.freezes",
            &["[{ from = 2025-05-01, to = 2025-07-01 }]"],
        ),
        whole("staff.hit.recruitment.advert_every_weeks", 1, 12),
        text(
            "staff.hit.posts_changes",
            &["[{ from = 2025-06-09, posts = 20 }]"],
        ),
        number("staff.administrator.ratio.per", 2.0, 12.0),
        number("training.courses.hit.exception_share", 0.0, 1.0),
        whole("calendar.weeks", 22, 70),
        intakes(),
        number("training.courses.pwp.routes.graduate.pass_first", 0.0, 1.0),
        number("training.courses.pwp.routes.graduate.resit_pass", 0.0, 1.0),
        whole(
            "training.courses.pwp.routes.graduate.resit_delay_months",
            0,
            9,
        ),
        text(
            "training.courses.pwp.routes.graduate.resit_delays_award",
            &["true", "false"],
        ),
        number("training.courses.hit.routes.standard.pass_first", 0.0, 1.0),
        whole("training.courses.pwp.award_lag_weeks", 0, 20),
        number("training.courses.pwp.awaiting_award_share", 0.0, 1.0),
        text(
            "training.courses.pwp.settling",
            &["[{ from_month = 1, share = 0.2 }, { from_month = 5, share = 1.0 }]"],
        ),
        text(
            "training.courses.pwp.clause",
            &[
                "{ months = 24, repay_pounds = 3000 }",
                "{ months = 3, repay_share_of_fee = 0.5 }",
            ],
        ),
        text(
            "training.attendances",
            &[
                "[{ course = \"supervisor_low_intensity\", role = \"pwp\", people = 5, start = \"2025-05-01\", weeks = 1 }]",
                "[{ course = \"conversion\", role = \"counsellor\", people = 3, start = \"2025-04-01\", weeks = 5 }, \
                 { course = \"modality\", role = \"hit\", people = 90, start = \"2025-06-02\", weeks = 2 }]",
            ],
        ),
    ]
}

/// A preset with about a third of the dials turned.
pub fn service() -> impl Strategy<Value = Service> {
    let dials = dials();
    let count = dials.len();
    let some = proptest::sample::subsequence(dials, 0..count * 2 / 3);
    let changes = some.prop_flat_map(|chosen| chosen);
    (0..PACKS.len(), changes).prop_map(|(pack, changes)| {
        let start = ("calendar.start", toml("2025-04-01"));
        let weeks = ("calendar.weeks", Value::Integer(45));
        let base = changed(&Scenario::preset(PACKS[pack]).unwrap(), &[start, weeks]);
        // One after the other: of fields that exclude each other the last one stays.
        let turned = changes
            .into_iter()
            .flatten()
            .fold(base, |scenario, (path, value)| {
                scenario
                    .with(&path, value)
                    .unwrap_or_else(|error| panic!("{path}: {error}"))
            });
        Service(turned)
    })
}
