//! The `rehearsal` command as a shell sees it.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Output, Stdio};

fn rehearsal(arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_rehearsal"));
    command.args(arguments).current_dir(Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap());
    command
}

fn run(arguments: &[&str]) -> Output {
    rehearsal(arguments).output().expect("the command starts")
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

/// A scenario file for one test.
fn scenario_file(name: &str, text: &str) -> PathBuf {
    let file = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
    std::fs::write(&file, text).unwrap();
    file
}

#[test]
fn a_scenario_prints_its_verdict_and_timeline_plainly_when_piped() {
    let output = run(&["run", "scenarios/scripts/cold_start.yaml"]);
    let out = text(&output.stdout);
    assert!(output.status.success(), "{out}{}", text(&output.stderr));
    assert!(out.starts_with("pass cold_start"), "{out}");
    assert!(out.contains("kinesis   PutRecord") && out.contains("1 passed, 0 failed"), "{out}");
    assert!(
        !out.contains('\u{1b}') && output.stderr.is_empty(),
        "no colour, no progress: {out}{}",
        text(&output.stderr)
    );
}

#[test]
fn a_scenario_that_does_not_hold_ends_with_1_and_names_the_line() {
    let file = scenario_file(
        "fails.yaml",
        "name: x\nsteps:\n- kinesis.ListStreams: {}\n  matches: {StreamNames: [missing]}\ntimeline: |2\n  none\n",
    );
    let output = run(&["run", file.to_str().unwrap()]);
    let out = text(&output.stdout);
    assert_eq!(output.status.code(), Some(1));
    assert!(out.contains("fails.yaml:3:") && out.contains("$.StreamNames has 0 items, expected 1"), "{out}");
    assert!(out.contains("the timeline differs"), "{out}");
}

#[test]
fn a_file_that_is_no_scenario_is_refused_with_line_and_column() {
    let file = scenario_file("strange.yaml", "name: x\nstepz: []\n");
    let output = run(&["run", file.to_str().unwrap()]);
    let err = text(&output.stderr);
    assert_eq!(output.status.code(), Some(1));
    assert!(err.contains("strange.yaml") && err.contains("stepz") && err.contains('2'), "{err}");
}

#[test]
fn bless_records_the_timeline_and_nothing_else() {
    let body = "name: x # kept\nsteps:\n- kinesis.ListStreams: {}\n";
    let file = scenario_file("blessed.yaml", body);
    let path = file.to_str().unwrap();
    assert_eq!(run(&["run", path]).status.code(), Some(1), "without a timeline it does not hold");
    assert!(run(&["run", "--bless", path]).status.success());
    let after = std::fs::read_to_string(&file).unwrap();
    assert!(after.starts_with(body) && after.contains("timeline: |2\n") && after.contains("ListStreams"), "{after}");
    assert!(run(&["run", path]).status.success(), "now it holds");
}

#[test]
fn json_is_one_object_a_scenario() {
    let output = run(&["run", "--json", "scenarios/scripts/cold_start.yaml"]);
    let document: serde_json::Value = serde_json::from_slice(&output.stdout).expect("one JSON object");
    assert_eq!((document["scenario"].as_str(), document["passed"].as_bool()), (Some("cold_start"), Some(true)));
}

/// A server of its own for one test.
struct Server {
    child: Child,
    url: String,
}

impl Server {
    fn start() -> Self {
        Self::start_with(Stdio::inherit())
    }

    fn start_with(stderr: Stdio) -> Self {
        Self::start_as(&["serve", "--port", "0"], stderr)
    }

    fn start_as(arguments: &[&str], stderr: Stdio) -> Self {
        let mut command = rehearsal(arguments);
        let mut child = command.stdout(Stdio::piped()).stderr(stderr).spawn().expect("the command starts");
        let mut lines = BufReader::new(child.stdout.take().unwrap()).lines().map_while(Result::ok);
        let first = lines.next().expect("the server says where it is");
        let url = first.rsplit(' ').next().unwrap().to_owned();
        assert!(lines.any(|line| line == "Ready."), "containers wait for this line");
        Self { child, url }
    }

    fn ask(&self, arguments: &[&str]) -> Output {
        let output = rehearsal(arguments).env("REHEARSAL_URL", &self.url).output().expect("the command starts");
        assert!(output.status.success(), "{arguments:?}: {}", text(&output.stderr));
        output
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        // It may have ended already.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

#[test]
fn a_server_is_steered_by_the_other_commands() {
    let server = Server::start();
    let before = text(&server.ask(&["clock", "show"]).stdout);
    let after = text(&server.ask(&["clock", "advance", "48h"]).stdout);
    assert!(after > before, "{before} {after}");
    let rule = r#"{"service": "kinesis", "fault": "throttle"}"#;
    assert!(text(&server.ask(&["faults", "add", rule]).stdout).contains("\"id\": 1"));
    assert!(text(&server.ask(&["faults", "list"]).stdout).contains("throttle"));
    server.ask(&["faults", "remove", "1"]);
    let rule =
        r#"{"to": "*:stream/orders", "times": 2, "fault": {"fail": {"code": "ServiceUnavailable", "status": 503}}}"#;
    server.ask(&["faults", "--bus", "add", rule]);
    assert!(text(&server.ask(&["faults", "list", "--bus"]).stdout).contains("ServiceUnavailable"));
    server.ask(&["faults", "--bus", "remove", "1"]);
    assert!(text(&server.ask(&["limits"]).stdout).contains("\"limits\": \"off\""));
    server.ask(&["limits", "enforced"]);
    server.ask(&["limits", "off", "--account", "111111111111"]);
    let limits = text(&server.ask(&["limits"]).stdout);
    assert!(limits.contains("\"limits\": \"enforced\"") && limits.contains("\"111111111111\": \"off\""), "{limits}");
    assert!(text(&server.ask(&["timeline"]).stdout).contains("add fault"));
    assert!(text(&server.ask(&["timeline", "--json"]).stdout).lines().all(|line| line.starts_with('{')));
    server.ask(&["reset"]);
    server.ask(&["healthcheck"]);
    let elsewhere = run(&["clock", "show", "--url", &server.url]);
    assert!(elsewhere.status.success(), "{}", text(&elsewhere.stderr));
}

#[test]
fn a_script_is_checked_with_line_and_column_and_loaded() {
    let server = Server::start();
    let good = scenario_file("script.yaml", "rules:\n- name: hello\n  replies:\n  - text: hello\n");
    let bad = scenario_file("bad_script.yaml", "rules:\n- name: hello\n  reply: hello\n");
    server.ask(&["script", "check", good.to_str().unwrap()]);
    server.ask(&["script", "load", good.to_str().unwrap()]);
    let output = run(&["script", "check", bad.to_str().unwrap()]);
    let err = text(&output.stderr);
    assert!(output.status.code() == Some(1) && err.contains("reply") && err.contains('3'), "{err}");
}

#[test]
fn the_schema_of_scripts_is_printed_for_editors() {
    let output = run(&["script", "schema"]);
    let schema: serde_json::Value = serde_json::from_str(&text(&output.stdout)).expect("it is JSON");
    assert!(schema["$defs"]["rule"]["properties"]["replies"].is_object());
}

#[test]
fn sigterm_ends_the_server_gracefully() {
    let mut server = Server::start();
    let address = server.url.trim_start_matches("http://").to_owned();
    let mut stream = TcpStream::connect(&address).unwrap();
    stream.write_all(b"GET /_rehearsal/health HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n").unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).unwrap();
    assert!(answer.starts_with("HTTP/1.1 200"), "{answer}");
    let killed = Command::new("kill").args(["-TERM", &server.child.id().to_string()]).status().unwrap();
    assert!(killed.success() && server.child.wait().unwrap().success());
}

#[test]
fn the_timeline_is_bounded_and_its_file_has_every_event() {
    let file = Path::new(env!("CARGO_TARGET_TMPDIR")).join("timeline.jsonl");
    std::fs::write(&file, "{\"from\": \"before\"}\n").unwrap();
    let arguments = ["serve", "--port", "0", "--timeline-events", "10", "--timeline-file", file.to_str().unwrap()];
    let mut server = Server::start_as(&arguments, Stdio::inherit());
    let address = server.url.trim_start_matches("http://").to_owned();
    let mut stream = TcpStream::connect(&address).unwrap();
    let request = "POST / HTTP/1.1\r\nhost: localhost\r\nx-amz-target: Kinesis_20131202.ListStreams\r\n\
                   content-length: 2\r\nconnection: close\r\n\r\n{}";
    let often = request.replace("connection: close\r\n", "").repeat(99) + request;
    stream.write_all(often.as_bytes()).unwrap();
    let mut answers = String::new();
    stream.read_to_string(&mut answers).unwrap();
    assert_eq!(answers.matches("HTTP/1.1 200").count(), 100);
    assert_eq!(text(&server.ask(&["timeline", "--json"]).stdout).lines().count(), 10);
    server.ask(&["reset"]);
    // One that never ends: it is in the file as it stands at the end.
    server.ask(&["faults", "add", r#"{"fault": "hang"}"#]);
    let mut hung = TcpStream::connect(&address).unwrap();
    hung.write_all(request.as_bytes()).unwrap();
    while !text(&server.ask(&["timeline"]).stdout).contains("> hung") {}
    drop(hung);
    let killed = Command::new("kill").args(["-TERM", &server.child.id().to_string()]).status().unwrap();
    assert!(killed.success() && server.child.wait().unwrap().success());
    let written = std::fs::read_to_string(&file).unwrap();
    let mut events: Vec<serde_json::Value> =
        written.lines().map(|line| serde_json::from_str(line).expect("a line is an object")).collect();
    assert_eq!(events.remove(0)["from"], "before", "the file is appended to");
    let mut ids: Vec<u64> = events.iter().map(|event| event["id"].as_u64().unwrap()).collect();
    ids.sort_unstable();
    assert_eq!(ids, (1..=102).collect::<Vec<_>>(), "each event once");
    let listed = events.iter().filter(|event| event["action"] == "ListStreams" && event["outcome"]["status"] == "done");
    assert_eq!(listed.count(), 100);
}

#[test]
fn beyond_loopback_a_server_warns_and_a_file_that_cannot_be_written_is_named() {
    let mut server = Server::start_as(&["serve", "--port", "0", "--host", "0.0.0.0"], Stdio::piped());
    let killed = Command::new("kill").args(["-TERM", &server.child.id().to_string()]).status().unwrap();
    let mut err = String::new();
    server.child.stderr.take().unwrap().read_to_string(&mut err).unwrap();
    assert!(killed.success() && err.contains("warning: listening beyond loopback"), "{err}");
    let mut server = Server::start_with(Stdio::piped());
    let killed = Command::new("kill").args(["-TERM", &server.child.id().to_string()]).status().unwrap();
    let mut err = String::new();
    server.child.stderr.take().unwrap().read_to_string(&mut err).unwrap();
    assert!(killed.success() && err.is_empty(), "loopback is the default: {err}");
    let err = text(&run(&["serve", "--port", "0", "--timeline-file", "no/such/folder/t.jsonl"]).stderr);
    assert!(err.contains("cannot write no/such/folder/t.jsonl"), "{err}");
}

#[test]
fn a_scenario_plays_on_a_server_as_often_as_one_likes_and_leaves_nothing_in_force() {
    let server = Server::start();
    let text_of = "name: x\nfaults:\n- {service: kinesis, operation: ListStreams, fault: throttle}\n\
        bus_faults:\n- {fault: duplicate}\n\
        script:\n- {when: {last_user: {contains: never}}, replies: [{text: a}]}\n\
        steps:\n- kinesis.ListStreams: {}\n  fails: LimitExceededException\n\
        - fault: {service: dynamodb, fault: throttle}\n\
        - dynamodb.ListTables: {}\n  fails: ThrottlingException\n";
    let file = scenario_file("leaves_nothing.yaml", text_of);
    for _ in 0..2 {
        let output = run(&["run", file.to_str().unwrap(), "--endpoint", &server.url]);
        assert!(output.status.success(), "{}", text(&output.stdout));
    }
    assert_eq!(text(&server.ask(&["faults", "list", "--url", &server.url]).stdout).trim(), "[]");
}

#[test]
fn limits_hold_as_the_server_was_told_or_as_the_scenario_says_for_itself() {
    let dry_run = "kinesis.PutRecord: {StreamName: s, PartitionKey: a, Data: {text: a}, DryRun: true}";
    let scenario = |limits: &str, second: &str| {
        format!(
            "name: x\n{limits}given:\n- kinesis.CreateStream: {{StreamName: s, ShardCount: 1}}\n- advance: 1s\n\
             steps:\n- {dry_run}\n  fails: DryRunOperationException\n- {dry_run}\n  fails: {second}\n"
        )
    };
    let (succeeds, throttled) = ("DryRunOperationException", "ThrottlingException");
    for (flag, rows) in [
        ("off", [("", succeeds), ("limits: enforced\n", throttled), ("", succeeds)]),
        ("enforced", [("", throttled), ("limits: off\n", succeeds), ("", throttled)]),
    ] {
        let server = Server::start_as(&["serve", "--port", "0", "--limits", flag], Stdio::inherit());
        for (limits, second) in rows {
            let file = scenario_file("limits.yaml", &scenario(limits, second));
            let output = run(&["run", file.to_str().unwrap(), "--endpoint", &server.url]);
            assert!(output.status.success(), "{flag}, {limits}: {}", text(&output.stdout));
        }
    }
}

#[test]
fn a_run_that_missed_does_not_fail_the_next_one() {
    let server = Server::start();
    let call = "bedrock.Converse: {modelId: anthropic.claude-3, messages: [{role: user, content: [{text: hi}]}]}";
    let missing = format!("name: x\nsteps:\n- {call}\n  fails: ValidationException\n");
    let answered = format!("name: x\nscript: [{{replies: [{{text: hello}}]}}]\nsteps:\n- {call}\n- model.calls: 1\n");
    for (name, body, passes) in [("missing.yaml", missing, false), ("answered.yaml", answered, true)] {
        let file = scenario_file(name, &body);
        let output = run(&["run", file.to_str().unwrap(), "--endpoint", &server.url]);
        assert_eq!(output.status.success(), passes, "{name}: {}", text(&output.stdout));
    }
}

#[test]
fn a_second_signal_ends_the_server_at_once() {
    let mut server = Server::start_with(Stdio::piped());
    server.ask(&["faults", "add", r#"{"fault": "hang"}"#]);
    let address = server.url.trim_start_matches("http://").to_owned();
    let mut open = TcpStream::connect(&address).unwrap();
    open.write_all(b"POST / HTTP/1.1\r\nhost: x\r\nx-amz-target: Kinesis_20131202.ListStreams\r\n\r\n").unwrap();
    while !text(&server.ask(&["timeline"]).stdout).contains("> hung") {}
    let terminate = || Command::new("kill").args(["-TERM", &server.child.id().to_string()]).status().unwrap();
    assert!(terminate().success());
    while TcpStream::connect(&address).is_ok() {}
    assert!(terminate().success());
    let mut err = String::new();
    server.child.stderr.take().unwrap().read_to_string(&mut err).unwrap();
    assert!(server.child.wait().unwrap().success() && err.contains("asked twice"), "{err}");
}

#[test]
fn who_stops_reading_stops_the_command_without_a_fuss() {
    let mut child = rehearsal(&["coverage"]).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    drop(child.stdout.take());
    let output = child.wait_with_output().unwrap();
    assert!(output.status.success() && output.stderr.is_empty(), "{}", text(&output.stderr));
}

#[test]
fn a_command_line_that_cannot_be_meant_is_refused() {
    for (arguments, named) in [
        (vec!["clock", "advance", "3"], "`3` is not a duration"),
        (vec!["serve", "--key", "ID:SECRET"], "--verify-signatures"),
        (vec!["serve", "--limits", "on"], "`on` is neither `enforced` nor `off`"),
    ] {
        let output = run(&arguments);
        let err = text(&output.stderr);
        assert!(output.status.code() == Some(2) && err.contains(named) && !err.contains("column"), "{err}");
    }
}

#[test]
fn what_answers_at_an_endpoint_but_is_not_aws_is_named() {
    let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    std::thread::spawn(move || {
        for mut stream in listener.incoming().take(8).map_while(Result::ok) {
            let mut request = [0; 4096];
            // Whether the client still listens is its own business.
            let _ = stream.read(&mut request);
            let _ =
                stream.write_all(b"HTTP/1.1 404 Not Found\r\ncontent-length: 8\r\nconnection: close\r\n\r\nnot here");
        }
    });
    let file = scenario_file("elsewhere.yaml", "name: x\nsteps:\n- kinesis.ListStreams: {}\n");
    let arguments = ["run", file.to_str().unwrap(), "--endpoint", &url];
    let run = rehearsal(&arguments).env("AWS_ACCESS_KEY_ID", "a").env("AWS_SECRET_ACCESS_KEY", "b").output().unwrap();
    let out = text(&run.stdout);
    assert_eq!(run.status.code(), Some(1));
    assert!(out.contains("elsewhere.yaml:3:3: kinesis.ListStreams failed with HTTP 404"), "{out}");
    assert!(out.contains("this is no answer of AWS: `not here`"), "{out}");
    let nobody = rehearsal(&["run", file.to_str().unwrap(), "--endpoint", "http://127.0.0.1:9"]).output().unwrap();
    assert!(text(&nobody.stdout).contains("cannot reach http://127.0.0.1:9"), "{}", text(&nobody.stdout));
}

#[test]
fn everything_that_is_wrong_in_a_folder_is_told_at_once() {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("wrong");
    std::fs::create_dir_all(&folder).unwrap();
    for name in ["one.yaml", "two.yaml"] {
        std::fs::write(folder.join(name), "name: x\nstepz: []\n").unwrap();
    }
    let err = text(&run(&["run", folder.to_str().unwrap()]).stderr);
    assert!(err.contains("one.yaml:2:1: unknown field `stepz`, did you mean `steps`?"), "{err}");
    assert!(err.contains("two.yaml:2:1:"), "{err}");
    let nowhere = text(&run(&["run", "no/such/folder"]).stderr);
    assert!(nowhere.contains("no/such/folder: cannot be read"), "{nowhere}");
}

#[test]
fn an_emulator_that_is_not_there_is_a_clear_error() {
    let output = rehearsal(&["clock", "show"]).env("REHEARSAL_URL", "http://127.0.0.1:9").output().unwrap();
    assert!(text(&output.stderr).contains("cannot reach http://127.0.0.1:9"), "{}", text(&output.stderr));
    assert_eq!(output.status.code(), Some(1));
}
