//! `setwise dialects`: every fact.

mod support;

use support::Folder;

#[test]
fn text_and_json_tell_the_same_facts() {
    let folder = Folder::new("dialects");
    let text = folder.run(&["dialects"]);
    let json = folder.run(&["dialects", "--format", "json"]);
    let all: serde_json::Value = serde_json::from_str(json.assert_done()).unwrap();
    let all = all.as_array().unwrap();
    let names: Vec<_> = all.iter().map(|dialect| dialect["name"].as_str().unwrap()).collect();
    assert_eq!(names, ["postgres", "mysql", "mariadb", "sqlite"]);
    let facts: Vec<_> = all.iter().flat_map(|dialect| dialect["facts"].as_array().unwrap()).collect();
    let lines = text.assert_done().lines().filter(|line| line.starts_with("  ")).count();
    assert_eq!(facts.len(), lines);
    for fact in facts {
        let name = fact["name"].as_str().unwrap();
        let executed = fact["executed"].as_bool();
        let has_url = fact["documented"].as_str().is_some_and(|url| url.starts_with("https://"));
        assert_eq!(executed == Some(false), has_url, "{fact}");
        assert!(executed.is_some() || name.contains('.') || ["definitions", "preamble"].contains(&name), "{fact}");
        assert!(text.out.contains(fact["value"].as_str().unwrap()), "{fact}");
    }
}
