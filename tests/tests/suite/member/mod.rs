mod change;
mod leave;
mod register;
