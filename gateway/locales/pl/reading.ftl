how-title = Jak to działa
how-intro = Kawiarnie, bistra, teatry i sklepy w okolicy pomagają ludziom, którym jest teraz trudno, a sąsiedzi z góry płacą za to, co kosztuje.
how-need-title = Jeśli czegoś potrzebujesz
how-need-free = Woda, toaleta, gniazdko do telefonu albo rozmowa są w tych miejscach za darmo. Wystarczy wejść i poprosić.
how-need-board = Kawa, obiad albo bilet na tablicy są już opłacone. Powiedz, że chcesz z nich skorzystać. Nie pokazujesz dokumentów, niczego nie podpisujesz i niczego nie wyjaśniasz.
how-need-code = Jeśli ktoś dał Ci kartkę z kodem, pokaż ją w miejscu, które jest na niej podane. Nikt nie wie, kto ją ma.
how-give-title = Jeśli chcesz dać
how-give-pay = Płacisz w lokalu albo przez organizację, za jedną rzecz lub za wiele. Czekają na tablicy albo bierzesz kartki z kodami i rozdajesz je samodzielnie.
how-give-link = Dostajesz prywatny link. Pod nim czytasz, co się stało z każdym Twoim darem, aż ostatni zostanie wykorzystany lub jego wartość trafi tam, gdzie chcesz.
how-venue-title = Jeśli prowadzisz lokal
how-venue-text = Przy ladzie widać, co jest opłacone, a jedno dotknięcie zapisuje, że zostało wydane. Działa na starym telefonie i bez połączenia.
how-private-title = Czego nie wiemy
how-private-need = Kto bierze bon, nie ma tu konta: ani imienia, ani zdjęcia, ani numeru, ani powodu.
how-private-donor = Darczyńca widzi lokal i dzień tylko przy tym, co ktoś wziął z tablicy. Przy kartce, którą komuś dano, tylko to, że została użyta, i miesiąc.
how-ledger-title = Dlaczego można temu ufać
how-ledger-text = Każdy dar i każde użycie zapisuje się raz i nigdy nie zmienia. Pomyłkę poprawia nowy wpis, który wskazuje na stary, więc pieniądze zawsze się zgadzają.
how-go = Pokaż miejsca
docs-title = Dla programistów
docs-intro = Wszystko, co robią te strony, można zrobić przez interfejs, według tych samych zasad.
docs-openapi = Interfejs jako dokument OpenAPI 3.1
docs-health = Czy ta instalacja działa i jak daleko doszła jej księga
docs-keys = Pytania publiczne nie wymagają klucza: dokąd pójść, zasięg, tablice i sumy. Każda czynność niesie klucz idempotencji: ten sam klucz po raz drugi to ta sama czynność.
sign-in-title = Logowanie
sign-in-intro = Dla lokali, organizacji, operatorów i darczyńców. Kto potrzebuje pomocy, nigdy się nie loguje.
sign-in-token = Twój klucz dostępu
sign-in-button = Zaloguj się
sign-in-cookie = Przez dwanaście godzin jedno ciasteczko utrzymuje logowanie na tym urządzeniu. Innych nie ma.
link-title = Twoje dary
link-intro = Ten link należy tylko do Ciebie. Przycisk otworzy na tym urządzeniu na dwanaście godzin to, co się stało z Twoimi darami.
link-button = Otwórz moje dary
link-keep = Zachowaj link dla siebie: kto go ma, widzi to samo co Ty.
sheet-title = Kartki z kodami
sheet-intro = Wydrukuj stronę na A4 i potnij: trzy kolumny, osiem rzędów. Numer na kartce służy tylko do Twojego liczenia; nic na niej nie mówi, kto ją ma.
sheet-count =
    { $n ->
        [0] Żaden kod nie jest tu ważny: został użyty, unieważniony albo nigdy nie wydany.
        [one] Jeden ważny kod
        [few] { $n } ważne kody
       *[other] { $n } ważnych kodów
    }
sheet-qr = Ten sam kod jako obrazek
sheet-number = nr { $it }
sheet-until = ważny do { $it }
sheet-everywhere = Każde miejsce sieci { $it }, które to sprzedaje
sheet-credit = Kredyt { $it }
shown-title = Bon dla Ciebie
shown-intro = Ktoś zapłacił za to z góry. Pokaż kartkę albo tę stronę przy ladzie.
shown-code = Kod Twojego bonu:
shown-anywhere = Zobacz, gdzie można go użyć
shown-nothing-spent = Otwarcie tej strony niczego nie wydało. Bon zostaje użyty dopiero wtedy, gdy przy ladzie wydadzą Ci rzecz.
shown-to-counter = Do lady
