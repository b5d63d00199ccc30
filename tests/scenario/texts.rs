//! Texts and files that are not scenarios.

use std::path::Path;
use std::time::{Duration, Instant};

use skillmix::error::Error;
use skillmix::scenario::Scenario;

use crate::series::file;

const TOML: &str = "# A small service.\nschema = 1\npack = \"talking-therapies-2025\"\n\
    name = \"Caf\u{e9} \u{1f980} service\"\n[calendar]\nstart = 2025-04-01\nweeks = 104\n\
    [staff.pwp]\nin_post = { unsure = { pert = [10, 12.5, 15] } }\nleavers_per_year = 0.25\n\
    [[training.intakes]]\ncourse = \"pwp\"\nstart = 2025-09-15\ntrainees = 4\n";

/// What is said of every text that is not TOML or JSON has the line and the column.
#[track_caller]
fn has_a_place(error: &Error, what: &str) {
    let text = error.to_string();
    if text.contains("not TOML") || text.contains("not usable JSON") {
        assert!(
            text.contains("line ") && text.contains("column "),
            "{what}: {text}"
        );
    }
    assert!(!text.is_empty() && !text.contains("NaN"), "{what}");
}

/// Each prefix by bytes is refused or is a scenario itself; none panics or hangs.
fn every_prefix(text: &str, ending: &str, read: fn(&str) -> Result<Scenario, Error>) {
    let whole = read(text).unwrap();
    let mut scenarios = 0;
    for length in 0..text.len() {
        let bytes = &text.as_bytes()[..length];
        let result = match std::str::from_utf8(bytes) {
            Ok(prefix) => read(prefix),
            // Cut inside a letter: only a file can hold that.
            Err(_) => Scenario::load(&file(&format!("prefix.{ending}"), bytes)),
        };
        match result {
            Ok(scenario) => {
                scenarios += 1;
                assert_eq!(scenario.spec().schema, 1);
            }
            Err(error) => has_a_place(&error, &format!("{length} bytes")),
        }
    }
    assert!(scenarios < text.len() / 2);
    drop(whole);
}

#[test]
fn every_prefix_of_a_toml_file() {
    every_prefix(TOML, "toml", Scenario::from_toml);
}

#[test]
fn every_prefix_of_a_json_file() {
    let json = Scenario::from_toml(TOML).unwrap().to_json();
    every_prefix(&json, "json", Scenario::from_json);
}

/// A cut in the middle of a word is placed where it is: line 3 ends inside the name of the pack.
#[test]
fn line_and_column_are_those_of_the_fault() {
    let error = Scenario::from_toml("schema = 1\nname = \"x\"\npack = \"bl")
        .unwrap_err()
        .to_string();
    assert!(error.contains("line 3"), "{error}");
    let error = Scenario::from_toml("schema = 1\npack = = \"blank\"\n")
        .unwrap_err()
        .to_string();
    assert!(error.contains("line 2, column 8"), "{error}");
    let error = Scenario::from_json("{\n \"schema\": 1,\n \"pack\": ,\n}")
        .unwrap_err()
        .to_string();
    assert!(error.contains("line 3"), "{error}");
}

#[test]
fn a_table_is_needed_at_the_top() {
    for text in ["", "   \n\t ", "null", "[]", "42", "\"blank\"", "true"] {
        let error = Scenario::from_json(text).unwrap_err();
        assert!(matches!(error, Error::Scenario(_)), "{text:?}: {error}");
    }
    for text in ["", "  \n ", "null", "[]", "42", "\u{feff}"] {
        let error = Scenario::from_toml(text).unwrap_err();
        assert!(matches!(error, Error::Scenario(_)), "{text:?}: {error}");
    }
}

