//! Asking for the help board: counts for the public, requests and tasks for those who help.

use chrono::{DateTime, Utc};
use domain::help::{Category, Window};
use domain::ids::{DistrictId, HelpRequestId, MemberId, TaskId};
use domain::network::Initiative;
use domain::text::{Label, Slug};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::MODEL;
use super::entries::{RequestEntry, TaskEntry};
use crate::answer::{Seen, View, ask};
use crate::cursor;
use crate::small::{SmallCount, told_until};
use crate::store::{Arg, Query, ReadStore, StoreError};
use crate::table::Json;
use crate::time::{micros, minute};

/// The most requests, and the most tasks, of one answer.
pub const MAX_ENTRIES: u32 = 100;

/// Who asks.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Viewer {
    /// Anybody: counts only.
    Public,
    /// A member: what can be taken on, and the texts of what was taken on.
    Member(MemberId),
    /// A coordinator of these districts, or an operator.
    Coordinator {
        /// The districts; none = every one.
        districts: Option<Vec<DistrictId>>,
    },
}

/// Which requests and tasks.
#[derive(Clone, Debug)]
pub struct Filter {
    /// The network.
    pub network: Slug,
    /// Only in this district.
    pub district_code: Option<Label>,
    /// Only such help. It narrows the entries and never the public counts, because the difference
    /// of two counts could tell of one person.
    pub category: Option<Category>,
    /// Only what can be done in this time. It narrows the entries only, for the same reason.
    pub window: Option<Window>,
    /// How many requests and how many tasks at most, 1 to [`MAX_ENTRIES`].
    pub limit: u32,
    /// From where the answer before ended.
    pub cursor: Option<String>,
}

/// Where help is wanted.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct HelpBoardAnswer {
    /// How far the read model has come.
    pub view: View,
    /// The minute for which "wanted" is said.
    pub at: DateTime<Utc>,
    /// How much is wanted, for everybody, in each district where work or more than a few requests
    /// are. Requests are those that were there when the day began.
    pub districts: Vec<DistrictHelp>,
    /// The requests, the most urgent first; for members and coordinators only.
    pub requests: Vec<RequestEntry>,
    /// The tasks with free slots, the most urgent first; for members and coordinators only.
    pub tasks: Vec<TaskEntry>,
    /// How to ask for the entries after these; absent at the end.
    pub next_cursor: Option<String>,
}

/// How much help is wanted in a district.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct DistrictHelp {
    /// Its official code.
    pub district_code: String,
    /// Requests that had not ended, whether somebody has taken them on or not.
    pub requests: SmallCount,
    /// What kinds of help more than a few of them are about.
    pub categories: Vec<Category>,
    /// Tasks with free slots, without those that serve a single request.
    pub tasks: i64,
    /// Their free slots together.
    pub free_slots: i64,
}

/// Where help is wanted in a network.
///
/// # Errors
/// If the store is away, or the cursor is none of ours (`StoreError::Cursor`).
pub async fn help_board(
    store: &dyn ReadStore,
    filter: &Filter,
    viewer: &Viewer,
    seen: Seen,
    now: DateTime<Utc>,
) -> Result<HelpBoardAnswer, StoreError> {
    let limit = filter.limit.clamp(1, MAX_ENTRIES);
    let mut queries = vec![
        Query {
            sql: NETWORK,
            args: vec![filter.network.as_str().into()],
        },
        filter.counts(REQUEST_COUNTS, told_until(now)),
        filter.counts(TASK_COUNTS, now),
    ];
    if *viewer != Viewer::Public {
        queries.extend(filter.entries(limit, now)?);
    }
    let snapshot = ask(store, MODEL, queries, seen.position, seen.wait).await?;
    let mut found = snapshot.found.into_iter();
    let mut next = || found.next().unwrap_or_default();
    let small_count = small_count(next().read()?, now);
    let districts = districts(&next().read()?, &next().read()?, small_count);
    let (mut requests, mut tasks) = (next().read()?, next().read()?);
    let next_cursor = cut(&mut requests, &mut tasks, limit);
    Ok(HelpBoardAnswer {
        view: View::at(&snapshot.checkpoint, seen.position),
        at: minute(now),
        districts,
        requests: requests
            .into_iter()
            .filter_map(|row| row.tell(viewer, now))
            .collect(),
        tasks: tasks
            .into_iter()
            .filter_map(|row| row.tell(viewer, now))
            .collect(),
        next_cursor,
    })
}

