places-title = Kam teď zajít
places-intro = Voda, toaleta, zásuvka nebo káva, kterou už někdo zaplatil. Nemusíte nic vysvětlovat: stačí si říct.
places-found =
    { $n ->
        [0] Žádné místo
        [one] Jedno místo
        [few] { $n } místa
       *[other] { $n } míst
    }
places-none = Teď nic neodpovídá. Zkuste hledat méně přesně, nebo přijďte později.
places-more = Další místa
filter-title = Zúžit výběr
filter-service = Služba zdarma
filter-item = Na nástěnce
filter-district = Městská část
filter-name = Název nebo ulice
filter-any = cokoli
filter-anywhere = kdekoli
filter-open = otevřeno teď
filter-board = na nástěnce něco čeká
filter-show = Ukázat
shared-everywhere = Předplaceno pro každé místo, které něco takového prodává:
map-label =
    { $n ->
        [0] Mapa městských částí
        [one] Mapa s jedním místem
        [few] Mapa se { $n } místy
       *[other] Mapa s { $n } místy
    }. Totéž říká seznam na této stránce.
map-schematic = Městské části jsou skutečné, jejich tvary a hranice jsou schematické.
legend-open = otevřeno
legend-closed = zavřeno
legend-unknown = neví se
networks-title = Vyberte síť
networks-intro = Vede se tu několik sítí.
networks-none = Zatím tu žádná síť není.
tomorrow-at = zítra { $it }
state-open = Otevřeno
state-open-until = Otevřeno do { $it }
state-opens-at = Zavřeno, otevírá { $it }
state-closed = Zavřeno
state-suspended = Teď se neúčastní
state-unknown = Neví se, zda je otevřeno
confirmed-on = Potvrzeno { $it }
confirmed-too-long-ago = Naposledy potvrzeno { $it }: to už je dávno
stale-notice = Dlouho to nikdo nepotvrdil. Než se vydáte na cestu, raději zavolejte nebo se zeptejte jinde.
closed-from = zavřeno od { $it }
closures-title = Dočasně zavřeno
closure-reason-holiday = dovolená
closure-reason-staff = chybí personál
closure-reason-event = soukromá akce
closure-reason-repairs = opravy
closure-reason-ordered = zavřeno na příkaz
closure-reason-other = jiný důvod
board-title = Čeká na nástěnce
board-caption = Co se tu prodává a kolik z toho je už zaplaceno
board-item = Co
board-kind = Druh
board-price = Cena
board-waits = Už zaplaceno
board-none = Za poukázky se tu nic neprodává.
board-how = Řekněte u pultu, že byste si rádi vzali něco z nástěnky. Nikdo se neptá na jméno ani na důvod.
on-board =
    { $n ->
        [0] teď nic
        [one] čeká 1
        [few] čekají { $n }
       *[other] čeká { $n }
    }
takes-no-vouchers = Poukázky tu teď nelze použít.
credit = Kredit
services-title = Zdarma pro každého
services-none = Žádná služba zdarma tu není uvedena.
service-paused = přerušeno
service-not-now = teď právě ne
hours-title = Otevírací doba
hours-unknown = Nikdo neuvedl, kdy je otevřeno.
service-kind-water = Voda
service-kind-toilet = Toaleta
service-kind-phone-charging = Dobití telefonu
service-kind-wifi = Wi-Fi
service-kind-warm-up = Teplé místo
service-kind-chat = Popovídání
service-kind-shower = Sprcha
service-kind-laundry = Praní
service-kind-clothes = Oblečení
service-kind-meal = Jídlo zdarma
service-kind-other = Jiná služba
item-kind-hot-drink = Teplý nápoj
item-kind-soup = Polévka
item-kind-meal = Jídlo
item-kind-baguette = Bageta
item-kind-clothing = Oblečení
item-kind-ticket = Vstupenka
item-kind-other = Jiné
venue-kind-cafe = Kavárna
venue-kind-bistro = Bistro
venue-kind-second-hand = Second hand
venue-kind-theatre = Divadlo
venue-kind-bookshop = Knihkupectví
venue-kind-cultural-centre = Kulturní centrum
venue-kind-community-centre = Komunitní centrum
venue-kind-other = Dům
place-kind-venue = Místo
place-kind-shelter = Noclehárna
place-kind-stop = Zastávka
place-kind-hall = Hala
place-kind-office = Kancelář
place-kind-street = Na ulici
wheelchair-yes = ♿ Bezbariérový přístup
wheelchair-limited = ♿ Přístup na vozíku jen s pomocí
wheelchair-no = ♿ Bez přístupu na vozíku
