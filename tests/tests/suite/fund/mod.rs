mod close;
mod open;
