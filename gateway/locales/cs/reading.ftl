how-title = Jak to funguje
how-intro = Kavárny, bistra, divadla a obchody ve vašem okolí pomáhají lidem, kteří to teď mají těžké, a sousedé předem platí to, co stojí peníze.
how-need-title = Když něco potřebujete
how-need-free = Voda, toaleta, zásuvka na telefon nebo popovídání jsou v těchto místech zdarma. Stačí přijít a říct si.
how-need-board = Káva, oběd nebo vstupenka na nástěnce už jsou zaplacené. Řekněte, že byste si je rádi vzali. Neukazujete žádné doklady, nic nepodepisujete a nic nevysvětlujete.
how-need-code = Pokud vám někdo dal lístek s kódem, ukažte ho v místě, které je na něm napsané. Nikdo neví, kdo ho má.
how-give-title = Když chcete dát
how-give-pay = Zaplatíte v podniku nebo přes organizaci, jednu věc nebo mnoho. Čekají na nástěnce, nebo si vezmete lístky s kódy a rozdáte je sami.
how-give-link = Dostanete soukromý odkaz. Na něm si přečtete, co se stalo s každým vaším darem, dokud není využit poslední, nebo dokud jeho hodnota nepřejde tam, kam jste určili.
how-venue-title = Když vedete podnik
how-venue-text = U pultu vidíte, co je předplaceno, a jedním ťuknutím zapíšete, že jste to vydali. Funguje to na starém telefonu i bez připojení.
how-private-title = Co nevíme
how-private-need = Kdo si vezme poukázku, nemá tu žádný účet: žádné jméno, fotku, číslo ani důvod.
how-private-donor = Dárce vidí podnik a den jen u toho, co si někdo vzal z nástěnky. U lístku, který byl někomu předán, jen to, že byl využit, a měsíc.
how-ledger-title = Proč se tomu dá věřit
how-ledger-text = Každý dar a každé využití se zapíše jednou a už se nezmění. Chyba se opraví novým zápisem, který na starý ukazuje, takže peníze vždy souhlasí.
how-go = Ukázat místa
docs-title = Pro vývojáře
docs-intro = Všechno, co dělají tyto stránky, lze dělat i přes rozhraní, podle stejných pravidel.
docs-openapi = Rozhraní jako dokument OpenAPI 3.1
docs-health = Zda tato instalace slouží a jak daleko došla její kniha
docs-keys = Veřejné otázky nepotřebují klíč: kam zajít, pokrytí, nástěnky a součty. Každý úkon nese idempotentní klíč: stejný klíč podruhé je tentýž úkon.
sign-in-title = Přihlášení
sign-in-intro = Pro podniky, organizace, správce a dárce. Kdo potřebuje pomoc, nepřihlašuje se nikdy.
sign-in-token = Váš přístupový klíč
sign-in-button = Přihlásit se
sign-in-cookie = Dvanáct hodin vás na tomto zařízení drží přihlášené jedna cookie. Žádná jiná tu není.
link-title = Vaše dary
link-intro = Tento odkaz patří jen vám. Tlačítko otevře na tomto zařízení na dvanáct hodin to, co se stalo s vašimi dary.
link-button = Otevřít moje dary
link-keep = Odkaz si nechte pro sebe: kdo ho má, vidí totéž co vy.
sheet-title = Lístky s kódy
sheet-intro = Stránku vytiskněte na A4 a rozstříhejte: tři sloupce, osm řádků. Číslo na lístku je jen pro váš přehled; nic na něm neříká, kdo ho má.
sheet-count =
    { $n ->
        [0] Žádný kód tu neplatí: byl využit, zrušen, nebo nikdy vydán.
        [one] Jeden platný kód
        [few] { $n } platné kódy
       *[other] { $n } platných kódů
    }
sheet-qr = Týž kód jako obrázek
sheet-number = č. { $it }
sheet-until = platí do { $it }
sheet-everywhere = Každé místo sítě { $it }, které to prodává
sheet-credit = Kredit { $it }
shown-title = Poukázka pro vás
shown-intro = Někdo to zaplatil předem. Ukažte lístek nebo tuto stránku u pultu.
shown-code = Kód vaší poukázky:
shown-anywhere = Podívat se, kde ji lze využít
shown-nothing-spent = Otevřením této stránky se nic neutratilo. Poukázka se využije, až když vám u pultu věc vydají.
shown-to-counter = K pultu
