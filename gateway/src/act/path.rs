//! The ids in a path, after the network.

use std::str::FromStr;

use axum::extract::{FromRequestParts, RawPathParams};
use axum::http::request::Parts;

use crate::problem::Problem;

/// The id in the path that follows on the network. What is no id is nothing that exists: 404.
pub struct At<T>(pub T);

/// The two ids in the path that follow on the network.
pub struct AtBoth<A, B>(pub A, pub B);

impl<T: FromStr, S: Send + Sync> FromRequestParts<S> for At<T> {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Problem> {
        let ids = ids(parts, state).await?;
        let id = ids.first().and_then(|id| id.parse().ok());
        id.map(Self).ok_or_else(Problem::not_found)
    }
}

impl<A: FromStr, B: FromStr, S: Send + Sync> FromRequestParts<S> for AtBoth<A, B> {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Problem> {
        let ids = ids(parts, state).await?;
        let both = match ids.as_slice() {
            [first, second] => first.parse().ok().zip(second.parse().ok()),
            _ => None,
        };
        both.map(|(first, second)| Self(first, second))
            .ok_or_else(Problem::not_found)
    }
}

async fn ids<S: Send + Sync>(parts: &mut Parts, state: &S) -> Result<Vec<String>, Problem> {
    let params = RawPathParams::from_request_parts(parts, state).await;
    let params = params.map_err(|_| Problem::not_found())?;
    let ids = params.iter().filter(|(name, _)| *name != "network");
    Ok(ids.map(|(_, id)| id.to_owned()).collect())
}
