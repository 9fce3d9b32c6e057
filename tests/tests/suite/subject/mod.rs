mod erase;
mod introduce;
mod set_contact;
