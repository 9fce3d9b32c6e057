mod grant;
mod revoke;
mod session;
