mod add;
mod change;
mod close;
