//! The HTTP API, the pages and the command line: everything outside speaks with this crate.
//!
//! A request passes `limits` and `watch`, meets its route in `routes`, is opened by `auth` (who
//! calls) and `act` (what is asked, under which idempotency key), and ends in one use case of
//! `commands`. `problem` turns every "no" into problem+json. Only `wiring` knows which database
//! there is.
//!
//! # How to add the route of an act
//!
//! 1. In `commands`: the use case's `Answer` derives `utoipa::ToSchema` with a name of its own
//!    (`#[schema(as = ItemListed)]`). If it reveals a secret, it names it in `UseCase::SECRETS`.
//! 2. Copy `venue/list_item.rs` to `<subject>/<act>.rs`. `Body` holds what the caller sends, in
//!    domain types that check themselves; it has `deny_unknown_fields` and a unique
//!    `#[schema(as = …)]`. Without a body it is `act::Nothing`. Ids in the path are `At<VenueId>`,
//!    two of them `AtBoth<OrganisationId, SheetId>`.
//! 3. `call.create(|body| UseCase { … })` answers 201, for what comes into being: POST to the
//!    plural (`/venues`). `call.act(…)` answers 200: POST to `/venues/{venue_id}/list-item`.
//!    Beside `Answer` stand `position` and the secrets; what is computed at reading time (codes)
//!    is added with `Answer::with`.
//! 4. `Refuses<A, B>` in the documentation takes the refusal lists of the use case and of the
//!    domain's decision. Which status a refusal has stands in `problem`.
//! 5. Add `mod <act>;` and one `.routes(routes!(<act>::<act>))` to `<subject>/mod.rs`.
//! 6. Add the one line of who may to `tests/tests/suite/gateway/who_may.txt`, and a scenario
//!    in `tests/tests/suite/<subject>/<act>.rs` over `TestApp`.
//!
//! Parameters in the path, the headers of every POST, 401 to 503 and the operation's name are
//! added to the OpenAPI document by `openapi`. A read takes `Caller` instead of `Call`.

pub mod app;
pub mod demo;
pub mod jobs;
pub mod routes;

pub mod act;
pub mod auth;
pub mod guesses;
pub mod openapi;
pub mod problem;

pub mod evidence;
pub mod health;
pub mod limits;
pub mod security;
pub mod watch;

pub mod cli;
pub mod serve;
pub mod settings;
pub mod wiring;
pub mod witness;

pub mod access;
pub mod district;
pub mod donor;
pub mod fund;
pub mod help_request;
pub mod member;
pub mod network;
pub mod organisation;
pub mod place;
pub mod read;
pub mod service;
pub mod subject;
pub mod task;
pub mod venue;
pub mod voucher;

pub mod pages;
