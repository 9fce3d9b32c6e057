//! Several processes on one log. The others are this test binary, told by the environment.

use std::io::{BufRead, BufReader};
use std::process::{Child, Command, Stdio};
use std::sync::Arc;

use commands::log::{Appended, EventLog};
use futures::future::join_all;

use super::given::{assert_whole, done, keyed, one, stream};
use super::{Harness, engines};

const ADDRESS: &str = "SOSPESO_CONFORMANCE_ADDRESS";
const ROLE: &str = "SOSPESO_CONFORMANCE_ROLE";
const PROCESSES: usize = 4;
const WRITERS: usize = 64;
const HOT_STREAMS: usize = 8;
const EACH: usize = 4;

fn start(address: &str, role: &str) -> Child {
    let mut command = Command::new(std::env::current_exe().expect("this binary"));
    command
        .args([
            "--exact",
            "conformance::processes::another_process",
            "--nocapture",
        ])
        .env(ADDRESS, address)
        .env(ROLE, role)
        .stdout(Stdio::piped());
    command.spawn().expect("another process")
}

/// What the other process does; as a test of its own it has nothing to do.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn another_process() {
    let (Ok(address), Ok(role)) = (std::env::var(ADDRESS), std::env::var(ROLE)) else {
        return;
    };
    let handle = engines::open(&address).await;
    if role == "lead" {
        let leader = handle.leadership.try_lead("relay".into()).await;
        let _leader = leader.expect("a try").expect("nobody else");
        println!("leading");
        std::future::pending::<()>().await;
    }
    if role == "append" {
        for version in 0.. {
            let position = done(
                handle
                    .log
                    .append(one(&*handle.log, stream(1), version))
                    .await,
            );
            println!("answered {position}");
        }
    }
    let writers = (0..WRITERS).map(|n| tokio::spawn(write(handle.log.clone(), role.clone(), n)));
    for writer in join_all(writers.collect::<Vec<_>>()).await {
        writer.expect("a writer that gets on");
    }
}

/// Any answer but done and stale ends the test: a unique violation would be one.
async fn write(log: Arc<dyn EventLog>, process: String, writer: usize) {
    let stream = stream((writer % HOT_STREAMS) as u128);
    let mut version = 0;
    for number in 0..EACH {
        let key = format!("{process}/{writer}/{number}");
        loop {
            let command = keyed(one(&*log, stream, version), &key);
            match log.append(command).await.expect("an answer") {
                Appended::Done { .. } => break version += 1,
                Appended::Stale => {
                    let end = log.load(stream, version).await.expect("a stream");
                    let last = end
                        .last()
                        .map_or(version, |last| i64::try_from(last.sequence).expect("small"));
                    version = last;
                }
                other => panic!("{other:?}"),
            }
        }
    }
}

pub async fn four_processes_share_hot_streams(harness: &impl Harness) {
    let Some(address) = harness.address() else {
        return;
    };
    let processes: Vec<Child> = (0..PROCESSES)
        .map(|number| start(&address, &number.to_string()))
        .collect();
    for process in processes {
        let output = process.wait_with_output().expect("an end");
        let said = String::from_utf8_lossy(&output.stdout);
        assert!(output.status.success(), "{said}");
    }
    let handle = harness.open().await;
    let all = assert_whole(&*handle.log).await;
    assert_eq!(all.len(), PROCESSES * WRITERS * EACH);
    let streams: std::collections::HashSet<_> =
        all.iter().map(|event| event.record.aggregate_id).collect();
    assert_eq!(streams.len(), HOT_STREAMS);
}

pub async fn what_was_answered_survives_a_kill(harness: &impl Harness) {
    let Some(address) = harness.address() else {
        return;
    };
    let mut process = start(&address, "append");
    let said = BufReader::new(process.stdout.take().expect("its output")).lines();
    let answered = said.map_while(Result::ok).filter_map(|line| {
        let (_, position) = line.split_once("answered ")?;
        position.parse::<usize>().ok()
    });
    let mut answered = answered.skip(100);
    let first = answered.next().expect("a hundred answers");
    process.kill().expect("killed");
    process.wait().expect("gone");
    let last = answered.last().unwrap_or(first);

    let handle = harness.open().await;
    let all = assert_whole(&*handle.log).await;
    // One more may have been written whose answer nobody heard.
    assert!(
        (last..=last + 1).contains(&all.len()),
        "{last} {}",
        all.len()
    );
    let next = one(
        &*handle.log,
        stream(1),
        i64::try_from(all.len()).expect("small"),
    );
    done(handle.log.append(next).await);
}

pub async fn a_killed_leader_is_succeeded(harness: &impl Harness) {
    let Some(address) = harness.address() else {
        return;
    };
    let handle = harness.open().await;
    let mut process = start(&address, "lead");
    let said = BufReader::new(process.stdout.take().expect("its output")).lines();
    let mut said = said.map_while(Result::ok);
    assert!(said.any(|line| line.contains("leading")));
    let lead = async || {
        handle
            .leadership
            .try_lead("relay".into())
            .await
            .expect("a try")
    };
    assert!(lead().await.is_none());
    process.kill().expect("killed");
    process.wait().expect("gone");
    tests::wait::until("the next leader", lead).await;
}
