how-title = How it works
how-intro = Cafés, bistros, theatres and shops in your neighbourhood help people who have it hard at the moment, and neighbours pay in advance for what costs money.
how-need-title = If you need something
how-need-free = Water, a toilet, a socket for your phone or a chat are free in these places. Just walk in and ask.
how-need-board = A coffee, a lunch or a ticket on the board has already been paid for. Say that you would like it. You show no papers, sign nothing and explain nothing.
how-need-code = If somebody gave you a slip with a code, show it in the place that is printed on it. Nobody knows who holds it.
how-give-title = If you want to give
how-give-pay = You pay in a place, or through an organisation, for one thing or for many. They wait on the board, or you take slips with codes and hand them out yourself.
how-give-link = You get a private link. Behind it you read what became of each of your gifts, until the last one was used or its value went where you had said.
how-venue-title = If you run a place
how-venue-text = At the counter you see what is prepaid, and one tap records that it was handed out. It works on an old phone, and when the connection is gone.
how-private-title = What we do not know
how-private-need = Whoever takes a voucher has no account here: no name, no photo, no number, no reason.
how-private-donor = A donor reads the venue and the day only of what was taken from the board. Of a slip that was handed to somebody, only that it was used, and the month.
how-ledger-title = Why it can be trusted
how-ledger-text = Every gift and every use is written down once and never changed. A mistake is corrected by a new entry that points at the old one, so the money always adds up.
how-go = Show me the places
docs-title = For developers
docs-intro = Everything that these pages do can be done through the interface, with the same rules.
docs-openapi = The interface as an OpenAPI 3.1 document
docs-health = Whether this installation can serve, and how far its log has come
docs-keys = Public questions need no token: where one can go, coverage, boards and totals. Every act carries an idempotency key: the same key twice is the same act.
sign-in-title = Sign in
sign-in-intro = For venues, organisations, operators and donors. Whoever needs help never signs in.
sign-in-token = Your token
sign-in-button = Sign in
sign-in-cookie = For twelve hours, one cookie keeps you signed in on this device. There is no other.
link-title = Your gifts
link-intro = This link belongs to you alone. The button opens what became of your gifts, on this device, for twelve hours.
link-button = Open my gifts
link-keep = Keep the link to yourself: whoever has it sees the same as you.
sheet-title = Slips with codes
sheet-intro = Print this page on A4 and cut it: three columns, eight rows. The number on each slip is only for your own count; nothing on it tells who holds it.
sheet-count =
    { $n ->
        [0] No code is valid here: it was used, revoked, or never issued.
        [one] One valid code
       *[other] { $n } valid codes
    }
sheet-qr = The same code as a picture
sheet-number = no. { $it }
sheet-until = valid until { $it }
sheet-everywhere = Every place of { $it } that sells it
sheet-credit = Credit of { $it }
shown-title = A voucher for you
shown-intro = Somebody has paid for this in advance. Show the slip, or this page, at the counter.
shown-code = The code of your voucher:
shown-anywhere = See where it can be used
shown-nothing-spent = Opening this page has spent nothing. The voucher is used only when the counter hands the thing out.
shown-to-counter = To the counter
