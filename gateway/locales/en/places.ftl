places-title = Where to go now
places-intro = Water, a toilet, a socket or a coffee that somebody has already paid for. You need not explain anything: just ask.
places-found =
    { $n ->
        [0] No place
        [one] One place
       *[other] { $n } places
    }
places-none = Nothing fits just now. Ask for less, or come back later.
places-more = More places
filter-title = Narrow down
filter-service = Free service
filter-item = On the board
filter-district = District
filter-name = Name or street
filter-any = anything
filter-anywhere = anywhere
filter-open = open now
filter-board = something waits on the board
filter-show = Show
shared-everywhere = Prepaid for every place that sells such a thing:
map-label =
    { $n ->
        [0] A map of the districts
        [one] A map with one place
       *[other] A map with { $n } places
    }. The list on this page says the same.
map-schematic = The districts are real, their shapes and borders are schematic.
legend-open = open
legend-closed = closed
legend-unknown = not known
networks-title = Choose a network
networks-intro = Several networks are kept here.
networks-none = No network has been founded here yet.
tomorrow-at = tomorrow { $it }
state-open = Open
state-open-until = Open until { $it }
state-opens-at = Closed, opens { $it }
state-closed = Closed
state-suspended = Not taking part at the moment
state-unknown = Not known whether it is open
confirmed-on = Confirmed on { $it }
confirmed-too-long-ago = Last confirmed on { $it }: that is too long ago
stale-notice = Nobody has confirmed this for a long time. Better call or ask elsewhere before you go.
closed-from = closed from { $it }
closures-title = Closed for a while
closure-reason-holiday = holiday
closure-reason-staff = not enough staff
closure-reason-event = private event
closure-reason-repairs = repairs
closure-reason-ordered = closed by order
closure-reason-other = other reason
board-title = Waiting on the board
board-caption = What is sold here, and how many of it are already paid for
board-item = What
board-kind = Kind
board-price = Price
board-waits = Already paid for
board-none = Nothing is sold for vouchers here.
board-how = Say at the counter that you would like something from the board. Nobody asks for a name or a reason.
on-board =
    { $n ->
        [0] none now
        [one] 1 waits
       *[other] { $n } wait
    }
takes-no-vouchers = Vouchers cannot be used here just now.
credit = Credit
services-title = Free for everybody
services-none = No free service is listed here.
service-paused = paused
service-not-now = not just now
hours-title = Opening hours
hours-unknown = Nobody has said when it is open.
service-kind-water = Water
service-kind-toilet = Toilet
service-kind-phone-charging = Phone charging
service-kind-wifi = Wi-Fi
service-kind-warm-up = A warm place
service-kind-chat = A chat
service-kind-shower = Shower
service-kind-laundry = Laundry
service-kind-clothes = Clothes
service-kind-meal = Free meal
service-kind-other = Other service
item-kind-hot-drink = Hot drink
item-kind-soup = Soup
item-kind-meal = Meal
item-kind-baguette = Baguette
item-kind-clothing = Clothing
item-kind-ticket = Ticket
item-kind-other = Other
venue-kind-cafe = Café
venue-kind-bistro = Bistro
venue-kind-second-hand = Second-hand shop
venue-kind-theatre = Theatre
venue-kind-bookshop = Bookshop
venue-kind-cultural-centre = Cultural centre
venue-kind-community-centre = Community centre
venue-kind-other = House
place-kind-venue = Place
place-kind-shelter = Shelter
place-kind-stop = Stop
place-kind-hall = Hall
place-kind-office = Office
place-kind-street = In the street
wheelchair-yes = ♿ Step-free for wheelchairs
wheelchair-limited = ♿ Limited access for wheelchairs
wheelchair-no = ♿ No access for wheelchairs
