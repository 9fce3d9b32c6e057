//! Every whole-system test, in one binary for the sake of link time.

mod audit;
mod bench;
mod conformance;
mod demo;
mod evidence;
mod faults;
mod harness;
mod house;
mod postgres;
mod privacy;
mod projections;
mod reactions;
mod read;
mod relay;
mod vault;
mod views;
mod witness;

mod gateway;

mod access;
mod district;
mod donor;
mod fund;
mod network;
mod organisation;
mod pages;
mod place;
mod service;
mod venue;
mod voucher;

mod help_request;
mod member;
mod subject;
mod task;