#[test]
fn a_key_stands_once() {
    let text = "{\"schema\": 1, \"pack\": \"blank\", \"calendar\": {\"weeks\": 10, \"weeks\": 20}}";
    let error = Scenario::from_json(text).unwrap_err().to_string();
    assert!(
        error.contains("weeks") && error.contains("twice") && error.contains("line 1"),
        "{error}"
    );
    let error = Scenario::from_json("{\"schema\": 1,\n\"schema\": 1, \"pack\": \"blank\"}")
        .unwrap_err()
        .to_string();
    assert!(
        error.contains("schema") && error.contains("line 2"),
        "{error}"
    );
    let text = "schema = 1\npack = \"blank\"\n[calendar]\nweeks = 10\nweeks = 20\n";
    let error = Scenario::from_toml(text).unwrap_err().to_string();
    assert!(
        error.contains("line 5") && error.contains("weeks") || error.contains("duplicate"),
        "{error}"
    );
}

/// Nested a hundred thousand deep: refused at once, on the stack of a test thread.
#[test]
fn deep_nesting_is_refused() {
    let deep = 100_000;
    let texts = [
        "[".repeat(deep),
        format!("{{\"a\":{}", "[".repeat(deep)),
        "{\"a\":".repeat(deep),
        format!("a = {}", "[".repeat(deep)),
        format!("a = {}{}", "[".repeat(deep), "]".repeat(deep)),
        format!("a = {}", "{a=".repeat(deep)),
        format!("{}a = 1", "a.".repeat(deep)),
        format!("[{}a]", "a.".repeat(deep)),
    ];
    for text in &texts {
        for read in [Scenario::from_json, Scenario::from_toml] {
            let attempt = || {
                let begun = Instant::now();
                let error = read(text).unwrap_err();
                (begun.elapsed(), error)
            };
            let (first, error) = attempt();
            // Other tests run beside this one: the fastest of three counts.
            let took = first.min(attempt().0).min(attempt().0);
            let start = &text[..12];
            assert!(matches!(error, Error::Scenario(_)), "{start}: {error}");
            assert!(
                error.to_string().len() < 2_000,
                "{start}: {} bytes",
                error.to_string().len()
            );
            // 50 ms in an optimised build; tests are not.
            assert!(took < Duration::from_secs(1), "{start}: {took:?}");
        }
    }
}

#[test]
fn numbers_that_are_none() {
    for number in ["NaN", "Infinity", "-Infinity", "nan", "inf", "1e999"] {
        let text = format!(
            "{{\"schema\": 1, \"pack\": \"blank\", \"demand\": {{\"growth_per_year\": {number}}}}}"
        );
        let error = Scenario::from_json(&text).unwrap_err().to_string();
        assert!(
            error.contains("line 1") || error.contains("finite"),
            "{number}: {error}"
        );
    }
    for number in ["nan", "-nan", "inf", "-inf", "1e999"] {
        let text = format!("schema = 1\npack = \"blank\"\ndemand.growth_per_year = {number}\n");
        let error = Scenario::from_toml(&text).unwrap_err().to_string();
        assert!(
            error.contains("demand.growth_per_year") || error.contains("line 3"),
            "{number}: {error}"
        );
    }
    let error =
        Scenario::from_json("{\"schema\": 1, \"pack\": \"blank\", \"name\": null}").unwrap_err();
    assert!(error.to_string().contains("null"), "{error}");
}

fn load(name: &str, bytes: &[u8]) -> Result<Scenario, Error> {
    Scenario::load(&file(name, bytes))
}

