//! The index of the threats: each has a proof that exists and carries its number, or a reason why it cannot arise.

use std::collections::BTreeMap;
use std::path::Path;

const INDEX: &str = include_str!("threats.txt");

/// The lines below each threat.
fn read(index: &str) -> BTreeMap<u32, Vec<&str>> {
    let mut threats: BTreeMap<u32, Vec<&str>> = BTreeMap::new();
    let mut current = 0;
    for line in index.lines().filter(|line| !line.is_empty() && !line.starts_with('#')) {
        match line.strip_prefix("  ") {
            Some(proof) => threats.get_mut(&current).expect("a threat before its proofs").push(proof),
            None => {
                let number = line.strip_prefix('T').and_then(|line| line.split_once(' ')).expect("`T1 what it is`").0;
                current = number.parse().unwrap();
                assert!(threats.insert(current, Vec::new()).is_none(), "T{current} twice");
            }
        }
    }
    threats
}

/// Why a proof does not hold; none where it does.
fn fault(proof: &str, number: u32) -> Option<String> {
    if let Some(reason) = proof.strip_prefix("none: ") {
        return (reason.len() < 20).then(|| "a reason is a sentence".to_owned());
    }
    let (file, function) = proof.split_once("::").map_or((proof, None), |(file, function)| (file, Some(function)));
    let Ok(text) = std::fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join(file)) else {
        return Some("there is no such file".into());
    };
    let lines: Vec<&str> = text.lines().collect();
    let about: String = match function {
        None => lines.iter().take_while(|line| line.starts_with('#')).copied().collect(),
        Some(function) => {
            let head = format!("fn {function}(");
            let at = lines.iter().position(|line| line.trim_start().starts_with(&head));
            let Some(at) = at.filter(|at| *at > 0 && lines[at - 1].trim() == "#[test]") else {
                return Some("there is no such test".into());
            };
            let docs = lines[..at - 1].iter().rev().take_while(|line| line.trim_start().starts_with("///"));
            docs.chain(lines.iter().take_while(|line| line.starts_with("//!"))).copied().collect()
        }
    };
    let wanted = format!("T{number}");
    let is_carried = about.split(|c: char| !c.is_ascii_alphanumeric()).any(|word| word == wanted);
    (!is_carried).then(|| format!("it does not say {wanted}"))
}

#[test]
fn every_threat_has_a_proof_that_carries_its_number() {
    let threats = read(INDEX);
    assert_eq!(threats.keys().copied().collect::<Vec<_>>(), (1..=25).collect::<Vec<_>>());
    let mut faults = Vec::new();
    for (number, proofs) in &threats {
        assert!(!proofs.is_empty(), "T{number} has neither proof nor reason");
        faults
            .extend(proofs.iter().filter_map(|proof| Some(format!("T{number}, {proof}: {}", fault(proof, *number)?))));
    }
    assert!(faults.is_empty(), "{faults:#?}");
}

#[test]
fn a_proof_that_is_not_there_is_a_fault() {
    assert!(fault("tests/threats.rs::no_such_test", 1).is_some());
    assert!(fault("tests/no_such_file.rs::a_test", 1).is_some());
    assert!(fault("tests/threats.rs::read", 1).is_some(), "no test");
    assert!(fault("tests/traps.rs::no_rows_make_no_statement", 1).is_some(), "another number");
    assert!(fault("tests/traps.rs::no_rows_make_no_statement", 23).is_none());
    assert!(fault("none: no", 21).is_some());
}
