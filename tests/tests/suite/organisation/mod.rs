mod join;
mod leave;
