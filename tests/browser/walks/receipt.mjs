// Checks a receipt as a donor does, on the page as it is served or on the same page saved to a disk.
// The walk fails if anything at all is asked of the network but the page itself.
import assert from 'node:assert/strict';

export default async function ({ page, input, shot }) {
  const asked = [];
  page.on('request', (request) => asked.push(request.url()));
  await page.goto(`${input.url}#key=${encodeURIComponent(input.key)}`);
  const result = page.getByRole('status');

  // The key came with the address; the receipt is chosen as a file.
  await page.locator('#file').setInputFiles({
    name: 'receipt.json',
    mimeType: 'application/json',
    buffer: Buffer.from(input.receipt),
  });
  await result.getByText('Potvrzenka platí.').waitFor();
  assert.equal(await result.getByRole('listitem').count(), input.events);
  await shot(`valid-${new URL(input.url).protocol.slice(0, -1)}`);

  // One byte that was changed, in the payload of the first event.
  const changed = JSON.parse(input.receipt);
  const { payload } = changed.events[0];
  changed.events[0].payload = payload.replace(/[0-9]/, (digit) => String((Number(digit) + 1) % 10));
  assert.notEqual(changed.events[0].payload, payload);
  await page.locator('#receipt').fill(JSON.stringify(changed));
  await result.getByText('Potvrzenka neplatí.').waitFor();
  await shot(`invalid-${new URL(input.url).protocol.slice(0, -1)}`);

  // Put right again it holds, in every language, and with the witness that signed it.
  await page.locator('#receipt').fill(input.receipt);
  for (const [language, words] of [
    ['pl', 'Potwierdzenie jest ważne.'],
    ['en', 'The receipt holds.'],
  ]) {
    await page.locator('#language').selectOption(language);
    await result.getByText(words).waitFor();
  }
  await page.locator('#key').fill(input.other_key);
  await result.getByText('The receipt is not signed by this key.').waitFor();
  await page.locator('#key').fill('no key');
  await result.getByText('This is not a key.').waitFor();

  assert.deepEqual(asked.map((url) => url.split('#')[0]), [input.url]);
  return { requests: asked.length };
}
