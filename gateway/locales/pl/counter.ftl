counter-title = Lada
counter-code-title = Ktoś pokazuje kod
counter-code-label = Kod na kartce
counter-code-check = Sprawdź (nic się nie zużywa)
counter-code-good = Tutaj jest ważny. Nic jeszcze nie zużyto.
counter-code-amount = Kwota
counter-code-use = Użyj teraz
counter-plus-one = +1
counter-turned-away = Odeszli z niczym +1
counter-close-title = Chwilowo zamknięte
counter-close-until = Zamknięte do
counter-close-why = Dlaczego
counter-close-button = Ogłoś
counter-confirm-title = Czy wszystko się zgadza?
counter-confirm-button = Tak: godziny, usługi i oferta są aktualne
counter-back = Lada
counter-how-many = Ile wydajesz?
counter-hand-out = Wydaj. Jest zapisane.
counter-hand-out-left =
    { $n ->
        [one] Wydaj ten jeden
       *[other] Wydaj { $n }
    }
counter-left =
    { $n ->
        [0] Na tablicy nic nie zostało
        [one] Został tylko jeden
        [few] Zostały tylko { $n }
       *[other] Zostało tylko { $n }
    }
counter-left-today =
    { $n ->
        [0] Na dziś nic nie zostało
        [one] Na dziś został tylko jeden
        [few] Na dziś zostały tylko { $n }
       *[other] Na dziś zostało tylko { $n }
    }
counter-undo = Pomyłka: cofnij
counter-undo-time = Cofnąć można przez 15 minut.
counter-come-back = Przyjść ponownie o (jeśli wiesz)
counter-come-back-at = Przyjść ponownie: { $it }
counter-turn-away = Nic nie zostało: policz
counter-give = Daj mimo to, jako nasz własny dar
counter-which = Co dajesz?
counter-done-undone = Cofnięte
counter-done-turned-away = Policzone
counter-done-given = Zapisano jako wasz własny dar
counter-done-provided = O jedną osobę więcej
counter-done-closed = Zamknięte do { $it }
counter-done-confirmed = Dziękujemy, potwierdzone
counter-cannot = Teraz się nie da
counter-no-used = Ta kartka została już wykorzystana.
counter-no-expired = Ostatni dzień ważności kartki już minął.
counter-no-cancelled = To, na co była kartka, zwrócono albo wycofano.
counter-no-code-changed = Zamiast tej kartki ważna jest inna.
counter-no-elsewhere = Kartka jest do innego miejsca albo na coś innego.
counter-no-unknown = Żadna kartka nie ma takiego kodu. Może jest w nim literówka: przeczytaj go jeszcze raz.
counter-no-sold-out = Dziś już tego nie ma.
counter-no-too-many = Za dużo błędnych kodów. Poczekaj chwilę.
counter-no-amount = Zostało na nim mniej albo brakuje kwoty.
counter-no-not-taking-part = To miejsce nie przyjmuje teraz bonów.
counter-no-sent-before = Ten formularz już wysłano. Otwórz ladę ponownie.
counter-no-until = Podaj, do kiedy: dzień i godzinę, które dopiero nadejdą.
counter-no-other = Nie zapisano. Otwórz ladę ponownie i sprawdź.
counter-prepay-title = Ktoś płaci z góry
counter-prepay-price = Jeden kosztuje { $it }.
counter-prepay-how-many = Ile
counter-prepay-other = Albo inna liczba
counter-prepay-paid = Zapłacono
counter-paid-cash = gotówką
counter-paid-card = kartą
counter-prepay-where = Dokąd
counter-prepay-board = na tablicę, dla każdego, kto poprosi
counter-prepay-slips = kartki z kodami do przekazania
counter-prepay-link = Darczyńca chce prywatny link
counter-prepay-button = Zapłacone: zapisz
counter-slip-title = Jest na tablicy. Dziękujemy!
counter-slip-taken = Zapłacone. Dziękujemy!
counter-slip-codes = Kartki do przekazania
counter-slip-print = Wydrukuj kartki
counter-slip-amount = Zapłacono: { $it }.
counter-slip-link = Dla darczyńcy: prywatny link
counter-slip-qr = Ten sam link jako obrazek
counter-slip-once = Pokazuje się tylko teraz. Kto go ma, przeczyta, co stało się z darem; imię nie jest potrzebne.
counter-slip-shown-before = To zapisano już wcześniej i wtedy pokazano link. Nie można go pokazać ponownie.
counter-slip-no-link = Darczyńca nie chciał linku.
counter-not-yet = Jeszcze nie zapisano: brak połączenia. Zostaw tę stronę otwartą, wysyła się ponownie, aż zostanie zapisane.
