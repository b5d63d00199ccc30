//! `project` with luck: whole patients, of whom nobody is lost or split; the same luck in every lane, block and
//! thread; and the expected flow as a service grows.

use proptest::prelude::*;
use skillmix::luck::{Chance, Place};
use skillmix::project::{
    Engine, Horizon, Progress, Projection, Replications, project, project_chance,
};
use skillmix::record::measure::{Counts, MEASURES};
use skillmix::record::view::{Observer, WeekView};
use skillmix::scenario::Scenario;
use skillmix::table::Values;
use skillmix::timetable::{Timetable, World};
use skillmix::unit::Lanes;

use crate::common::{Service, changed, column, figures, preset, toml};
use crate::conservation::{EXITS, STOCKS};
use crate::services::service;

/// Counts of every week.
struct Weeks<const L: usize>(Vec<Counts<L>>);

impl<const L: usize> Observer<L> for Weeks<L> {
    fn week(&mut self, view: &WeekView<L>) {
        self.0.push(view.counts.clone());
    }
}

/// Some replicates side by side, with referrals that are whole and differ between replicates.
fn replicates<const L: usize>(scenario: &Scenario, seed: u64, replicates: [u64; L]) -> Weeks<L> {
    let spec = scenario.spec();
    let weeks = Horizon::Scenario.weeks(scenario).unwrap();
    let timetable = Timetable::new(spec, weeks);
    let world = World::<L>::new(spec, &timetable, &[&[]; L]);
    let mut luck = Chance::<L>::new(seed, replicates);
    let of_segment = |(segment, means): (usize, &Lanes<L>)| -> Lanes<L> {
        std::array::from_fn(|lane| {
            let share = luck.uniform(lane, Place::new(1, 2, segment, 3));
            (means[lane] * 2.0 * share).round()
        })
    };
    let referrals: Vec<Lanes<L>> = world.referrals.iter().enumerate().map(of_segment).collect();
    let mut seen = Weeks(Vec::new());
    Engine::new(spec, &timetable, &world, &referrals, &mut luck).run(&mut seen);
    seen
}

fn of<const L: usize>(counts: &Counts<L>, name: &str, lane: usize) -> f64 {
    let place = MEASURES
        .iter()
        .position(|measure| measure.0 == name)
        .unwrap();
    counts.in_order()[place][lane]
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 100, ..ProptestConfig::default() })]

    /// I01 in integers: whoever was there or was referred waits, is in a course or has left by a named exit; every
    /// count is a whole number of people, and a part is never more than its whole.
    #[test]
    fn patients_are_conserved_one_by_one(Service(drawn) in service(), seed in any::<u64>()) {
        const L: usize = 3;
        let Weeks(weeks) = replicates::<L>(&drawn, seed, [0, 1, 2]);
        for lane in 0..L {
            let mut before = None;
            for (week, counts) in weeks.iter().enumerate() {
                for ((name, ..), lanes) in MEASURES.iter().zip(counts.in_order()) {
                    let people = lanes[lane];
                    prop_assert!(people >= 0.0 && people.fract() == 0.0, "{name} of week {week}: {people}");
                }
                let sum = |names: &[&str]| names.iter().map(|name| of(counts, name, lane)).sum::<f64>();
                let stocks = sum(&STOCKS);
                let gone = sum(&EXITS) - sum(&["stepped_up", "stepped_down"]);
                if let Some(before) = before {
                    prop_assert_eq!(before + of(counts, "referrals", lane), stocks + gone, "week {}", week);
                }
                before = Some(stocks);
                for (part, all) in [
                    ("first_treatments_within_6_weeks", "first_treatments_within_18_weeks"),
                    ("first_treatments_within_18_weeks", "first_treatments"),
                    ("finishers_within_6_weeks", "finishers_within_18_weeks"),
                    ("finishers_within_18_weeks", "finishers"),
                    ("finishers_at_caseness", "finishers"),
                    ("recovered", "finishers_at_caseness"),
                    ("reliably_improved", "finishers"),
                    ("off_benefits", "first_treatments"),
                    ("over_90_days", "over_28_days"),
                    ("over_28_days", "course_starts"),
                ] {
                    let (part, all) = (of(counts, part, lane), of(counts, all, lane));
                    prop_assert!(part <= all, "week {week}: {part} of {all}");
                }
                let missed = sum(&["attended", "dna", "patient_cancelled", "provider_cancelled"]);
                prop_assert_eq!(missed, of(counts, "booked", lane));
            }
        }
    }
}

/// A replicate has the same bits in whatever lane it is run, and beside whatever others.
#[test]
fn lanes_change_nothing() {
    let scenario = busy(1.0);
    let Weeks(eight) = replicates::<8>(&scenario, 7, [40, 41, 42, 43, 44, 45, 46, 47]);
    for (replicate, lane) in [(40, 0), (43, 3), (47, 7)] {
        let Weeks(alone) = replicates::<1>(&scenario, 7, [replicate]);
        let Weeks(other) = replicates::<2>(&scenario, 7, [3, replicate]);
        for ((eight, alone), other) in eight.iter().zip(&alone).zip(&other) {
            let lists = eight
                .in_order()
                .into_iter()
                .zip(alone.in_order())
                .zip(other.in_order());
            for ((eight, alone), other) in lists {
                assert_eq!(eight[lane].to_bits(), alone[0].to_bits());
                assert_eq!(eight[lane].to_bits(), other[1].to_bits());
            }
        }
    }
}

