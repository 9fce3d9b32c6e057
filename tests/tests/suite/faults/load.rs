//! Clients that ask for acts as fast as they are answered, and write down what they were told.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::time::Duration;

use serde_json::{Value, json};
use tests::app::NETWORK;
use tests::wait::PATIENCE;

use super::dice::Dice;
use super::history::{Asked, History, Told};
use super::town::Town;

/// A number for the mark of each act of this process.
static NEXT: AtomicUsize = AtomicUsize::new(1);
/// Between two tries of an act of which nobody told anything.
const AGAIN: Duration = Duration::from_millis(20);

/// Clients of one network.
#[derive(Clone)]
pub struct Load {
    pub town: Town,
    pub token: String,
    /// How many ask at once.
    pub clients: usize,
}

/// Clients that are under way.
pub struct Running {
    tasks: Vec<tokio::task::JoinHandle<History>>,
    stop: Arc<AtomicBool>,
    answered: Arc<AtomicUsize>,
}

impl Load {
    /// Starts the clients at this address.
    pub fn start(&self, url: &str, dice: &mut Dice) -> Running {
        let (stop, answered) = (Arc::<AtomicBool>::default(), Arc::<AtomicUsize>::default());
        let client = |_| {
            let (load, url, mut dice) = (self.clone(), url.to_owned(), dice.split());
            let (stop, answered) = (Arc::clone(&stop), Arc::clone(&answered));
            tokio::spawn(async move {
                let http = http();
                let mut history = History::default();
                while !stop.load(Ordering::Relaxed) {
                    let asked = load.town.some_act(&mut dice);
                    let told = load.ask(&http, &url, &asked, &mut history.wrong).await;
                    let Some(told) = told else {
                        break;
                    };
                    if matches!(told, Told::Nothing) {
                        // As whoever was told to come again, only sooner.
                        tokio::time::sleep(AGAIN).await;
                    } else {
                        answered.fetch_add(1, Ordering::Relaxed);
                    }
                    history.acts.push((asked, told));
                }
                history
            })
        };
        let tasks = (0..self.clients).map(client).collect();
        Running {
            tasks,
            stop,
            answered,
        }
    }

    /// Asks for one act, once.
    pub async fn once(&self, url: &str, asked: Asked) -> History {
        let mut history = History::default();
        let told = self.ask(&http(), url, &asked, &mut history.wrong).await;
        history.acts.push((asked, told.expect("somebody to ask")));
        history
    }

    /// Asks again, under the same keys, for every other act of which nobody told anything, until
    /// somebody does.
    pub async fn settle(&self, url: &str, history: &mut History, dice: &mut Dice) {
        let http = http();
        for (asked, told) in &mut history.acts {
            if !matches!(told, Told::Nothing) || dice.throw(2) == 0 {
                continue;
            }
            let again = async {
                loop {
                    match self.ask(&http, url, asked, &mut history.wrong).await {
                        None | Some(Told::Nothing) => tokio::time::sleep(AGAIN).await,
                        Some(told) => return told,
                    }
                }
            };
            let settled = tokio::time::timeout(PATIENCE, again).await;
            *told = settled.unwrap_or_else(|_| panic!("nobody tells of {asked:?}"));
        }
    }

    /// `None` if there is nobody to ask: then nothing was sent.
    async fn ask(
        &self,
        http: &reqwest::Client,
        url: &str,
        asked: &Asked,
        wrong: &mut Vec<String>,
    ) -> Option<Told> {
        let request = http
            .post(format!("{url}/api/v1/networks/{NETWORK}{}", asked.path))
            .bearer_auth(&self.token)
            .header("Idempotency-Key", &asked.mark)
            .header("Device", &asked.mark)
            .json(&asked.body);
        let response = match request.send().await {
            Ok(response) => response,
            Err(error) if error.is_connect() => return None,
            Err(_broken_or_late) => return Some(Told::Nothing),
        };
        let status = response.status().as_u16();
        let again = response.headers().contains_key("retry-after");
        let Ok(body) = response.text().await else {
            return Some(Told::Nothing);
        };
        let body: Value = serde_json::from_str(&body).unwrap_or(Value::String(body));
        Some(match (status, body["code"].as_str()) {
            (200 | 201, None) => Told::Done(body),
            (409, Some("in_flight")) => Told::Nothing,
            (503, Some(_)) if again => Told::Nothing,
            (409, Some(_)) => Told::Refused,
            _ => {
                wrong.push(format!("{status} {body} for {asked:?}"));
                Told::Nothing
            }
        })
    }
}

fn http() -> reqwest::Client {
    let client = reqwest::Client::builder().timeout(PATIENCE);
    client.build().expect("a client")
}

impl Running {
    /// Waits until so many acts were answered.
    pub async fn answered(&self, acts: usize) {
        tests::wait::until("acts to be answered", async || {
            (self.answered.load(Ordering::Relaxed) >= acts).then_some(())
        })
        .await;
    }

    /// Lets every client hear its last answer, or that there is none.
    pub async fn stop(self) -> History {
        self.stop.store(true, Ordering::Relaxed);
        let mut history = History::default();
        for task in self.tasks {
            history.add(task.await.expect("a client"));
        }
        history
    }
}

impl Town {
    /// One of the things that happen at a counter.
    pub fn some_act(&self, dice: &mut Dice) -> Asked {
        let count = 1 + usize::try_from(dice.throw(3)).expect("small");
        match dice.throw(6) {
            0 | 1 => self.prepay(count),
            2..=4 => self.redeem(count),
            _ => self.turn_away(count),
        }
    }

    /// Coffees for the board.
    pub fn prepay(&self, count: usize) -> Asked {
        Asked {
            mark: mark(),
            path: "/prepayments".to_owned(),
            body: self.coffees(count),
            event_type: "voucher.prepaid",
            count,
            ids: Some(|answer| texts(&answer["voucher_ids"], |id| id)),
        }
    }

    fn redeem(&self, count: usize) -> Asked {
        Asked {
            mark: mark(),
            path: format!("/venues/{}/redeem", self.venue_id),
            body: json!({"by": {"type": "board", "item_id": self.item_id, "count": count}}),
            event_type: "voucher.redeemed",
            count,
            ids: Some(|answer| texts(&answer["redemptions"], |used| &used["voucher_id"])),
        }
    }

    fn turn_away(&self, count: usize) -> Asked {
        Asked {
            mark: mark(),
            path: format!("/venues/{}/turn-away", self.venue_id),
            body: json!({"what": {"type": "item", "item_kind": "hot_drink"},
                "reason": "nothing_on_board", "count": count}),
            event_type: "venue.turned_away",
            count: 1,
            ids: None,
        }
    }
}

fn mark() -> String {
    format!("a{}", NEXT.fetch_add(1, Ordering::Relaxed))
}

fn texts(values: &Value, id: impl Fn(&Value) -> &Value) -> Vec<String> {
    let values = values.as_array().into_iter().flatten();
    values
        .map(|value| id(value).as_str().unwrap_or_default().to_owned())
        .collect()
}