/// One request, for a member or a coordinator: while it is wanted, and for the involved also after
/// its end.
///
/// # Errors
/// If the store is away.
pub async fn help_request(
    store: &dyn ReadStore,
    network: &Slug,
    id: HelpRequestId,
    viewer: &Viewer,
    seen: Seen,
    now: DateTime<Utc>,
) -> Result<(View, Option<RequestEntry>), StoreError> {
    let (view, found) = one(store, ONE_REQUEST, network, id.to_string(), seen).await?;
    let entry = found.and_then(|row: FoundRequest| row.tell(viewer, now));
    Ok((
        view,
        entry.filter(|entry| viewer.may_see(entry.wanted, entry.involved)),
    ))
}

/// One task, for a member or a coordinator: while work is left to do, and for the involved also
/// after its end.
///
/// # Errors
/// If the store is away.
pub async fn task(
    store: &dyn ReadStore,
    network: &Slug,
    id: TaskId,
    viewer: &Viewer,
    seen: Seen,
    now: DateTime<Utc>,
) -> Result<(View, Option<TaskEntry>), StoreError> {
    let (view, found) = one(store, ONE_TASK, network, id.to_string(), seen).await?;
    let entry = found.and_then(|row: FoundTask| row.tell(viewer, now));
    Ok((
        view,
        entry.filter(|entry| viewer.may_see(entry.wanted, entry.involved)),
    ))
}

async fn one<E: DeserializeOwned>(
    store: &dyn ReadStore,
    sql: &'static str,
    network: &Slug,
    id: String,
    seen: Seen,
) -> Result<(View, Option<E>), StoreError> {
    let args = vec![network.as_str().into(), id.into()];
    let queries = vec![Query { sql, args }];
    let mut snapshot = ask(store, MODEL, queries, seen.position, seen.wait).await?;
    let found = snapshot.found.pop().unwrap_or_default().read()?.pop();
    Ok((View::at(&snapshot.checkpoint, seen.position), found))
}

impl Viewer {
    fn may_see(&self, wanted: bool, involved: bool) -> bool {
        *self != Self::Public && (wanted || involved)
    }
}

const ONE_REQUEST: &str = "SELECT key, until, state FROM help_board_request
     WHERE network = $1 AND key = $2";

const ONE_TASK: &str = "SELECT key, until, state FROM help_board_task
     WHERE network = $1 AND key = $2";

const NETWORK: &str = "SELECT initiative FROM help_board_network WHERE key = $1";

const REQUEST_COUNTS: &str = "SELECT district_code, category, COUNT(*) AS count, 0 AS free_slots
     FROM help_board_request
     WHERE network = $1 AND until > $2
       AND known_from <= $2 AND (known_until IS NULL OR known_until > $2)
       AND (CAST($3 AS TEXT) IS NULL OR district_code = $3)
     GROUP BY district_code, category ORDER BY district_code, category";

const TASK_COUNTS: &str = "SELECT district_code, category, COUNT(*) AS count,
       CAST(SUM(free_slots) AS BIGINT) AS free_slots
     FROM help_board_task
     WHERE network = $1 AND wanted = 1 AND until > $2 AND free_slots > 0 AND for_request = 0
       AND (CAST($3 AS TEXT) IS NULL OR district_code = $3)
     GROUP BY district_code, category ORDER BY district_code, category";

const REQUESTS: &str = "SELECT key, until, state FROM help_board_request
     WHERE network = $1 AND wanted = 1 AND until > $2
       AND (CAST($3 AS TEXT) IS NULL OR district_code = $3)
       AND (CAST($4 AS TEXT) IS NULL OR category = $4)
       AND (window_from IS NULL OR window_from < $5) AND (window_to IS NULL OR window_to > $6)
       AND (until, key) > ($7, $8) ORDER BY until, key LIMIT $9";

const TASKS: &str = "SELECT key, until, state FROM help_board_task
     WHERE network = $1 AND wanted = 1 AND until > $2 AND free_slots > 0
       AND (CAST($3 AS TEXT) IS NULL OR district_code = $3)
       AND (CAST($4 AS TEXT) IS NULL OR category = $4)
       AND window_from < $5 AND until > $6
       AND (until, key) > ($7, $8) ORDER BY until, key LIMIT $9";

impl Filter {
    fn counts(&self, sql: &'static str, now: DateTime<Utc>) -> Query {
        let args = vec![
            self.network.as_str().into(),
            micros(now).into(),
            self.district(),
        ];
        Query { sql, args }
    }

