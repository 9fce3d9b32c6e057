mod check;
mod prepay;
mod redeem;
