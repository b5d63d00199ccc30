//! People who differ from the others, one by one.

use skillmix::simulate::{Options, Simulation, simulate};
use skillmix::{Horizon, Scenario};
use toml::Value;

const PACK: &str = "talking-therapies-2025";
const TREATMENTS: [&str; 4] = [
    "pathway.step2.guided_self_help",
    "pathway.step2.psychoeducational_groups",
    "pathway.step3.cbt",
    "pathway.step3.counselling",
];

fn toml(text: &str) -> Value {
    let mut table = toml::from_str::<toml::Table>(&format!("value = {text}")).unwrap();
    table.remove("value").unwrap()
}

/// One in ten of all appointments, assessments included, is not attended; nobody cancels.
fn run(segments: &str) -> Simulation {
    let mut changes = vec![("demand.segments".to_string(), toml(segments))];
    for place in TREATMENTS.into_iter().chain(["pathway.assessment"]) {
        for (field, value) in [
            ("dna", "0.1"),
            ("patient_cancel", "0"),
            ("provider_cancel", "0"),
        ] {
            changes.push((format!("{place}.{field}"), toml(value)));
        }
    }
    let scenario = Scenario::preset(PACK).unwrap().with_all(changes).unwrap();
    let options = Options {
        replications: 6,
        seed: 5,
        ..Options::default()
    };
    simulate(&scenario, Horizon::Weeks(52), &options).unwrap()
}

fn of(run: &Simulation, column: &str) -> Vec<f64> {
    run.table("segments").unwrap().numbers(column).to_vec()
}

/// A fifth misses twice as many: 0.1 x 2 / 1.2 = 0.1667 of theirs, 0.1 / 1.2 = 0.0833 of the others', as the mean
/// over those referred is 0.1. Both are binomial shares of the appointments booked.
#[test]
fn those_who_miss_more_attend_less() {
    let run = run("{ young = { share = 0.2, missed = 2.0 } }");
    let (attended, booked) = (of(&run, "attended_share"), of(&run, "booked"));
    for (place, missed) in [0.2 / 1.2, 0.1 / 1.2].into_iter().enumerate() {
        let se = (missed * (1.0 - missed) / (6.0 * booked[place])).sqrt();
        assert!(se < 0.01 * missed.max(0.2), "{se}");
        let off = attended[place] - (1.0 - missed);
        assert!(off.abs() < 4.0 * se, "{off} with a standard error of {se}");
    }
}

/// 30 % are of the segment: a binomial share of those referred.
#[test]
fn shares_are_of_referrals() {
    let run = run("{ older = { share = 0.3, sessions = 1.3, step3 = 1.5, recovery = 1.2 } }");
    let referred = of(&run, "referrals");
    let all = referred[0] + referred[1];
    let se = (0.3 * 0.7 / (6.0 * all)).sqrt();
    assert!((referred[0] / all - 0.3).abs() < 4.0 * se);
    // Exits stay as they are, and of the assessed 1.5 / 1.15 as many as stated go to Step 3, so that more of theirs
    // start there.
    let [step2, step3] = ["course_starts_step2", "course_starts_step3"].map(|name| of(&run, name));
    let share = |place: usize| step3[place] / (step2[place] + step3[place]);
    assert!(share(0) > 1.2 * share(1), "{} {}", share(0), share(1));
    let recovery = of(&run, "recovery");
    assert!(recovery[0] > 1.1 * recovery[1], "{recovery:?}");
}

/// Who is in which segment adds up, person for person, to what is counted of all.
#[test]
fn segments_add_up_to_everybody() {
    let run = run(
        "{ older = { share = 0.2, minutes = 1.2 }, young = { share = 0.3, urgent_share = 0.4, drop_out = 1.5 } }",
    );
    let whole = |name: &str| -> f64 { run.record().measure(name).iter().sum() };
    for name in [
        "referrals",
        "assessed",
        "first_treatments",
        "course_starts_step2",
        "course_starts_step3",
        "booked",
        "finishers",
        "finishers_at_caseness",
        "recovered",
    ] {
        let sum: f64 = of(&run, name).iter().sum();
        assert!(
            (sum - whole(name)).abs() < 1e-6,
            "{name}: {sum} {}",
            whole(name)
        );
    }
}

/// People who differ in nothing are treated as if nobody had told them apart.
#[test]
fn segments_alike_change_nothing() {
    let alike = run("{ a = { share = 0.4 }, b = { share = 0.35, missed = 1.0 } }");
    let nobody = run("{}");
    assert!(nobody.table("segments").is_err());
    for name in [
        "waiting_step3",
        "course_starts",
        "attended",
        "recovered",
        "booked",
    ] {
        assert_eq!(
            alike.record().measure(name),
            nobody.record().measure(name),
            "{name}"
        );
    }
}