/// A service above load 1, `times` as large as one with 14 referrals a week: lists that grow, trainees who come, a
/// few who give up, treatments by two roles and a group.
fn busy(times: f64) -> Scenario {
    let number = |value: f64| toml(&format!("{:?}", value * times));
    preset(
        "talking-therapies-2025",
        &[
            ("calendar.start", toml("2025-04-01")),
            ("calendar.weeks", toml("104")),
            (
                "demand.rate",
                toml(&format!(
                    "{{ referrals = {:?}, per = \"year\" }}",
                    730.0 * times
                )),
            ),
            ("staff.pwp.in_post", number(2.0)),
            ("staff.pwp.posts", number(2.0)),
            ("staff.pwp_senior.in_post", number(1.0)),
            ("staff.pwp_senior.posts", number(1.0)),
            ("staff.hit.in_post", number(2.0)),
            ("staff.hit.posts", number(2.0)),
            ("staff.hit_lead.in_post", number(1.0)),
            ("staff.hit_lead.posts", number(1.0)),
            ("staff.counsellor.in_post", number(1.0)),
            ("staff.counsellor.posts", number(1.0)),
            ("pathway.assessment.renege_per_week", toml("0.01")),
            ("pathway.step3.cbt.renege_per_week", toml("0.01")),
            (
                "training.intakes",
                toml(&format!(
                    "[{{ course = \"pwp\", start = 2025-05-05, trainees = {times:?} }}]"
                )),
            ),
        ],
    )
}

fn with_luck(scenario: &Scenario, replications: u64, threads: usize) -> Projection {
    let options = Replications {
        replications,
        seed: 4,
        threads: Some(threads),
    };
    project_chance(scenario, Horizon::Scenario, &options, &Progress::default()).unwrap()
}

/// Every number of the tables of a run, to the bit.
fn bits(run: &Projection) -> Vec<(String, Vec<u64>)> {
    let mut all = Vec::new();
    for name in run.tables() {
        for column in run.table(name).unwrap().columns {
            if let Values::Number(list) = column.values {
                let bits = list.iter().map(|value| value.to_bits()).collect();
                all.push((format!("{name}.{}", column.name), bits));
            }
        }
    }
    all
}

/// I08: 1, 2, 7 and 64 threads give the same bits, in blocks that are full and one that is not.
#[test]
fn threads_change_no_bit() {
    let scenario = changed(&busy(1.0), &[("calendar.weeks", toml("30"))]);
    let one = bits(&with_luck(&scenario, 75, 1));
    assert!(one.len() > 100 && one.iter().any(|column| column.0 == "spread.p95"));
    for threads in [2, 7, 64] {
        assert_eq!(
            bits(&with_luck(&scenario, 75, threads)),
            one,
            "{threads} threads"
        );
    }
}

/// The rows of a measure in the table `spread`: mean and standard error by month.
fn spread(run: &Projection, measure: &str) -> Vec<(f64, f64)> {
    let table = run.table("spread").unwrap();
    let Values::Text(measures) = &table.column("measure").unwrap().values else {
        panic!()
    };
    let rows = measures
        .iter()
        .zip(column(&table, "mean").into_iter().zip(column(&table, "se")));
    rows.filter(|row| row.0 == measure)
        .map(|row| row.1)
        .collect()
}

const COMPARED: [&str; 9] = [
    "referrals",
    "assessed",
    "course_starts",
    "finishers",
    "recovered",
    "reneged",
    "waiting_assessment",
    "waiting_step2",
    "waiting_step3",
];

/// How far means over replications are from the expected flow in the last year.
#[derive(Debug, Default)]
struct Distance {
    /// Largest, in parts of the largest value of the measure.
    parts: f64,
    /// Largest, in standard errors.
    errors: f64,
    /// Largest standard error, in parts of the largest value of the measure.
    se: f64,
}

fn distance(times: f64, replications: u64) -> Distance {
    let scenario = busy(times);
    let expected = project(&scenario, Horizon::Scenario).unwrap();
    let lucky = with_luck(&scenario, replications, 2);
    let mut distance = Distance::default();
    for measure in COMPARED {
        let expected = figures(&expected, "monthly", measure);
        let largest = expected.iter().copied().fold(1.0, f64::max);
        let means = spread(&lucky, measure);
        assert_eq!(means.len(), expected.len());
        for ((mean, se), expected) in means.into_iter().zip(expected).skip(12) {
            let off = (mean - expected).abs();
            distance.parts = distance.parts.max(off / largest);
            distance.errors = distance.errors.max(off / se);
            distance.se = distance.se.max(se / largest);
        }
    }
    distance
}

/// Above load 1 the means of whole people come to the expected flow as the service grows: at 14,000 referrals a week
/// every measure of every month of the second year is within 4 standard errors, of at most 1 % of its largest value;
/// at 14 a week, where luck makes queues of its own, they are a tenth of it or more apart.
#[test]
fn luck_comes_to_the_expected_flow() {
    let small = distance(1.0, 160);
    assert!(small.parts > 0.1 && small.errors > 4.0, "{small:?}");
    let large = distance(1000.0, 72);
    assert!(
        large.errors < 4.0 && large.se < 0.01 && large.parts < 0.03,
        "{large:?}"
    );
}
