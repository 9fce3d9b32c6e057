counter-title = Counter
counter-code-title = Somebody shows a code
counter-code-label = The code on the slip
counter-code-check = Look at it (spends nothing)
counter-code-good = It can be used here. Nothing is spent yet.
counter-code-amount = Amount
counter-code-use = Use it now
counter-plus-one = +1
counter-turned-away = Turned away +1
counter-close-title = Closed for a while
counter-close-until = Closed until
counter-close-why = Why
counter-close-button = Announce it
counter-confirm-title = Is it all still true?
counter-confirm-button = Yes: hours, services and items are as shown
counter-back = Counter
counter-how-many = How many do you hand out?
counter-hand-out = Hand it out. It is recorded.
counter-hand-out-left =
    { $n ->
        [one] Hand out the one
       *[other] Hand out { $n }
    }
counter-left =
    { $n ->
        [0] None left on the board
        [one] Only one left
       *[other] Only { $n } left
    }
counter-left-today =
    { $n ->
        [0] None left for today
        [one] Only one left for today
       *[other] Only { $n } left for today
    }
counter-undo = A mistake: take it back
counter-undo-time = It can be taken back for 15 minutes.
counter-come-back = Come back at (if you know)
counter-come-back-at = Come back: { $it }
counter-turn-away = None left: count it
counter-give = Give it anyway, as our own gift
counter-which = What do you give?
counter-done-undone = Taken back
counter-done-turned-away = Counted
counter-done-given = Recorded as your own gift
counter-done-provided = One more
counter-done-closed = Closed until { $it }
counter-done-confirmed = Thank you, confirmed
counter-cannot = That does not work now
counter-no-used = This slip has been used already.
counter-no-expired = The last day of this slip is over.
counter-no-cancelled = What this slip stood for was given back or withdrawn.
counter-no-code-changed = Another slip stands in the place of this one.
counter-no-elsewhere = This slip is for another place or for another thing.
counter-no-unknown = No slip has this code. A letter may be mistyped: please read it once more.
counter-no-sold-out = Today there is no more of it.
counter-no-too-many = Too many wrong codes. Please wait a minute.
counter-no-amount = Less is left on it, or the amount is missing.
counter-no-not-taking-part = This place takes no vouchers just now.
counter-no-sent-before = This form was sent before. Open the counter again.
counter-no-until = Please say until when: a day and an hour that are still to come.
counter-no-other = It was not recorded. Open the counter again and look.
counter-prepay-title = Somebody pays in advance
counter-prepay-price = One costs { $it }.
counter-prepay-how-many = How many
counter-prepay-other = Or another number
counter-prepay-paid = Paid
counter-paid-cash = in cash
counter-paid-card = by card
counter-prepay-where = Where to
counter-prepay-board = onto the board, for whoever asks
counter-prepay-slips = slips with codes, to be handed over
counter-prepay-link = The giver wants a private link
counter-prepay-button = It is paid: record it
counter-slip-title = On the board. Thank you!
counter-slip-taken = Paid. Thank you!
counter-slip-codes = Slips to hand over
counter-slip-print = Print the slips
counter-slip-amount = Paid: { $it }.
counter-slip-link = For the giver: a private link
counter-slip-qr = The same link as a picture
counter-slip-once = It is shown only now. Whoever has it reads what became of the gift; no name is needed.
counter-slip-shown-before = This was recorded before, and its link was shown then. It cannot be shown again.
counter-slip-no-link = The giver wanted no link.
counter-not-yet = Not yet recorded: there is no connection. Leave this page open, it is sent again until it is recorded.
