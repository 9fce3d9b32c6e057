//! What experiments under load share: a town, its clients, and what they were told.

use tests::installation::{Gateway, Installation};

use super::dice::Dice;
use super::extent::tell;
use super::history::{History, exported, is_sound};
use super::load::{Load, Running};
use super::town::Town;

/// One experiment on one installation.
pub struct Experiment<'a> {
    installation: &'a Installation,
    pub load: Load,
    pub dice: Dice,
    pub history: History,
    seed: u64,
}

impl<'a> Experiment<'a> {
    /// Builds the town through this gateway; so many clients will ask at once.
    pub async fn begin(
        installation: &'a Installation,
        gateway: &Gateway,
        clients: usize,
    ) -> Experiment<'a> {
        let seed = Dice::seed();
        Self {
            installation,
            load: Load {
                town: Town::built(gateway.operator()).await,
                token: installation.token().to_owned(),
                clients,
            },
            dice: Dice::of(seed),
            history: History::default(),
            seed,
        }
    }

    /// Starts the clients at this gateway.
    pub fn start(&mut self, gateway: &Gateway) -> Running {
        self.load.start(gateway.url(), &mut self.dice)
    }

    /// Starts them and lets up to so many acts be answered.
    pub async fn start_and_answer(&mut self, gateway: &Gateway, most: u64) -> Running {
        let running = self.start(gateway);
        let acts = self.dice.throw(most);
        running.answered(usize::try_from(acts).expect("few")).await;
        running
    }

    /// Keeps what clients heard, and asks this gateway again for some of which nobody told.
    pub async fn settle(&mut self, mut heard: History, gateway: &Gateway) {
        let (load, dice) = (&self.load, &mut self.dice);
        load.settle(gateway.url(), &mut heard, dice).await;
        self.history.add(heard);
    }

    /// Once every gateway has ended: holds what was told against the log, and tells the result.
    pub fn holds(self, what: &str, engine: &str, how_often: &str) {
        let tally = self.history.agrees_with(&exported(self.installation));
        is_sound(self.installation);
        tell(what, engine, how_often, &tally.to_string(), self.seed);
    }
}