    /// Requests and tasks have cursors of their own, which stand side by side.
    fn entries(&self, limit: u32, now: DateTime<Utc>) -> Result<[Query; 2], StoreError> {
        let [request_until, request, task_until, task] = cursor::read(self.cursor.as_deref())?;
        let after = |until: &str, key: String| -> Result<[Arg; 2], StoreError> {
            let until = if until.is_empty() {
                Ok(i64::MIN)
            } else {
                until.parse()
            };
            Ok([until.map_err(|_| StoreError::Cursor)?.into(), key.into()])
        };
        let of = |sql: &'static str, after: [Arg; 2]| {
            let mut args = vec![
                self.network.as_str().into(),
                micros(now).into(),
                self.district(),
                self.category.map(|category| category.to_string()).into(),
                self.window
                    .map_or(i64::MAX, |window| micros(window.to))
                    .into(),
                self.window
                    .map_or(i64::MIN, |window| micros(window.from))
                    .into(),
            ];
            args.extend(after);
            args.push((i64::from(limit) + 1).into());
            Query { sql, args }
        };
        Ok([
            of(REQUESTS, after(&request_until, request)?),
            of(TASKS, after(&task_until, task)?),
        ])
    }

    fn district(&self) -> Arg {
        self.district_code
            .as_ref()
            .map(|code| code.as_str().to_owned())
            .into()
    }
}

#[derive(Deserialize)]
struct FoundNetwork {
    initiative: Json<Initiative>,
}

fn small_count(mut found: Vec<FoundNetwork>, now: DateTime<Utc>) -> u32 {
    let initiative = found.pop().map(|network| network.initiative.0);
    let policy = initiative
        .map(|initiative| initiative.policy(now))
        .unwrap_or_default();
    policy.small_count
}

#[derive(Deserialize)]
struct FoundCount {
    district_code: String,
    category: Category,
    count: i64,
    free_slots: i64,
}

fn districts(requests: &[FoundCount], tasks: &[FoundCount], small_count: u32) -> Vec<DistrictHelp> {
    let mut codes: Vec<&str> = Vec::new();
    codes.extend(
        requests
            .iter()
            .chain(tasks)
            .map(|found| found.district_code.as_str()),
    );
    codes.sort_unstable();
    codes.dedup();
    let told = |count| SmallCount::public(count, small_count);
    let help = |code: &str| {
        let here = |found: &&FoundCount| found.district_code == code;
        let wanted = requests.iter().filter(here).map(|found| found.count).sum();
        DistrictHelp {
            district_code: code.to_owned(),
            requests: told(wanted),
            categories: requests
                .iter()
                .filter(here)
                .filter(|found| told(found.count).count.is_some())
                .map(|found| found.category)
                .collect(),
            tasks: tasks.iter().filter(here).map(|found| found.count).sum(),
            free_slots: tasks
                .iter()
                .filter(here)
                .map(|found| found.free_slots)
                .sum(),
        }
    };
    let is_told = |help: &DistrictHelp| help.requests.count.is_some() || help.tasks > 0;
    codes.into_iter().map(help).filter(is_told).collect()
}

/// A row of an entry.
#[derive(Deserialize)]
#[serde(bound = "I: DeserializeOwned, S: DeserializeOwned")]
pub(super) struct FoundEntry<I, S> {
    pub key: I,
    pub until: i64,
    pub state: Json<S>,
}

pub(super) type FoundRequest = FoundEntry<HelpRequestId, domain::help_request::HelpRequest>;
pub(super) type FoundTask = FoundEntry<TaskId, domain::task::Task>;

/// Leaves `limit` of each; the cursor goes on with whichever has more.
fn cut(requests: &mut Vec<FoundRequest>, tasks: &mut Vec<FoundTask>, limit: u32) -> Option<String> {
    let more_requests = cursor::cut(requests, limit);
    let more_tasks = cursor::cut(tasks, limit);
    let request = after(requests, more_requests);
    let task = after(tasks, more_tasks);
    (more_requests || more_tasks)
        .then(|| cursor::write(&[&request.0, &request.1, &task.0, &task.1]))
}

/// The last one, or the end of all.
fn after<I: ToString, S>(rows: &[FoundEntry<I, S>], more: bool) -> (String, String) {
    let last = rows.last().filter(|_| more);
    last.map_or_else(
        || (i64::MAX.to_string(), String::new()),
        |last| (last.until.to_string(), last.key.to_string()),
    )
}
