// Takes one walk through pages as a person would, in Chromium: node walk.mjs NAME < input.json
//
// A walk is walks/NAME.mjs. Its default export gets { page, context, person, input, shot, look, scan }, throws
// when something is not as it should be, and returns what the calling test wants to know. It may export
// `options` for the browser's context, for example { javaScriptEnabled: false }, and `expected`, a
// pattern of what the browser writes to the console when the walk does what it should.
// `input.url` is the origin under test: a request to any other origin fails the walk, and so does
// whatever a page writes as an error to the console. `input.browser` are options too, and `input.as`
// is the name under which pictures are kept.
import assert from 'node:assert/strict';
import { mkdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { json } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import jsQR from 'jsqr';
import { chromium } from 'playwright-core';
import { PNG } from 'pngjs';

const WALK_TIMEOUT_MS = 300_000;
const STEP_TIMEOUT_MS = 30_000;

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
  const strangers = [];
  const complaints = [];
  const options = {
    viewport: { width: 390, height: 844 },
    locale: 'cs-CZ',
    timezoneId: 'Europe/Prague',
    baseURL: input.url,
    ...walk.options,
    ...input.browser,
  };

  // Somebody with a browser of their own: what one of them does, another cannot see.
  const person = async (more = {}) => {
    const context = await browser.newContext({ ...options, ...more });
    context.setDefaultTimeout(STEP_TIMEOUT_MS);
    await context.route(
      (url) => url.origin !== origin && !['data:', 'blob:'].includes(url.protocol),
      (route) => {
        strangers.push(route.request().url());
        return route.abort();
      },
    );
    context.on('console', (message) => {
      // The favicon is asked for by the browser, not by the page.
      const asked = message.location().url.endsWith('/favicon.ico');
      if (message.type() === 'error' && !asked && !walk.expected?.test(message.text())) {
        complaints.push(`${message.location().url}: ${message.text()}`);
      }
    });
    const page = await context.newPage();
    page.on('pageerror', (error) => complaints.push(String(error)));
    return page;
  };

  // A picture of the whole page, for people to look at.
  const shot = async (what, of = page) => {
    const folder = join(input.screenshots, input.as ?? name);
    await mkdir(folder, { recursive: true });
    await of.screenshot({ path: join(folder, `${what}.png`), fullPage: true });
  };

  // The same, of a page that fits its window and that everybody can use: names, order, contrast.
  const look = async (what, of = page) => {
    await shot(what, of);
    const wide = await of.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
    assert.ok(wide <= 0, `${what} is ${wide} pixels wider than the window`);
    if (options.javaScriptEnabled !== false) {
      assert.deepEqual(await barriers(of), [], `${what} keeps somebody out`);
    }
  };

  // What a phone's camera reads off the page.
  const scan = async (picture) => {
    const { data, width, height } = PNG.sync.read(await picture.screenshot());
    return jsQR(new Uint8ClampedArray(data), width, height)?.data;
  };

  const page = await person();
  const found = await walk.default({ page, context: page.context(), person, input, shot, look, scan });
  assert.deepEqual(strangers, [], 'no page may ask another host for anything');
  assert.deepEqual(complaints, [], 'no page may complain on the console');
  console.log(JSON.stringify(found ?? null));
} finally {
  await browser.close();
}

// What axe-core finds on the page, a line for each.
async function barriers(page) {
  await page.evaluate(await readFile(fileURLToPath(import.meta.resolve('axe-core/axe.min.js')), 'utf8'));
  const { violations } = await page.evaluate(() => window.axe.run(document, { resultTypes: ['violations'] }));
  return violations.map(({ id, help, nodes }) => `${id}: ${help}: ${nodes.map((node) => node.html).join(' ')}`);
}
