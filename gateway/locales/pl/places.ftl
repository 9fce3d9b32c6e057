places-title = Dokąd teraz pójść
places-intro = Woda, toaleta, gniazdko albo kawa, za którą ktoś już zapłacił. Nie trzeba nic wyjaśniać: wystarczy poprosić.
places-found =
    { $n ->
        [0] Żadnego miejsca
        [one] Jedno miejsce
        [few] { $n } miejsca
       *[other] { $n } miejsc
    }
places-none = Nic teraz nie pasuje. Zmień wyszukiwanie albo wróć później.
places-more = Więcej miejsc
filter-title = Zawęź wybór
filter-service = Usługa za darmo
filter-item = Na tablicy
filter-district = Dzielnica
filter-name = Nazwa lub ulica
filter-any = cokolwiek
filter-anywhere = gdziekolwiek
filter-open = otwarte teraz
filter-board = coś czeka na tablicy
filter-show = Pokaż
shared-everywhere = Opłacone dla każdego miejsca, które coś takiego sprzedaje:
map-label =
    { $n ->
        [0] Mapa dzielnic
        [one] Mapa z jednym miejscem
        [few] Mapa z { $n } miejscami
       *[other] Mapa z { $n } miejscami
    }. To samo mówi lista na tej stronie.
map-schematic = Dzielnice są prawdziwe, ich kształty i granice są schematyczne.
legend-open = otwarte
legend-closed = zamknięte
legend-unknown = nie wiadomo
networks-title = Wybierz sieć
networks-intro = Prowadzi się tu kilka sieci.
networks-none = Nie ma tu jeszcze żadnej sieci.
tomorrow-at = jutro { $it }
state-open = Otwarte
state-open-until = Otwarte do { $it }
state-opens-at = Zamknięte, otwiera się { $it }
state-closed = Zamknięte
state-suspended = Na razie nie bierze udziału
state-unknown = Nie wiadomo, czy jest otwarte
confirmed-on = Potwierdzono { $it }
confirmed-too-long-ago = Ostatnio potwierdzono { $it }: to było dawno
stale-notice = Od dawna nikt tego nie potwierdził. Zanim wyruszysz, lepiej zadzwoń albo zapytaj gdzie indziej.
closed-from = zamknięte od { $it }
closures-title = Czasowo zamknięte
closure-reason-holiday = urlop
closure-reason-staff = brak personelu
closure-reason-event = impreza zamknięta
closure-reason-repairs = remont
closure-reason-ordered = zamknięte nakazem
closure-reason-other = inny powód
board-title = Czeka na tablicy
board-caption = Co się tu sprzedaje i ile z tego jest już opłacone
board-item = Co
board-kind = Rodzaj
board-price = Cena
board-waits = Już opłacone
board-none = Za bony nic się tu nie sprzedaje.
board-how = Powiedz przy ladzie, że chcesz coś z tablicy. Nikt nie pyta o imię ani o powód.
on-board =
    { $n ->
        [0] teraz nic
        [one] czeka 1
        [few] czekają { $n }
       *[other] czeka { $n }
    }
takes-no-vouchers = Bonów nie można tu teraz użyć.
credit = Kredyt
services-title = Za darmo dla każdego
services-none = Nie podano tu żadnej darmowej usługi.
service-paused = przerwa
service-not-now = teraz akurat nie
hours-title = Godziny otwarcia
hours-unknown = Nikt nie podał, kiedy jest otwarte.
service-kind-water = Woda
service-kind-toilet = Toaleta
service-kind-phone-charging = Ładowanie telefonu
service-kind-wifi = Wi-Fi
service-kind-warm-up = Ciepłe miejsce
service-kind-chat = Rozmowa
service-kind-shower = Prysznic
service-kind-laundry = Pranie
service-kind-clothes = Ubrania
service-kind-meal = Darmowy posiłek
service-kind-other = Inna usługa
item-kind-hot-drink = Ciepły napój
item-kind-soup = Zupa
item-kind-meal = Posiłek
item-kind-baguette = Bagietka
item-kind-clothing = Ubranie
item-kind-ticket = Bilet
item-kind-other = Inne
venue-kind-cafe = Kawiarnia
venue-kind-bistro = Bistro
venue-kind-second-hand = Second hand
venue-kind-theatre = Teatr
venue-kind-bookshop = Księgarnia
venue-kind-cultural-centre = Centrum kultury
venue-kind-community-centre = Centrum społeczne
venue-kind-other = Dom
place-kind-venue = Miejsce
place-kind-shelter = Schronisko
place-kind-stop = Przystanek
place-kind-hall = Hala
place-kind-office = Biuro
place-kind-street = Na ulicy
wheelchair-yes = ♿ Dostęp dla wózków
wheelchair-limited = ♿ Dostęp dla wózków ograniczony
wheelchair-no = ♿ Brak dostępu dla wózków
