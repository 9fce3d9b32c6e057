mod erase;
mod export;
mod give_link;
mod introduce;
mod set_contact;
