//! No hour of supervision is owed, given or offered twice, whoever shares supervisors with whom.

use proptest::prelude::*;
use skillmix::project::Projection;
use skillmix::scenario::Scenario;
use skillmix::timetable::World;
use toml::Value;

use crate::common::{Service, changed, close, figures, run, toml};
use crate::services::{PACKS, service};

/// Equal up to rounding.
fn same(ours: f64, theirs: f64) -> bool {
    close(ours, theirs, 1e-9) || (ours - theirs).abs() <= 1e-9
}

fn hours_are_given_once(run: &Projection) -> Result<(), TestCaseError> {
    let (spec, timetable) = (run.scenario().spec(), run.timetable());
    let world = World::<1>::new(spec, timetable, &[&[]]);
    let most = spec.supervision.most_hours_per_wte.value();
    // The record keeps the weeks at which rules and tables look: the first, and the last of each month.
    let weeks = run.record().supervision.iter().enumerate();
    let kept: Vec<_> = weeks
        .filter(|(_, ledger)| !ledger.planned.is_empty())
        .collect();
    prop_assert!(kept.len() > timetable.weeks() / 6, "{} weeks", kept.len());
    for (week, ledger) in kept {
        let (mut planned, mut beyond) = (0.0, 0.0);
        for (place, kind) in timetable.norms.iter().zip(&ledger.kinds) {
            let given = kind.given.planned[0] + kind.given.beyond[0];
            // Owed is given or missing, and missing only when nothing is left.
            prop_assert!(
                same(given + kind.given.unmet[0], kind.owed[0]),
                "{} {kind:?}",
                place.name
            );
            prop_assert!(given <= kind.left[0] + 1e-9 && kind.left[0] <= kind.offered[0] + 1e-9);
            prop_assert!(
                kind.given.unmet[0] <= 1e-9 || same(given, kind.left[0]),
                "{kind:?}"
            );
            let groups = kind.received[0] / place.group_size;
            prop_assert!(same(groups, kind.owed[0] + kind.university[0]));
            prop_assert!(!place.by_university || kind.owed[0] == 0.0);
            planned += kind.given.planned[0];
            beyond += kind.given.beyond[0];
        }
        // What the kinds receive is what the roles give, within their job plans and the most of a week.
        let sum = |by_role: &[[f64; 1]]| by_role.iter().map(|hours| hours[0]).sum::<f64>();
        prop_assert!(same(planned, sum(&ledger.planned)) && same(beyond, sum(&ledger.beyond)));
        for (role, place) in timetable.roles.iter().enumerate() {
            let wte = ledger.heads[role][0] * place.said.wte_per_head.value();
            let line = wte * place.said.job_plan.supervision_given.value();
            let (planned, beyond) = (ledger.planned[role][0], ledger.beyond[role][0]);
            prop_assert!(
                (-1e-9..=line + 1e-9).contains(&planned),
                "{}: {planned} of {line}",
                place.name
            );
            let all = line.max(wte * most);
            prop_assert!(
                beyond >= -1e-9 && planned + beyond <= all + 1e-9,
                "{}",
                place.name
            );
            prop_assert!(
                place.course.is_none() || planned + beyond == 0.0,
                "trainees supervise"
            );
        }
        // Hours beyond job plans are taken from patients once, in the pool of whoever gives them.
        let worked = f64::from(timetable.calendar.weeks[week].working_days) / 5.0;
        for (pool, place) in timetable.pools() {
            let members = timetable.roles_of_pool(pool);
            let members = members.filter(|&role| timetable.roles[role].course.is_none());
            let minutes: f64 = members
                .map(|role| {
                    let share = world.available(timetable, role, week)[0];
                    let stated = timetable.roles[role].said.extra_supervision_hours.mean();
                    60.0 * worked * (ledger.beyond[role][0] * share + stated)
                })
                .sum();
            let here = &run.record().pools[pool][week];
            let taken = minutes.min(here.bookable[0]);
            prop_assert!(
                same(here.supervision[0], taken),
                "{}: {here:?} for {minutes}",
                place.name
            );
        }
    }
    Ok(())
}

