skip-to-content = Skip to the content
demo-label = About this demonstration
demo-notice = A demonstration: only the totals and the districts are real. Venues, vouchers and donors are made up.
nav-pages = Pages
nav-languages = Languages
nav-places = Places
nav-coverage = Coverage
nav-how = How it works
nav-sign-in = Sign in
nav-counter = Counter
nav-gifts = My gifts
footer-what = An open ledger of local solidarity. Whoever takes a voucher is never asked for a name or for a reason.
footer-docs = For developers: the interface and its documentation
sign-out = Sign out
back-home = Back to the places
no-page-title = There is nothing here
no-page-text = The address may be mistyped, or what was here is gone.
sign-in-first-title = Please sign in
sign-in-first-text = This page is for those who hold a token or a private link.
not-allowed-title = This is not yours to see
not-allowed-text = You are signed in, but your access does not reach this page.
bad-token-title = This token is not valid
bad-token-text = It may be mistyped, or it was revoked. Ask whoever gave it to you for a new one.
old-form-title = Please load the page again
old-form-text = The form came from an older page. Nothing was done.
away-title = Please come back in a moment
away-text = We cannot answer just now. Nothing was changed.
as-it-was =
    { $n ->
        [0] We cannot look just now. This is how it was less than a minute ago.
        [one] We cannot look just now. This is how it was a minute ago.
       *[other] We cannot look just now. This is how it was { $n } minutes ago.
    }
building-title = This page is being counted anew
building-text = We are counting it again from the whole history. Gifts and help go on as always; come back in a few minutes.
