//! A service is no longer there.

use commands::service::withdraw::Withdraw;
use domain::ids::ServiceId;
use domain::service::withdraw::Refusal;

use crate::act::{At, Call, Done, Nothing, Refuses, Reply};

/// Withdraw a service.
#[utoipa::path(post, path = "/services/{service_id}/withdraw", tag = "service", request_body = Nothing,
    responses(Done<Withdraw>, Refuses<Refusal>))]
pub(crate) async fn withdraw(
    At(service_id): At<ServiceId>,
    call: Call<Nothing>,
) -> Reply<Done<Withdraw>> {
    call.act(|Nothing {}| Withdraw { service_id }).await
}
