//! A planner's own file of monthly referrals.

use std::collections::BTreeMap;
use std::path::PathBuf;

use skillmix::error::Error;
use skillmix::scenario::Scenario;
use skillmix::scenario::series_file::{MissingCells, months};

/// A file with these bytes, in a folder of the test's own.
pub fn file(name: &str, bytes: &[u8]) -> PathBuf {
    let folder = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join("scenario");
    std::fs::create_dir_all(&folder).unwrap();
    let path = folder.join(name);
    std::fs::write(&path, bytes).unwrap();
    path
}

type Months = BTreeMap<String, f64>;

fn read_as(
    name: &str,
    text: &str,
    missing: MissingCells,
    thousands: Option<char>,
) -> Result<Months, Error> {
    let path = file(&format!("{name}.csv"), text.as_bytes());
    months(&path, missing, thousands).map(|read| read.0)
}

fn read(name: &str, text: &str) -> Result<Months, Error> {
    read_as(name, text, MissingCells::Refuse, None)
}

fn of(pairs: &[(&str, f64)]) -> Months {
    pairs
        .iter()
        .map(|&(month, count)| (month.to_string(), count))
        .collect()
}

/// Row, column and message of what is refused.
#[track_caller]
fn fault(result: Result<Months, Error>) -> (Option<usize>, String, String) {
    match result {
        Err(Error::Data {
            row,
            column,
            message,
            file,
        }) => {
            assert!(!file.is_empty());
            (row, column, message)
        }
        other => panic!("no data error: {other:?}"),
    }
}

#[test]
fn a_plain_file_in_any_dress() {
    let plain = of(&[("2025-04", 812.0), ("2025-05", 790.5)]);
    for (name, text) in [
        ("plain", "month,referrals\n2025-04,812\n2025-05,790.5\n"),
        (
            "bom",
            "\u{feff}month,referrals\n2025-04,812\n2025-05,790.5\n",
        ),
        (
            "crlf",
            "month,referrals\r\n2025-04,812\r\n2025-05,790.5\r\n",
        ),
        ("lone_cr", "month,referrals\r2025-04,812\r2025-05,790.5\r"),
        (
            "no_last_newline",
            "month,referrals\n2025-04,812\n2025-05,790.5",
        ),
        (
            "days",
            "month,referrals\n2025-04-01,812\n2025-05-01,790.5\n",
        ),
        (
            "other_columns",
            "service,referrals,month,note\nA,812,2025-04,\"a, b\nc\"\nA,790.5,2025-05,\n",
        ),
        ("capitals", "Month,Referrals\n2025-04,812\n2025-05,790.5\n"),
        (
            "spaces",
            "month , referrals\n 2025-04 , 812 \n2025-05, 790.5\n",
        ),
        (
            "quoted",
            "\"month\",\"referrals\"\n\"2025-04\",\"812\"\n\"2025-05\",\"790.5\"\n",
        ),
        (
            "trailing",
            "month,referrals,\n2025-04,812,\n2025-05,790.5,\n",
        ),
        ("reversed", "month,referrals\n2025-05,790.5\n2025-04,812\n"),
        (
            "exponent",
            "month,referrals\n2025-04,8.12e2\n2025-05,7905e-1\n",
        ),
    ] {
        assert_eq!(read(name, text).unwrap(), plain, "{name}");
    }
    let exponent = read("thousand", "month,referrals\n2025-04,1e3\n").unwrap();
    assert_eq!(exponent, of(&[("2025-04", 1000.0)]));
}

#[test]
fn suppressed_and_absent_cells_are_never_zero() {
    for (place, cell) in ["*", "<5", "-", "..", ".", "z", ":", "[c]", "[z]", "[x]", ""]
        .into_iter()
        .enumerate()
    {
        let text = format!("month,referrals\n2025-04,812\n2025-05,{cell}\n2025-06,800\n");
        let (_, column, message) = fault(read(&format!("missing{place}"), &text));
        assert_eq!(column, "referrals");
        assert!(
            message.contains("2025-05") && message.contains("not zero"),
            "{cell}: {message}"
        );
        let filled = read_as(
            &format!("filled{place}"),
            &text,
            MissingCells::Midpoint,
            None,
        );
        if cell == "*" || cell == "<5" {
            // 1 to 4: the middle is 2.5.
            assert_eq!(filled.unwrap()["2025-05"], 2.5, "{cell}");
        } else {
            fault(filled);
        }
        let (_, column, message) = fault(read_as(
            &format!("dropped{place}"),
            &text,
            MissingCells::Drop,
            None,
        ));
        assert_eq!(column, "month", "a gap is left: {message}");
        let last = format!("month,referrals\n2025-04,812\n2025-05,{cell}\n");
        let left = read_as(&format!("last{place}"), &last, MissingCells::Drop, None).unwrap();
        assert_eq!(left, of(&[("2025-04", 812.0)]));
    }
    let all = "month,referrals\n2025-04,*\n2025-05,-\n2025-06,800\n";
    let (_, _, message) = fault(read("all_missing", all));
    assert!(
        message.contains("2025-04") && message.contains("2025-05"),
        "all are listed: {message}"
    );
}

