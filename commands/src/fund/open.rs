//! An operator opens a fund.

use chrono::NaiveDate;
use domain::fund::Fund;
use domain::fund::open::{FundKind, Open as Decision, Opened};
use domain::ids::FundId;
use domain::text::Name;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::executor::{Failure, UseCase};
use crate::principal::{Denied, Principal};
use crate::work::Work;

/// Open a fund.
#[derive(Clone, Debug)]
pub struct Open {
    /// What fund it is.
    pub kind: FundKind,
    /// Its public name.
    pub name: Name,
    /// Who gives the money.
    pub funder: Option<Name>,
    /// What it is for.
    pub purpose: Option<Name>,
    /// The first day on which its money may be used.
    pub from: Option<NaiveDate>,
    /// The last day on which its money may be used.
    pub to: Option<NaiveDate>,
}

/// The fund.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[schema(as = FundOpened)]
pub struct Answer {
    /// The fund.
    pub fund_id: FundId,
}

impl UseCase for Open {
    const NAME: &'static str = "fund.open";
    type Answer = Answer;

    fn authorise(&self, who: &Principal) -> Result<(), Denied> {
        who.operator()
    }

    async fn run(&self, work: &mut Work) -> Result<Answer, Failure> {
        let fund_id: FundId = work.new_id();
        let opened = Opened {
            network: work.network().clone(),
            kind: self.kind,
            name: self.name.clone(),
            funder: self.funder.clone(),
            purpose: self.purpose.clone(),
            from: self.from,
            to: self.to,
        };
        work.decide::<Fund>(fund_id, Decision { opened }).await?;
        Ok(Answer { fund_id })
    }
}
