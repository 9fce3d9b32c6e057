counter-title = Pult
counter-code-title = Někdo ukazuje kód
counter-code-label = Kód na lístku
counter-code-check = Podívat se (nic se nečerpá)
counter-code-good = Tady platí. Zatím se nic nečerpalo.
counter-code-amount = Částka
counter-code-use = Použít teď
counter-plus-one = +1
counter-turned-away = Nedostalo se +1
counter-close-title = Dočasně zavřeno
counter-close-until = Zavřeno do
counter-close-why = Proč
counter-close-button = Oznámit
counter-confirm-title = Platí všechno?
counter-confirm-button = Ano: otevírací doba, služby i nabídka platí
counter-back = Pult
counter-how-many = Kolik toho vydáváte?
counter-hand-out = Vydejte. Je to zapsáno.
counter-hand-out-left =
    { $n ->
        [one] Vydat ten jeden
       *[other] Vydat { $n }
    }
counter-left =
    { $n ->
        [0] Na nástěnce nic nezbývá
        [one] Zbývá jen jeden
        [few] Zbývají jen { $n }
       *[other] Zbývá jen { $n }
    }
counter-left-today =
    { $n ->
        [0] Na dnešek už nic nezbývá
        [one] Na dnešek zbývá jen jeden
        [few] Na dnešek zbývají jen { $n }
       *[other] Na dnešek zbývá jen { $n }
    }
counter-undo = Omyl: vzít zpět
counter-undo-time = Vzít zpět lze 15 minut.
counter-come-back = Přijít znovu v (pokud víte)
counter-come-back-at = Přijít znovu: { $it }
counter-turn-away = Nic nezbylo: započítat
counter-give = Přesto dát, jako náš vlastní dar
counter-which = Co dáváte?
counter-done-undone = Vzato zpět
counter-done-turned-away = Započítáno
counter-done-given = Zapsáno jako váš vlastní dar
counter-done-provided = O jednoho víc
counter-done-closed = Zavřeno do { $it }
counter-done-confirmed = Děkujeme, potvrzeno
counter-cannot = Teď to nejde
counter-no-used = Tento lístek byl už použit.
counter-no-expired = Poslední den platnosti lístku už minul.
counter-no-cancelled = To, zač lístek byl, bylo vráceno nebo staženo.
counter-no-code-changed = Místo tohoto lístku platí jiný.
counter-no-elsewhere = Lístek je pro jiné místo nebo na něco jiného.
counter-no-unknown = Takový kód nemá žádný lístek. Možná je v něm překlep: přečtěte ho prosím ještě jednou.
counter-no-sold-out = Dnes už to není.
counter-no-too-many = Příliš mnoho chybných kódů. Chvíli prosím počkejte.
counter-no-amount = Zbývá na něm méně, nebo chybí částka.
counter-no-not-taking-part = Toto místo teď poukázky nepřijímá.
counter-no-sent-before = Tento formulář už byl odeslán. Otevřete znovu pult.
counter-no-until = Uveďte prosím, do kdy: den a hodinu, které teprve přijdou.
counter-no-other = Nezapsalo se to. Otevřete znovu pult a podívejte se.
counter-prepay-title = Někdo platí předem
counter-prepay-price = Jeden stojí { $it }.
counter-prepay-how-many = Kolik
counter-prepay-other = Nebo jiný počet
counter-prepay-paid = Zaplaceno
counter-paid-cash = hotově
counter-paid-card = kartou
counter-prepay-where = Kam s tím
counter-prepay-board = na nástěnku, pro každého, kdo si řekne
counter-prepay-slips = lístky s kódy k předání
counter-prepay-link = Dárce chce soukromý odkaz
counter-prepay-button = Je zaplaceno: zapsat
counter-slip-title = Je to na nástěnce. Děkujeme!
counter-slip-taken = Zaplaceno. Děkujeme!
counter-slip-codes = Lístky k předání
counter-slip-print = Vytisknout lístky
counter-slip-amount = Zaplaceno: { $it }.
counter-slip-link = Pro dárce: soukromý odkaz
counter-slip-qr = Týž odkaz jako obrázek
counter-slip-once = Ukazuje se jen teď. Kdo ho má, přečte si, co se s darem stalo; jméno není třeba.
counter-slip-shown-before = Tohle už bylo zapsáno a odkaz byl ukázán tehdy. Znovu ho ukázat nelze.
counter-slip-no-link = Dárce nechtěl odkaz.
counter-not-yet = Zatím nezapsáno: není spojení. Nechte stránku otevřenou, posílá se znovu, dokud se to nezapíše.
