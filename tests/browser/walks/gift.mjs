// Coffees are paid for at the till, handed over as slips or left on the board, used at the counter,
// and their donor sees what became of them. Every step works with a script and without.
import assert from 'node:assert/strict';

import { answered, counter, shows, signIn } from '../counter.mjs';

// A refusal is a page too; the browser still notes its status.
export const expected = /status of 409/;

export default async function ({ page, person, input, look, scan }) {
  await signIn(page, input.token);
  await look('counter');
  const slips = await prepaySlips(page, input, look, scan);
  const donor = await person();
  await donor.goto(slips.link);
  await look('link', donor);
  await donor.getByRole('button').first().click();
  await donor.waitForURL('**/gifts');
  await shows(donor, '/gifts', '.tag.wait', 2);
  await look('donor-waiting', donor);

  await useTheCode(page, slips.codes[0], look);
  await shows(donor, '/gifts', '.tag.good', 1);
  await look('donor-used', donor);

  await offTheBoard(page, input, look);
  await noneLeft(page, input, look);
  await besides(page, input, look);
  await closed(page, input, person, look);
  return { codes: slips.codes };
}

async function prepaySlips(page, input, look, scan) {
  await counter(page, input.item);
  await look('item');
  await page.selectOption('#quantity', '2');
  await page.selectOption('#place', 'slips');
  await page.getByLabel('The giver wants a private link').check();
  await page.getByRole('button', { name: 'It is paid' }).click();
  await answered(page, '2× Káva');
  await look('slips');
  const codes = await page.locator('.slip .code span:first-child').allTextContents();
  const link = (await page.locator('[data-link]').textContent()).trim();
  assert.equal(codes.length, 2);
  await page.getByRole('link', { name: 'Print the slips' }).click();
  await page.waitForURL('**/sheets/*');
  assert.deepEqual(await page.locator('.slip .code span:first-child').allTextContents(), codes);
  await look('sheet');
  // What stands in the picture leads whoever scans it to the voucher.
  const read = new URL(await scan(page.locator('.slip svg').first()));
  assert.equal(read.hash, `#${codes[0]}`);
  await page.goto(read.pathname + read.search + read.hash);
  await page.locator('h1').waitFor();
  await look('scanned');
  return { codes, link };
}

// As it is read aloud: small letters, nothing between them.
async function useTheCode(page, code, look) {
  await type(page, code.toLowerCase().replaceAll('-', ' '));
  await answered(page, 'Káva');
  await page.getByText('Nothing is spent yet').waitFor();
  await look('code-good');
  await page.getByRole('button', { name: 'Use it now' }).click();
  await page.getByText('Hand it out').waitFor();
  await look('code-used');
  await page.getByRole('button', { name: 'A mistake: take it back' }).click();
  await answered(page, 'Taken back');
  await type(page, code);
  await page.getByRole('button', { name: 'Use it now' }).click();
  await page.getByText('Hand it out').waitFor();

  await type(page, code);
  await page.getByText('This slip has been used already.').waitFor();
  await look('code-used-before');
  const loud = await page.locator('.answer').evaluate((answer) => ({
    size: parseFloat(getComputedStyle(answer.querySelector('h1')).fontSize),
    colour: getComputedStyle(answer).color,
  }));
  assert.ok(loud.size <= 20, `said in letters of ${loud.size} pixels`);
  assert.equal(loud.colour, 'rgb(28, 24, 20)', 'said in the colour of any other text');
  await page.getByRole('button', { name: 'Give it anyway' }).click();
  await answered(page, 'Recorded as your own gift');
  await look('given');
}

async function type(page, code) {
  await page.goto('/counter');
  await page.getByLabel('The code on the slip').fill(code);
  await page.getByRole('button', { name: 'Look at it' }).click();
}

// Two taps: what, and how many.
async function offTheBoard(page, input, look) {
  await counter(page, input.item);
  await page.selectOption('#quantity', '3');
  await page.getByRole('button', { name: 'It is paid' }).click();
  await answered(page, '3× Káva');
  await shows(page, '/counter', '.tile:has-text("3 wait")', 1);
  await page.locator('.tile', { hasText: input.item }).click();
  await page.getByRole('button', { name: '2', exact: true }).click();
  await answered(page, '2× Káva');
  await look('two-taps');
}

async function noneLeft(page, input, look) {
  await counter(page, input.item);
  await page.getByRole('button', { name: '4', exact: true }).click();
  await answered(page, 'Only one left');
  await look('one-left');
  await page.getByRole('button', { name: 'Hand out the one' }).click();
  await answered(page, '1× Káva');
  await counter(page, input.item);
  await page.getByRole('button', { name: '1', exact: true }).click();
  await answered(page, 'None left on the board');
  await look('none-left');
  await page.getByLabel('Come back at').fill('16:00');
  await page.getByRole('button', { name: 'None left: count it' }).click();
  await answered(page, 'Counted');
  await page.getByText('16:00').waitFor();
  await look('come-back');
}

async function besides(page, input, look) {
  await page.goto('/counter');
  await page.getByRole('button', { name: `${input.service}: +1`, exact: true }).click();
  await answered(page, 'One more');
  await look('one-more');
  await page.goto('/counter');
  await page.getByRole('button', { name: 'Yes: hours' }).click();
  await answered(page, 'Thank you, confirmed');
}

async function closed(page, input, person, look) {
  await page.goto('/counter');
  await page.getByLabel('Closed until').fill('2199-01-02T10:30');
  await page.getByRole('button', { name: 'Announce it' }).click();
  await answered(page, /^Closed until/);
  await look('closed');
  const passer = await person();
  await shows(passer, input.venue, '.big .tag.bad', 1);
  await look('venue-closed', passer);
}