#[test]
fn encodings() {
    let plain = Scenario::from_toml(TOML).unwrap();
    let with_mark = [b"\xEF\xBB\xBF", TOML.as_bytes()].concat();
    assert_eq!(load("bom.toml", &with_mark).unwrap(), plain);
    let json = plain.to_json();
    assert_eq!(
        load("bom.json", &[b"\xEF\xBB\xBF", json.as_bytes()].concat()).unwrap(),
        plain
    );
    for (name, mark, swap) in [("le", [0xFF, 0xFE], false), ("be", [0xFE, 0xFF], true)] {
        let units = TOML.encode_utf16().flat_map(|unit| {
            if swap {
                unit.to_be_bytes()
            } else {
                unit.to_le_bytes()
            }
        });
        let bytes: Vec<u8> = mark.into_iter().chain(units).collect();
        let error = load(&format!("utf16{name}.toml"), &bytes).unwrap_err();
        assert!(
            matches!(error, Error::File { .. }) && error.to_string().contains("UTF-8"),
            "{error}"
        );
    }
    let broken = [b"schema = 1\nname = \"", &[0xFF][..], b"\"\n"].concat();
    let error = load("broken.toml", &broken).unwrap_err().to_string();
    assert!(error.contains("byte 19"), "{error}");
    let nul = "schema = 1\npack = \"blank\"\nname = \"a\\u0000b\"\n";
    let error = Scenario::from_toml(nul).unwrap_err().to_string();
    assert!(error.contains("name"), "{error}");
    assert!(
        load(
            "raw_nul.toml",
            b"schema = 1\npack = \"blank\"\nname = \"a\0b\"\n"
        )
        .is_err()
    );
}

/// Only regular files are read, so nothing hangs.
#[test]
fn what_is_no_regular_file_is_refused() {
    let folder = file("a.toml", b"").parent().unwrap().to_path_buf();
    let fifo = folder.join("pipe.toml");
    let _ = std::fs::remove_file(&fifo);
    let made = std::process::Command::new("mkfifo").arg(&fifo).status();
    let mut paths = vec![
        folder.clone(),
        "/dev/zero".into(),
        folder.join("none.toml"),
        "".into(),
        "\0".into(),
    ];
    if made.is_ok_and(|status| status.success()) {
        paths.push(fifo);
    }
    for path in paths {
        let error = Scenario::load(Path::new(&path)).unwrap_err();
        let Error::File { path: named, .. } = &error else {
            panic!("{error}")
        };
        assert_eq!(*named, path);
    }
    // Beyond the largest file that is read: refused by its size, unread.
    let large = folder.join("large.toml");
    let handle = std::fs::File::create(&large).unwrap();
    handle.set_len(17 * 1024 * 1024).unwrap();
    assert!(
        Scenario::load(&large)
            .unwrap_err()
            .to_string()
            .contains("bytes")
    );
    std::fs::remove_file(&large).unwrap();
}

/// Paths that lead nowhere or through values.
#[test]
fn odd_paths_are_refused() {
    let preset = Scenario::preset("talking-therapies-2025").unwrap();
    let paths = [
        "",
        ".",
        "staff.",
        ".staff",
        "staff..pwp",
        "name.x",
        "staff.pwp.in_post.x",
        "notes[9]",
        "notes[x]",
        "training.intakes[0].course",
        "staff[0]",
        "[",
        "]",
    ];
    for path in paths {
        let result = preset.with(path, 1_i64);
        assert!(
            matches!(result, Err(Error::Scenario(_))),
            "{path}: {result:?}"
        );
    }
}

/// A path of many steps would nest as many tables; whoever drops them runs out of stack, which ends the
/// process. So this test runs itself again in a process of its own.
#[test]
fn a_very_deep_path_is_refused() {
    const ROLE: &str = "SKILLMIX_TEST_DEEP_PATH";
    if std::env::var_os(ROLE).is_some() {
        let preset = Scenario::preset("talking-therapies-2025").unwrap();
        for steps in [100, 2_000, 100_000] {
            let path = "a.".repeat(steps) + "a";
            assert!(matches!(preset.with(&path, 1_i64), Err(Error::Scenario(_))));
        }
        return;
    }
    let child = std::process::Command::new(std::env::current_exe().unwrap())
        .args(["--exact", "texts::a_very_deep_path_is_refused"])
        .env(ROLE, "1")
        .output()
        .unwrap();
    assert!(
        child.status.success(),
        "{}",
        String::from_utf8_lossy(&child.stderr)
    );
}