/// Open cases that are reviewed never rise above what can be reviewed, though staff who leave may leave
/// them there.
fn nobody_starts_above_the_review(run: &Projection) -> Result<(), TestCaseError> {
    let timetable = run.timetable();
    let record = run.record();
    for (index, review) in timetable.reviews.iter().enumerate() {
        let here = || {
            let treatments = timetable.treatments.iter().zip(&record.treatments);
            treatments.filter(|(treatment, _)| treatment.pools[0] == review.pool)
        };
        let kept = record.supervision.iter().enumerate().skip(1);
        for (week, ledger) in kept.filter(|(_, ledger)| !ledger.most_cases.is_empty()) {
            let before: f64 = here().map(|(_, weeks)| weeks[week - 1].open[0]).sum();
            let starts: f64 = here().map(|(_, weeks)| weeks[week].starts[0]).sum();
            let room = (ledger.most_cases[index][0] - before).max(0.0);
            prop_assert!(
                starts <= room + 1e-6,
                "week {week}: {starts} start in {room}"
            );
        }
    }
    Ok(())
}

/// Sharing of supervisors, turned up and down.
fn shared() -> impl Strategy<Value = Vec<(String, Value)>> {
    let norm = "supervision.norms";
    (
        0.0..1.0_f64,
        0.0..1.0_f64,
        0.0..6.0_f64,
        1..5_u8,
        1..5_u8,
        1.0..60.0_f64,
    )
        .prop_map(move |(low, high, hours, first, second, minutes)| {
            vec![
                (
                    format!("{norm}.case_management.trained.hit"),
                    toml(&format!("{low:?}")),
                ),
                (
                    format!("{norm}.clinical_skills.trained.hit"),
                    toml(&format!("{:?}", low / 2.0)),
                ),
                (
                    format!("{norm}.high_intensity_clinical.trained.hit"),
                    toml(&format!("{high:?}")),
                ),
                (
                    format!("{norm}.case_management.hours_per_week"),
                    toml(&format!("{hours:?}")),
                ),
                (
                    format!("{norm}.case_management.priority"),
                    toml(&first.to_string()),
                ),
                (
                    format!("{norm}.high_intensity_clinical.priority"),
                    toml(&second.to_string()),
                ),
                (
                    format!("{norm}.case_management.case_review.minutes_per_case"),
                    toml(&format!("{minutes:?}")),
                ),
            ]
        })
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, rng_seed: proptest::test_runner::RngSeed::Fixed(20_261_122), ..ProptestConfig::with_cases(60) })]

    #[test]
    fn an_hour_of_supervision_is_given_once(Service(service) in service(), changes in shared()) {
        let run = run(&service.with_all(changes).unwrap());
        hours_are_given_once(&run)?;
        nobody_starts_above_the_review(&run)?;
    }
}

#[test]
fn a_new_name_of_a_kind_changes_no_figure() {
    for pack in PACKS {
        let short = [
            ("staff.pwp_senior.in_post", toml("0.5")),
            ("staff.hit_lead.in_post", toml("0.5")),
        ];
        let before = changed(&Scenario::preset(pack).unwrap(), &short);
        let mut tree = before.stated().clone();
        let norms = before.complete()["supervision"]["norms"]
            .as_table()
            .unwrap()
            .clone();
        let paths = norms
            .keys()
            .map(|name| Value::String(format!("supervision.norms.{name}")));
        tree.insert("without".into(), Value::Array(paths.collect()));
        // The last becomes the first; turns are not stated, so that they follow from what the kinds are.
        let renamed = |untold: &toml::Table| {
            let names: Vec<String> = (0..untold.len())
                .map(|place| format!("kind_{place}"))
                .collect();
            let kinds = untold.values().rev().cloned();
            names.into_iter().zip(kinds).collect::<toml::Table>()
        };
        let mut untold = norms;
        for (_, norm) in &mut untold {
            norm.as_table_mut().unwrap().remove("priority");
        }
        let of = |norms: toml::Table| {
            let mut tree = tree.clone();
            let mut supervision = toml::Table::new();
            supervision.insert("norms".into(), Value::Table(norms));
            tree.insert("supervision".into(), Value::Table(supervision));
            run(&Scenario::from_tree(tree).unwrap())
        };
        let (old, new) = (of(untold.clone()), of(renamed(&untold)));
        for name in ["waiting_step2", "waiting_step3", "attended"] {
            assert_eq!(
                figures(&old, "monthly", name),
                figures(&new, "monthly", name),
                "{pack} {name}"
            );
        }
        let unmet = |run: &skillmix::project::Projection| -> f64 {
            figures(run, "supervision", "hours_unmet").into_iter().sum()
        };
        assert!(close(unmet(&old), unmet(&new), 1e-12), "{pack}");
    }
}