#[test]
fn months_follow_each_other() {
    let (_, column, message) = fault(read(
        "gap",
        "month,referrals\n2024-01,1\n2024-03,3\n2024-06,5\n",
    ));
    assert_eq!(column, "month");
    for month in ["2024-01", "2024-03", "2024-06"] {
        assert!(message.contains(month), "{message}");
    }
    let (row, column, message) = fault(read(
        "twice",
        "month,referrals\n2024-01,1\n2024-02,2\n2024-02-15,3\n",
    ));
    assert_eq!((row, column.as_str()), (Some(4), "month"));
    assert!(message.contains("2024-02"), "{message}");
    let over = "month,referrals\n2024-12,1\n2025-01,2\n";
    assert_eq!(read("new_year", over).unwrap().len(), 2);
    for (place, month) in [
        "2025-13",
        "2025-00",
        "Apr-25",
        "04/2025",
        "2025",
        "2025-02-30",
        "２025-04",
        "",
        "2025-4",
    ]
    .iter()
    .enumerate()
    {
        let (row, column, message) = fault(read(
            &format!("month{place}"),
            &format!("month,referrals\n{month},1\n"),
        ));
        assert_eq!(
            (row, column.as_str()),
            (Some(2), "month"),
            "{month}: {message}"
        );
    }
}

#[test]
fn numbers_are_plain() {
    let cells = [
        "1,234",
        "1 234",
        "1.234",
        "12.345",
        "0x10",
        "１２",
        "１,234",
        "\u{2212}5",
        "-5",
        "-0.1",
        "abc",
        "NaN",
        "inf",
        "infinity",
        "1e999",
        "1_000",
        "12%",
        "£12",
        "5-",
        "1..2",
        "e",
        "=1+1",
        "+1+1",
        "@SUM(1)",
    ];
    for (place, cell) in cells.iter().enumerate() {
        let text = format!("month,referrals\n2025-04,\"{cell}\"\n");
        let (row, column, message) = fault(read(&format!("cell{place}"), &text));
        assert_eq!(
            (row, column.as_str()),
            (Some(2), "referrals"),
            "{cell}: {message}"
        );
        assert!(message.contains(cell), "{cell}: {message}");
    }
}

#[test]
fn thousands_are_read_where_the_mark_is_said() {
    let text = |cell: &str| format!("month,referrals\n2025-04,\"{cell}\"\n");
    let by = |name: &str, cell: &str, mark: char| {
        read_as(name, &text(cell), MissingCells::Refuse, Some(mark))
    };
    assert_eq!(by("comma", "1,234", ',').unwrap()["2025-04"], 1234.0);
    assert_eq!(
        by("commas", "1,234,567", ',').unwrap()["2025-04"],
        1_234_567.0
    );
    assert_eq!(by("space", "1 234", ' ').unwrap()["2025-04"], 1234.0);
    assert_eq!(by("none", "812", ',').unwrap()["2025-04"], 812.0);
    for (place, cell) in [
        "1,23", "12,34", ",123", "1,2345", "1,,234", "1,234,", "1 234", "1.234",
    ]
    .iter()
    .enumerate()
    {
        fault(by(&format!("grouped{place}"), cell, ','));
    }
}

#[test]
fn the_shape_of_the_file() {
    for (name, text, row, column) in [
        ("no_month", "date,referrals\n2025-04,1\n", Some(1), "month"),
        (
            "no_count",
            "month,refferals\n2025-04,1\n",
            Some(1),
            "referrals",
        ),
        (
            "month_twice",
            "month,month,referrals\n2025-04,2025-04,1\n",
            Some(1),
            "month",
        ),
        (
            "count_twice",
            "month,referrals,Referrals\n2025-04,1,2\n",
            Some(1),
            "referrals",
        ),
        (
            "header_again",
            "month,referrals\nmonth,referrals\n2025-04,1\n",
            Some(2),
            "month",
        ),
        ("header_only", "month,referrals\n", None, ""),
    ] {
        let (found_row, found_column, message) = fault(read(name, text));
        assert_eq!(
            (found_row, found_column.as_str()),
            (row, column),
            "{name}: {message}"
        );
    }
    for (name, text) in [
        ("long_row", "month,referrals\n2025-04,1\n2025-05,1,234\n"),
        ("short_row", "month,referrals\n2025-04,1\n2025-05\n"),
    ] {
        let (row, _, message) = fault(read(name, text));
        assert!(
            row == Some(3) && message.contains("ragged"),
            "{name}: {row:?} {message}"
        );
    }
    let (_, _, message) = fault(read("empty", ""));
    assert!(message.contains("month"), "{message}");
    let (_, _, message) = fault(read("nearest", "month,refferals\n2025-04,1\n"));
    assert!(
        message.contains("refferals"),
        "the nearest header is offered: {message}"
    );
}

/// A scenario names its file; it is read beside it, put into the scenario and hashed, so that the saved
/// scenario needs it no more.
#[test]
fn a_scenario_takes_in_its_file() {
    file(
        "own_referrals.csv",
        b"month,referrals\n2025-04,812\n2025-05,790\n",
    );
    let text = "schema = 1\npack = \"talking-therapies-2025\"\n\
                [demand.series]\nfile = \"own_referrals.csv\"\nsource = \"our own count\"\n";
    let path = file("own.toml", text.as_bytes());
    let scenario = Scenario::load(&path).unwrap();
    let series = scenario.spec().demand.series.clone().unwrap();
    assert_eq!(series.months["2025-05"].mean(), 790.0);
    assert_eq!(series.sha256.as_ref().map(String::len), Some(64));
    assert_eq!(Scenario::from_toml(&scenario.to_toml()).unwrap(), scenario);
    file("gone_referrals.csv", b"month,referrals\n2025-04,*\n");
    let path = file("gone.toml", text.replace("own_ref", "gone_ref").as_bytes());
    assert!(matches!(
        Scenario::load(&path).unwrap_err(),
        Error::Data { .. }
    ));
    let path = file(
        "absent.toml",
        text.replace("own_ref", "absent_ref").as_bytes(),
    );
    assert!(matches!(
        Scenario::load(&path).unwrap_err(),
        Error::File { .. }
    ));
}
