//! Every documented exit code is what a command leaves with, and each means one thing.

use super::{DEAL, run};

#[test]
fn every_code_means_one_thing() {
    let place = tempfile::tempdir().unwrap();
    let here = place.path();
    let write = |name: &str, text: &str| std::fs::write(here.join(name), text).unwrap();
    write("deal.txt", DEAL);
    write("empty.txt", " \n");
    write("plan.json", r#"{"time": "continuous", "tasks": [{"id": "a", "duration": 2}]}"#);
    write(
        "cycle.json",
        r#"{"time": "continuous", "tasks": [{"id": "a", "duration": 2}, {"id": "b", "duration": 1}],
            "links": [{"from": "a", "to": "b"}, {"from": "b", "to": "a"}]}"#,
    );
    std::fs::create_dir_all(here.join("broken/programmes")).unwrap();
    write("broken/programmes/smb.toml", "id = \n");
    std::fs::create_dir(here.join("full")).unwrap();
    write("full/my notes.txt", "mine");
    let plan = |file, out| ["plan", file, "--out", out, "--only", "json", "--today", "2027-01-04"];
    for (code, arguments, says) in [
        (0, &plan("deal.txt", "acme")[..], ""),
        (0, &["schedule", "plan.json"], ""),
        (0, &["schema", "deal"], ""),
        (0, &["methodology", "check"], ""),
        (0, &["methodology", "export", "mine"], ""),
        (0, &["methodology", "diff", "mine"], ""),
        (2, &["plan", "deal.txt"], "--out"),
        (2, &["plan", "deal.txt", "--out", "x", "--start", "soon"], "soon"),
        (2, &["nonsense"], "nonsense"),
        (3, &plan("empty.txt", "x"), "empty"),
        (3, &["schedule", "cycle.json"], "cycle"),
        (3, &["methodology", "check", "broken"], ""),
        (4, &plan("nothing.txt", "x"), "nothing.txt"),
        (4, &plan("deal.txt", "acme"), "--overwrite"),
        (4, &plan("deal.txt", "full"), "not empty"),
        (4, &["schedule", "nothing.json"], "nothing.json"),
        (4, &["methodology", "check", "nowhere"], "nowhere"),
        (4, &["methodology", "diff", "mine", "--with", "nowhere"], "nowhere"),
        (4, &["serve", "--data", "deal.txt/data", "--port", "0"], "deal.txt"),
    ] {
        let output = run(here, arguments);
        let complaint = String::from_utf8(output.stderr).unwrap();
        assert_eq!(output.status.code(), Some(code), "{arguments:?}: {complaint}");
        assert!(complaint.contains(says), "{arguments:?}: {complaint}");
    }
    assert!(!here.join("x").exists(), "nothing is left of what was refused");
}

#[test]
fn different_folders_are_an_answer_and_not_a_failure() {
    let place = tempfile::tempdir().unwrap();
    let here = place.path();
    assert_eq!(run(here, &["methodology", "export", "mine"]).status.code(), Some(0));
    let programme = here.join("mine/programmes/smb.toml");
    let text = std::fs::read_to_string(&programme).unwrap();
    std::fs::write(&programme, text.replacen("name = \"", "name = \"Our ", 1)).unwrap();
    let output = run(here, &["methodology", "diff", "mine"]);
    assert_eq!(output.status.code(), Some(1));
    assert!(output.stderr.is_empty(), "no complaint: {}", String::from_utf8_lossy(&output.stderr));
    assert!(String::from_utf8(output.stdout).unwrap().contains("programmes/smb.toml"));
}

/// The table people read, the help, and the codes agree: 0 to 5, each in both.
#[test]
fn codes_are_documented() {
    let place = tempfile::tempdir().unwrap();
    let help = String::from_utf8(run(place.path(), &["--help"]).stdout).unwrap();
    let page = include_str!("../../../../docs/exit-codes.md");
    for code in 0..=5 {
        assert!(help.lines().any(|line| line.starts_with(&format!("  {code}  "))), "{code}: {help}");
        assert!(page.contains(&format!("\n| {code} | ")), "{code} is not on the page");
    }
    for command in ["plan", "schedule", "methodology", "serve", "demo", "schema"] {
        let help = String::from_utf8(run(place.path(), &[command, "--help"]).stdout).unwrap();
        assert!(help.contains("EXIT CODES"), "{command}");
        assert_eq!(help.contains("1 the folders are different"), command == "methodology", "{command}");
    }
}
