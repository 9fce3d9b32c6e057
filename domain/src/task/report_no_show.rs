//! Somebody did not come, or did not open the door.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::claims::ClaimStage;
use super::{Task, TaskEvent};
use crate::help::ReleaseReason;
use crate::ids::{ClaimId, MemberId};

/// Report that somebody did not come.
#[derive(Clone, Copy, Debug)]
pub struct ReportNoShow {
    /// The claim that came to nothing.
    pub claim_id: ClaimId,
    /// Who was not there.
    pub who: Absent,
    /// Who says so.
    pub by: Party,
    /// When.
    pub at: DateTime<Utc>,
}

/// It was reported that somebody did not come.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct NoShowReported {
    /// The claim that came to nothing.
    pub claim_id: ClaimId,
    /// Who holds it, where it is a member.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub member: Option<MemberId>,
    /// Who was not there.
    pub who: Absent,
    /// Who said so.
    pub by: Party,
    /// When.
    pub at: DateTime<Utc>,
}

/// Who was not there.
#[derive(
    Clone,
    Copy,
    Debug,
    PartialEq,
    Eq,
    Hash,
    Serialize,
    Deserialize,
    ToSchema,
    strum::Display,
    strum::EnumString,
    strum::VariantArray,
    strum::IntoStaticStr,
)]
#[serde(rename_all = "snake_case")]
#[strum(serialize_all = "snake_case")]
pub enum Absent {
    /// Who had claimed the task.
    Helper,
    /// Who was to be helped, or was to receive the helper.
    Host,
}

/// Who reports that somebody was not there.
#[derive(
    Clone,
    Copy,
    Debug,
    PartialEq,
    Eq,
    Hash,
    Serialize,
    Deserialize,
    ToSchema,
    strum::Display,
    strum::EnumString,
    strum::VariantArray,
    strum::IntoStaticStr,
)]
#[serde(rename_all = "snake_case")]
#[strum(serialize_all = "snake_case")]
pub enum Party {
    /// Who had claimed the task.
    Helper,
    /// Who asked for help.
    Requester,
    /// The organisation whose task it is.
    Organisation,
    /// A coordinator.
    Coordinator,
}

refusals! {
    /// Why it is not recorded that somebody did not come.
    pub enum Refusal {
        /// No such task.
        #[error("there is no such task")]
        UnknownTask,
        /// No such claim on this task.
        #[error("there is no such claim on this task")]
        UnknownClaim,
        /// Nobody was to come yet.
        #[error("the task has not begun yet")]
        TooEarly {
            /// When it begins.
            from: DateTime<Utc>
        },
        /// Whoever could not come gives the claim up, or withdraws the request.
        #[error("nobody reports their own absence")]
        OwnAbsence,
        /// Nobody was to come any more, or work was done.
        #[error("this claim is not held any more")]
        NotHeld,
        /// Something else was reported or decided before.
        #[error("an absence was reported before")]
        AlreadyReported,
    }
}

/// Whether it is recorded that somebody did not come. A claim that lapsed because nothing was heard
/// may turn out to be one to which nobody came.
///
/// # Errors
/// See [`Refusal`].
pub fn decide(task: &Task, command: &ReportNoShow) -> Result<Vec<TaskEvent>, Refusal> {
    let work = task.work().ok_or(Refusal::UnknownTask)?;
    let claim = work.claims.get(&command.claim_id);
    let claim = claim.ok_or(Refusal::UnknownClaim)?;
    match claim.stage {
        ClaimStage::NoShow { who } if who == command.who => return Ok(vec![]),
        ClaimStage::NoShow { .. }
        | ClaimStage::NoShowContested { .. }
        | ClaimStage::NoShowUpheld { .. } => return Err(Refusal::AlreadyReported),
        ClaimStage::Held
        | ClaimStage::Started
        | ClaimStage::Released {
            reason: ReleaseReason::Lapsed,
        } => {}
        ClaimStage::Completed { .. }
        | ClaimStage::Confirmed { .. }
        | ClaimStage::Disputed { .. }
        | ClaimStage::Released { .. }
        | ClaimStage::CalledOff
        | ClaimStage::Struck => return Err(Refusal::NotHeld),
    }
    if command.is_about_oneself() {
        return Err(Refusal::OwnAbsence);
    }
    let from = work.created.window.from;
    if command.at < from {
        return Err(Refusal::TooEarly { from });
    }
    Ok(vec![
        NoShowReported {
            claim_id: command.claim_id,
            member: claim.member,
            who: command.who,
            by: command.by,
            at: command.at,
        }
        .into(),
    ])
}

impl ReportNoShow {
    fn is_about_oneself(&self) -> bool {
        match (self.who, self.by) {
            (Absent::Helper, Party::Helper)
            | (Absent::Host, Party::Requester | Party::Organisation) => true,
            (Absent::Helper, Party::Requester | Party::Organisation | Party::Coordinator)
            | (Absent::Host, Party::Helper | Party::Coordinator) => false,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::task::examples;

    #[test]
    fn who_did_not_come_is_reported_by_who_waited() {
        let command = examples::report_no_show();
        let reported = NoShowReported {
            claim_id: command.claim_id,
            member: Some(examples::claim().helper.member),
            who: Absent::Helper,
            by: Party::Requester,
            at: command.at,
        };
        assert_eq!(
            decide(&examples::claimed(), &command),
            Ok(vec![reported.into()])
        );
    }

    #[test]
    fn a_closed_door_is_reported_by_who_stood_before_it() {
        let command = ReportNoShow {
            who: Absent::Host,
            by: Party::Helper,
            ..examples::report_no_show()
        };
        assert!(decide(&examples::started(), &command).is_ok());
    }

    #[test]
    fn nobody_reports_their_own_absence() {
        for (who, by) in [
            (Absent::Helper, Party::Helper),
            (Absent::Host, Party::Requester),
        ] {
            let command = ReportNoShow {
                who,
                by,
                ..examples::report_no_show()
            };
            assert_eq!(
                decide(&examples::claimed(), &command),
                Err(Refusal::OwnAbsence)
            );
        }
    }

    #[test]
    fn nobody_is_absent_before_the_task_begins() {
        let from = examples::create().created.window.from;
        let mut command = examples::report_no_show();
        command.at = from - chrono::TimeDelta::microseconds(1);
        assert_eq!(
            decide(&examples::claimed(), &command),
            Err(Refusal::TooEarly { from })
        );
        command.at = from;
        assert!(decide(&examples::claimed(), &command).is_ok());
    }

    #[test]
    fn a_lapsed_claim_may_turn_out_to_be_an_absence_but_one_given_up_does_not() {
        let command = examples::report_no_show();
        assert!(decide(&examples::lapsed(), &command).is_ok());
        assert_eq!(
            decide(&examples::released(), &command),
            Err(Refusal::NotHeld)
        );
    }

    #[test]
    fn the_same_report_again_changes_nothing() {
        assert_eq!(
            decide(&examples::no_show(), &examples::report_no_show()),
            Ok(vec![])
        );
    }

    #[test]
    fn the_absence_of_one_does_not_become_that_of_the_other() {
        let command = ReportNoShow {
            who: Absent::Host,
            by: Party::Helper,
            ..examples::report_no_show()
        };
        assert_eq!(
            decide(&examples::no_show(), &command),
            Err(Refusal::AlreadyReported)
        );
    }
}
