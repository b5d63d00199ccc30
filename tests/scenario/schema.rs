//! The schema that editors read is the one that the code checks.

use std::path::Path;

use skillmix::scenario::schema::for_files;

#[test]
fn the_exported_schema_is_fresh() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/skillmix-scenario-1.json");
    let written = std::fs::read_to_string(path).unwrap_or_default();
    let fresh = serde_json::to_string_pretty(&for_files()).unwrap();
    assert!(
        written.trim_end() == fresh,
        "docs/skillmix-scenario-1.json is not the schema of the code; write it again with `make schema`"
    );
}

#[test]
fn a_file_states_what_differs_from_its_pack() {
    let schema = for_files();
    assert_eq!(schema["required"], serde_json::json!(["schema", "pack"]));
    assert_eq!(
        schema["additionalProperties"],
        serde_json::json!(false),
        "unknown fields are refused"
    );
}
