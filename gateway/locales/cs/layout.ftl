skip-to-content = Přejít k obsahu
demo-label = O této ukázce
demo-notice = Ukázka: skutečné jsou jen součty a městské části. Podniky, poukázky a dárci jsou vymyšlení.
nav-pages = Stránky
nav-languages = Jazyky
nav-places = Místa
nav-coverage = Pokrytí
nav-how = Jak to funguje
nav-sign-in = Přihlášení
nav-counter = Pult
nav-gifts = Moje dary
footer-what = Otevřená kniha místní solidarity. Kdo si vezme poukázku, toho se nikdo neptá na jméno ani na důvod.
footer-docs = Pro vývojáře: rozhraní a jeho popis
sign-out = Odhlásit se
back-home = Zpět na místa
no-page-title = Tady nic není
no-page-text = Adresa je možná s překlepem, nebo to, co tu bylo, už není.
sign-in-first-title = Přihlaste se, prosím
sign-in-first-text = Tahle stránka je pro toho, kdo má přístupový klíč nebo soukromý odkaz.
not-allowed-title = Tohle vám nepatří
not-allowed-text = Jste přihlášeni, ale váš přístup na tuto stránku nestačí.
bad-token-title = Tento klíč neplatí
bad-token-text = Je v něm možná překlep, nebo byl zrušen. O nový požádejte toho, kdo vám ho dal.
old-form-title = Načtěte prosím stránku znovu
old-form-text = Formulář přišel ze starší stránky. Nic se nestalo.
away-title = Vraťte se prosím za chvíli
away-text = Právě teď neumíme odpovědět. Nic se nezměnilo.
as-it-was =
    { $n ->
        [0] Právě teď se nemůžeme podívat. Takhle to bylo před méně než minutou.
        [one] Právě teď se nemůžeme podívat. Takhle to bylo před minutou.
       *[other] Právě teď se nemůžeme podívat. Takhle to bylo před { $n } minutami.
    }
building-title = Tuto stránku právě přepočítáváme
building-text = Počítáme ji znovu z celé historie. Dary i pomoc fungují dál jako vždy; vraťte se za pár minut.
