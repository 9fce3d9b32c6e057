// Proves that a browser is really driven: a link is followed and a form is sent.
import assert from 'node:assert/strict';

export default async function ({ page, input, shot }) {
  await page.goto(input.url);
  assert.equal(await page.title(), 'Suspended coffee');
  await page.getByRole('button', { name: 'Leave one' }).click();
  await page.waitForURL('**/thanks?cups=2');
  await shot('thanks');
  return { heading: await page.getByRole('heading').textContent() };
}
