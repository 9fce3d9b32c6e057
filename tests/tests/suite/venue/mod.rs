mod admit;
mod list_item;
