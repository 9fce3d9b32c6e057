//! Looking back over the API: read models as they stood. A replay costs, so it is for callers with
//! a token, a few states are kept, and they are folded one at a time.

use std::num::NonZeroUsize;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use axum::extract::FromRequestParts;
use axum::http::StatusCode;
use axum::http::request::Parts;
use chrono::{DateTime, Utc};
use futures::FutureExt as _;
use futures::future::{BoxFuture, Shared};
use lru::LruCache;
use projections::answer::Seen;
use projections::fold::Fold;
use projections::log::Log;
use projections::replay::{self, AsOf, Moment, Standing};
use projections::store::ReadStore;
use tokio::sync::Semaphore;

use crate::app::App;
use crate::auth::Caller;
use crate::problem::Problem;
use crate::wiring;

/// How many states are kept, each in a temporary file.
const KEPT: NonZeroUsize = NonZeroUsize::new(4).expect("more than none");
/// How many states are folded or wait for it at once.
const WAITING: usize = 4;
/// How long a reader waits for a state; it goes on being folded, so asking again finds it.
const WAIT: Duration = Duration::from_secs(5);
/// How long one state may take to be folded.
const LONGEST: Duration = Duration::from_secs(250);

type State = Shared<BoxFuture<'static, Result<Arc<Standing>, String>>>;

/// The states that are kept.
pub struct Past {
    log: Arc<dyn Log>,
    kept: Mutex<LruCache<(&'static str, i64), State>>,
    one: Arc<Semaphore>,
    wait: Duration,
}

impl Past {
    /// Of this log; nothing is folded yet.
    #[must_use]
    pub fn new(log: Arc<dyn Log>) -> Self {
        Self {
            log,
            kept: Mutex::new(LruCache::new(KEPT)),
            one: Arc::new(Semaphore::new(1)),
            wait: WAIT,
        }
    }

    /// The same, with another patience.
    #[must_use]
    pub fn waiting(self, wait: Duration) -> Self {
        Self { wait, ..self }
    }

    /// The read model as it stood.
    async fn standing(
        &self,
        fold: Arc<dyn Fold>,
        moment: Moment,
    ) -> Result<Arc<Standing>, Problem> {
        let key = (fold.name(), moment.position);
        let state = self.state(key, fold, moment)?;
        match tokio::time::timeout(self.wait, state).await {
            Ok(Ok(standing)) => Ok(standing),
            Ok(Err(why)) => {
                // What failed may succeed when it is asked for again.
                self.lock().pop(&key);
                Err(Problem::broken(&why))
            }
            Err(_) => {
                let detail = "this state is being folded from the log; ask again for it";
                Err(Problem::come_again("still_folding", detail).retry_after(WAIT.as_secs()))
            }
        }
    }

    /// The state that is kept, or one that begins to be folded now and goes on whoever waits.
    fn state(
        &self,
        key: (&'static str, i64),
        fold: Arc<dyn Fold>,
        moment: Moment,
    ) -> Result<State, Problem> {
        let mut kept = self.lock();
        if let Some(state) = kept.get(&key) {
            return Ok(state.clone());
        }
        let unfinished = |(_, state): &(_, &State)| state.peek().is_none();
        if kept.iter().filter(unfinished).count() >= WAITING {
            let detail = "other states are being folded from the log";
            return Err(Problem::come_again("busy", detail).retry_after(WAIT.as_secs()));
        }
        let folding = tokio::spawn(folded(
            Arc::clone(&self.log),
            Arc::clone(&self.one),
            fold,
            moment,
        ));
        let state = async move { folding.await.map_err(|error| error.to_string())? };
        let state = state.boxed().shared();
        kept.put(key, state.clone());
        Ok(state)
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, LruCache<(&'static str, i64), State>> {
        self.kept.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

async fn folded(
    log: Arc<dyn Log>,
    one: Arc<Semaphore>,
    fold: Arc<dyn Fold>,
    moment: Moment,
) -> Result<Arc<Standing>, String> {
    let _turn = one.acquire().await.map_err(|error| error.to_string())?;
    let store = wiring::throwaway_views().await;
    let store = store.map_err(|error| format!("{error:#}"))?;
    let standing = replay::stand(fold, moment, &*log, store, |_, _| ());
    let standing = tokio::time::timeout(LONGEST, standing).await;
    let standing = standing.map_err(|_| format!("folding took more than {LONGEST:?}"))?;
    standing.map(Arc::new).map_err(|error| error.to_string())
}

/// What a read answers from: the live views, or a read model as it stood.
pub(super) struct Then {
    /// Its rows.
    pub store: Arc<dyn ReadStore>,
    /// What the view must have reached; nothing, where one looks back.
    pub seen: Seen,
    /// The time for which "open", "stale" and ages are said.
    pub now: DateTime<Utc>,
    /// Whether one looks back.
    pub is_past: bool,
}

/// The live views without `as_of`; with it, this read model as it stood.
pub(super) async fn then(
    app: &App,
    fold: impl Fold,
    as_of: Option<AsOf>,
    seen: Seen,
) -> Result<Then, Problem> {
    let now = app.desk.clock().now();
    let Some(as_of) = as_of else {
        let store = Arc::clone(&app.views);
        return Ok(Then {
            store,
            seen,
            now,
            is_past: false,
        });
    };
    check(&*app.past.log, as_of, now).await?;
    let moment = replay::moment(&*app.past.log, Some(as_of)).await?;
    if let Some(left) = moment.settles_in(Some(as_of), now) {
        let detail = "an act that is on its way may still belong to before as_of; ask again";
        let seconds = left.num_seconds().unsigned_abs() + 1;
        return Err(Problem::come_again("not_settled", detail).retry_after(seconds));
    }
    let standing = app.past.standing(Arc::new(fold), moment).await?;
    let recorded_at = standing.moment.recorded_at;
    Ok(Then {
        store: Arc::clone(&standing.store),
        seen: Seen::default(),
        now: match as_of {
            AsOf::Time(time) => time,
            AsOf::Position(_) => recorded_at.unwrap_or(now),
        },
        is_past: true,
    })
}

/// What is not over yet cannot be looked back at.
async fn check(log: &dyn Log, as_of: AsOf, now: DateTime<Utc>) -> Result<(), Problem> {
    let ahead = match as_of {
        AsOf::Position(position) => position > log.head().await?,
        AsOf::Time(time) => time > now,
    };
    if ahead {
        let detail = "as_of lies ahead of what is recorded";
        return Err(Problem::new(StatusCode::BAD_REQUEST, "as_of_ahead", detail));
    }
    Ok(())
}

/// A read that anybody may do asks for a token where one looks back.
pub struct MayLookBack;

impl FromRequestParts<Arc<App>> for MayLookBack {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, app: &Arc<App>) -> Result<Self, Problem> {
        let query = parts.uri.query().unwrap_or_default();
        let looks_back = query.split('&').any(|pair| pair.starts_with("as_of="));
        if looks_back {
            Caller::in_network(parts, app).await?;
        }
        Ok(Self)
    }
}
