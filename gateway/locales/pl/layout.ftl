skip-to-content = Przejdź do treści
demo-label = O tej wersji pokazowej
demo-notice = Wersja pokazowa: prawdziwe są tylko sumy i dzielnice. Lokale, bony i darczyńcy są zmyśleni.
nav-pages = Strony
nav-languages = Języki
nav-places = Miejsca
nav-coverage = Zasięg
nav-how = Jak to działa
nav-sign-in = Logowanie
nav-counter = Lada
nav-gifts = Moje dary
footer-what = Otwarta księga lokalnej solidarności. Kto bierze bon, tego nikt nie pyta o imię ani o powód.
footer-docs = Dla programistów: interfejs i jego opis
sign-out = Wyloguj się
back-home = Wróć do miejsc
no-page-title = Tu nic nie ma
no-page-text = W adresie może być literówka albo tego, co tu było, już nie ma.
sign-in-first-title = Proszę się zalogować
sign-in-first-text = Ta strona jest dla osób, które mają klucz dostępu lub prywatny link.
not-allowed-title = To nie należy do Ciebie
not-allowed-text = Jesteś zalogowany, ale Twój dostęp nie obejmuje tej strony.
bad-token-title = Ten klucz jest nieważny
bad-token-text = Może jest w nim literówka albo został unieważniony. O nowy poproś osobę, od której go masz.
old-form-title = Proszę wczytać stronę jeszcze raz
old-form-text = Formularz pochodzi ze starszej strony. Nic nie zostało zrobione.
away-title = Proszę wrócić za chwilę
away-text = W tej chwili nie możemy odpowiedzieć. Nic się nie zmieniło.
as-it-was =
    { $n ->
        [0] W tej chwili nie możemy tego sprawdzić. Tak było niecałą minutę temu.
        [one] W tej chwili nie możemy tego sprawdzić. Tak było minutę temu.
        [few] W tej chwili nie możemy tego sprawdzić. Tak było { $n } minuty temu.
       *[many] W tej chwili nie możemy tego sprawdzić. Tak było { $n } minut temu.
    }
building-title = Ta strona jest właśnie przeliczana
building-text = Liczymy ją od nowa z całej historii. Dary i pomoc działają jak zawsze; proszę wrócić za kilka minut.
