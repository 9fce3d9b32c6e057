mod change;
mod offer;
mod pause;
mod provide;
mod resume;
mod withdraw;
