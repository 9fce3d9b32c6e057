// Takes one walk through pages as a person would, in Chromium: node walk.mjs NAME < input.json
//
// A walk is walks/NAME.mjs. Its default export gets { page, context, input, shot }, throws when
// something is not as it should be, and returns what the calling test wants to know. It may export
// `options` for the browser's context, for example { javaScriptEnabled: false }.
// `input.url` is the origin under test: a request to any other origin fails the walk, and so does
// whatever the page writes as an error to the console.
import assert from 'node:assert/strict';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { json } from 'node:stream/consumers';
import { chromium } from 'playwright-core';

const WALK_TIMEOUT_MS = 120_000;
const STEP_TIMEOUT_MS = 15_000;

const name = process.argv[2];
const input = await json(process.stdin);
const walk = await import(`./walks/${name}.mjs`);
const origin = new URL(input.url).origin;

setTimeout(() => {
  console.error(`the walk ${name} took longer than ${WALK_TIMEOUT_MS} ms`);
  process.exit(1);
}, WALK_TIMEOUT_MS).unref();

const browser = await chromium.launch({
  executablePath: process.env.SOSPESO_CHROMIUM,
  headless: true,
  args: [
    '--no-sandbox',
    '--disable-gpu',
    '--disable-quic',
    '--no-first-run',
    '--disable-background-networking',
    '--disable-component-update',
    '--disable-sync',
  ],
});
try {
  const context = await browser.newContext({
    viewport: { width: 390, height: 844 },
    locale: 'cs-CZ',
    timezoneId: 'Europe/Prague',
    ...walk.options,
  });
  context.setDefaultTimeout(STEP_TIMEOUT_MS);
  const strangers = [];
  await context.route(
    (url) => url.origin !== origin && !['data:', 'blob:'].includes(url.protocol),
    (route) => {
      strangers.push(route.request().url());
      return route.abort();
    },
  );
  const complaints = [];
  context.on('console', (message) => {
    // The favicon is asked for by the browser, not by the page.
    if (message.type() === 'error' && !message.location().url.endsWith('/favicon.ico')) {
      complaints.push(`${message.location().url}: ${message.text()}`);
    }
  });
  const page = await context.newPage();
  page.on('pageerror', (error) => complaints.push(String(error)));

  // A picture of the whole page, for people to look at.
  const shot = async (what) => {
    const folder = join(input.screenshots, name);
    await mkdir(folder, { recursive: true });
    await page.screenshot({ path: join(folder, `${what}.png`), fullPage: true });
  };

  const found = await walk.default({ page, context, input, shot });
  assert.deepEqual(strangers, [], 'no page may ask another host for anything');
  assert.deepEqual(complaints, [], 'no page may complain on the console');
  console.log(JSON.stringify(found ?? null));
} finally {
  await browser.close();
}
