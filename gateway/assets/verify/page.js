'use strict';
// The page itself: takes the receipt and the keys, and says in words what is proven.

(() => {
  const texts = JSON.parse(document.getElementById('texts').textContent);
  const at = (id) => document.getElementById(id);
  const linked = new URLSearchParams(location.hash.slice(1));
  let language = Object.keys(texts).find((code) => navigator.language.startsWith(code)) ?? 'en';
  const t = (key) => texts[language][key] ?? key;

  function element(name, text, kind) {
    const made = document.createElement(name);
    made.textContent = text;
    if (kind) made.className = kind;
    return made;
  }

  function describe() {
    document.documentElement.lang = language;
    document.title = t('title');
    for (const place of document.querySelectorAll('[data-text]')) {
      place.textContent = t(place.dataset.text);
    }
    check();
  }

  function eventWords(event) {
    const item = element('li', '');
    item.append(element('strong', texts[language].acts[event.act] ?? event.act));
    const known = event.kind === 'proven';
    item.append(element('p', known ? t('proven') : t('committed'), 'small'));
    item.append(element('p', known ? event.at : event.month));
    if (known) {
      item.append(element('p', `${t('position')}: ${event.position}`, 'small'));
      item.append(element('pre', event.payload));
    }
    return item;
  }

  function holds({ receipt, checkpoint, cosigned, events }) {
    const found = document.createDocumentFragment();
    found.append(element('h2', `✓ ${t('holds')}`, 'good'));
    const proven = events.filter((event) => event.kind === 'proven').length;
    const facts = [
      ['counted-proven', proven],
      ['counted-committed', events.length - proven],
      ['log', checkpoint.origin],
      ['size', checkpoint.size],
      ['voucher', `${receipt.network} ${receipt.voucher_id}`],
      ...cosigned.map(({ name, at: when }) => ['cosigned', `${name}, ${when.toISOString()}`]),
    ];
    const list = element('dl', '');
    for (const [key, value] of facts) list.append(element('dt', t(key)), element('dd', value));
    const life = element('ol', '');
    life.append(...events.map(eventWords));
    found.append(list, life);
    return found;
  }

  function check() {
    const [receipt, key] = [at('receipt').value, at('key').value];
    at('result').replaceChildren();
    at('result').className = '';
    if (!receipt.trim() || !key.trim()) return;
    const witnesses = at('witnesses').value.split('\n').filter((line) => line.trim());
    try {
      at('result').append(holds(verifyReceipt(receipt, key, witnesses)));
      at('result').className = 'good';
    } catch (wrong) {
      const where = wrong.number ? ` (${t('event')} ${wrong.number})` : '';
      const why = texts[language][`fault-${wrong.message}`] ?? t('fault-not-a-receipt');
      at('result').append(element('h2', `✕ ${t('fails')}`), element('p', why + where));
      at('result').className = 'bad';
    }
  }

  at('file').addEventListener('change', async () => {
    const [file] = at('file').files;
    if (!file) return;
    at('receipt').value = await file.text();
    check();
  });
  for (const field of ['receipt', 'key', 'witnesses']) at(field).addEventListener('input', check);
  for (const [code, { name }] of Object.entries(texts)) {
    const option = element('option', name);
    option.value = code;
    at('language').append(option);
  }
  at('language').value = language;
  at('language').addEventListener('change', () => {
    language = at('language').value;
    describe();
  });
  at('key').value = linked.get('key') ?? '';
  at('witnesses').value = linked.getAll('witness').join('\n');
  at('ready').hidden = false;
  describe();
})();
