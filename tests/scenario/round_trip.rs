//! What is saved is what is read, to the last bit; what differs is what was changed.

use proptest::prelude::*;
use skillmix::scenario::Scenario;
use toml::Value;

use crate::common::{Service, preset, toml};

const PACKS: [&str; 3] = ["talking-therapies-2025", "iapt-2008", "blank"];

fn number(path: &'static str, low: f64, high: f64) -> BoxedStrategy<(String, Value)> {
    let any = prop_oneof![low..high, Just(low), Just(high)];
    any.prop_map(move |value| (path.to_string(), Value::Float(value)))
        .boxed()
}

/// Fields that all packs have, with any value that they may hold.
fn fields() -> Vec<BoxedStrategy<(String, Value)>> {
    let text = prop_oneof![
        "\\PC{0,40}",
        any::<String>().prop_filter("no NUL", |text| !text.contains('\0')),
        Just("2025-04-01".to_string()),
        Just("\"quoted\" 'and' \\ back\nline\ttab\r\u{feff}é🦀".to_string()),
    ];
    let name = text
        .clone()
        .prop_map(|text| ("name".to_string(), Value::String(text)));
    let notes = proptest::collection::vec(text.clone(), 0..4).prop_map(|notes| {
        let notes = notes.into_iter().map(Value::String).collect();
        ("notes".to_string(), Value::Array(notes))
    });
    let weeks =
        (1..500_i64).prop_map(|weeks| ("calendar.weeks".to_string(), Value::Integer(weeks)));
    let start = (2008..2025_i32, 4..=12_u8, 1..=28_u8)
        .prop_map(|(year, month, day)| Value::String(format!("{year}-{month:02}-{day:02}")))
        .prop_map(|start| ("calendar.start".to_string(), start));
    let spread = (0.0..0.4_f64, 0.4..0.6_f64, 0.6..1.0_f64).prop_map(|(low, mode, high)| {
        let value = toml(&format!(
            "{{ unsure = {{ pert = [{low:?}, {mode:?}, {high:?}] }} }}"
        ));
        ("pathway.opt_in.share".to_string(), value)
    });
    let months = proptest::collection::vec(0.0..1e6_f64, 1..20).prop_map(|counts| {
        let name = |month: usize| format!("{}-{:02}", 2024 + month / 12, month % 12 + 1);
        let months = counts
            .iter()
            .enumerate()
            .map(|(at, &count)| (name(at), Value::Float(count)));
        let months = Value::Table(months.collect());
        (
            "demand.series".to_string(),
            Value::Table(toml::Table::from_iter([("months".into(), months)])),
        )
    });
    let list = proptest::collection::vec(0.0..1e4_f64, 0..60).prop_map(|people| {
        let people = Value::Array(people.into_iter().map(Value::Float).collect());
        let list = toml::Table::from_iter([("weeks".to_string(), people)]);
        ("waiting.assessment".to_string(), Value::Table(list))
    });
    let source = (text, any::<bool>()).prop_map(|(source, published)| {
        let mut note = toml::Table::new();
        note.insert("source".into(), Value::String(source));
        let status = if published { "published" } else { "judgement" };
        note.insert("status".into(), Value::String(status.into()));
        (
            "sources".to_string(),
            Value::Table(toml::Table::from_iter([(
                "staff.pwp".into(),
                Value::Table(note),
            )])),
        )
    });
    vec![
        name.boxed(),
        notes.boxed(),
        weeks.boxed(),
        start.boxed(),
        spread.boxed(),
        months.boxed(),
        list.boxed(),
        source.boxed(),
        number("demand.growth_per_year", -0.5, 1.0),
        number("demand.dispersion", 1.0, 1000.0),
        number("pathway.screening.rejected", 0.0, 1.0),
        number("pathway.assessment.minutes", 1.0, 600.0),
        number("pathway.assessment.renege_per_week", 0.0, 1e-6),
        number("money.award_default", -0.5, 1.0),
        number("money.non_pay_per_wte", 0.0, 1e9),
        number("supervision.most_hours_per_wte", 0.0, 37.5),
        number("targets.step3_wait_weeks", 0.0, 520.0),
    ]
}

