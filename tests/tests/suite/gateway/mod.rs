//! What holds for every route: keys, bodies, headers, probes, and who may.

pub mod authorisation;
mod beside;
mod bodies;
mod command_line;
mod command_line_key;
mod command_line_people;
mod command_line_servers;
mod command_line_verbs;
mod connections;
mod keys;
mod limits;
mod surroundings;