fn scenario() -> impl Strategy<Value = Service> {
    let fields = fields();
    let count = fields.len();
    let some = proptest::sample::subsequence(fields, 0..=count).prop_flat_map(|chosen| chosen);
    (proptest::sample::select(&PACKS[..]), some).prop_map(|(pack, changes)| {
        Service(Scenario::preset(pack).unwrap().with_all(changes).unwrap())
    })
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, rng_seed: proptest::test_runner::RngSeed::Fixed(20_261_122), ..ProptestConfig::with_cases(100) })]

    #[test]
    fn toml_comes_back(Service(scenario) in scenario()) {
        let text = scenario.to_toml();
        let back = Scenario::from_toml(&text).map_err(|error| TestCaseError::fail(format!("{error}\n{text}")))?;
        prop_assert!(back == scenario, "{}", text);
        prop_assert_eq!(back.hash(), scenario.hash());
        prop_assert_eq!(back.to_toml(), text);
    }

    #[test]
    fn json_comes_back(Service(scenario) in scenario()) {
        let text = scenario.to_json();
        let back = Scenario::from_json(&text).map_err(|error| TestCaseError::fail(format!("{error}\n{text}")))?;
        prop_assert!(back == scenario, "{}", text);
        prop_assert_eq!(back.hash(), scenario.hash());
        prop_assert_eq!(back.to_json(), text);
    }

    /// What is complete says the same when it is stated in full.
    #[test]
    fn stating_everything_changes_nothing(Service(scenario) in scenario()) {
        let full = Scenario::from_tree(scenario.complete().clone()).unwrap();
        prop_assert_eq!(full.hash(), scenario.hash());
        prop_assert!(full.diff(&scenario).is_empty());
    }

    /// A number that is set is read, and is the one difference.
    #[test]
    fn a_change_is_the_difference(value in 0.0..1.0_f64, pack in proptest::sample::select(&PACKS[..])) {
        let (one, path) = (Scenario::preset(pack).unwrap(), "pathway.opt_in.share");
        let other = one.with(path, value).unwrap();
        prop_assert_eq!(other.spec().pathway.opt_in.share.mean(), value);
        let stated = one.spec().pathway.opt_in.share.mean();
        let diff = one.diff(&other);
        if value == stated {
            prop_assert!(diff.is_empty());
        } else {
            prop_assert_eq!(diff, vec![(path.to_string(), Some(Value::Float(stated)), Some(Value::Float(value)))]);
            prop_assert_ne!(one.hash(), other.hash());
        }
        prop_assert!(one == Scenario::preset(pack).unwrap(), "the first is unchanged");
    }
}

#[test]
fn a_whole_number_is_the_fraction_it_equals() {
    let (whole, part) = (toml("20"), toml("20.0"));
    let of = |value: &Value| preset(PACKS[0], &[("staff.pwp.in_post", value.clone())]);
    assert_eq!(of(&whole).hash(), of(&part).hash());
    assert!(of(&whole).diff(&of(&part)).is_empty());
}

#[test]
fn presets_are_their_packs() {
    for pack in PACKS {
        let preset = Scenario::preset(pack).unwrap();
        let text = format!("schema = 1\npack = {pack:?}\n");
        assert_eq!(Scenario::from_toml(&text).unwrap(), preset);
        assert_eq!(Scenario::from_json(&preset.to_json()).unwrap(), preset);
        assert_eq!(preset.spec().pack, pack);
        assert!(preset.diff(&preset).is_empty());
    }
}

#[test]
fn what_is_added_or_taken_away_is_a_difference() {
    let preset = Scenario::preset(PACKS[0]).unwrap();
    let intake = toml("[{ course = \"pwp\", start = \"2025-09-01\", trainees = 4 }]");
    let more = preset.with("training.intakes", intake).unwrap();
    let paths: Vec<String> = preset
        .diff(&more)
        .into_iter()
        .map(|difference| difference.0)
        .collect();
    assert!(
        paths.contains(&"training.intakes[0].trainees".to_string()),
        "{paths:?}"
    );
    let group = "psychoeducational_groups";
    let share = preset.spec().pathway.routes.step2[group].mean()
        + preset.spec().pathway.routes.step2["guided_self_help"].mean();
    let mut routes = preset.complete()["pathway"]["routes"].clone();
    let step2 = routes["step2"].as_table_mut().unwrap();
    step2.remove(group);
    step2["guided_self_help"] = Value::Float(share);
    let less = preset
        .with_all([
            (
                "without".to_string(),
                toml(&format!("[\"pathway.step2.{group}\"]")),
            ),
            ("pathway.routes".to_string(), routes),
        ])
        .unwrap();
    assert!(!less.spec().pathway.step2.contains_key(group));
    let gone = preset
        .diff(&less)
        .into_iter()
        .filter(|(_, here, there)| here.is_some() && there.is_none());
    assert!(gone.count() > 10);
    assert_eq!(Scenario::from_toml(&less.to_toml()).unwrap(), less);
}
