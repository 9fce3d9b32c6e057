// Every page that people look at, in every language, on a small phone and on a large screen.
import assert from 'node:assert/strict';

const SIZES = { phone: { width: 360, height: 740 }, screen: { width: 1280, height: 900 } };
const LANGUAGES = ['cs', 'pl', 'en'];
/** The most bytes of a first view, as they are sent. */
const MAX_BYTES = 100_000;

export default async function ({ person, input, look }) {
  const weights = {};
  for (const [size, viewport] of Object.entries(SIZES)) {
    const pages = await addresses(person, input, viewport);
    for (const lang of LANGUAGES) {
      for (const [name, { page, path }] of Object.entries(pages)) {
        await page.goto(`${path}${path.includes('?') ? '&' : '?'}lang=${lang}`);
        await look(`${name}-${lang}-${size}`, page);
      }
    }
    Object.assign(weights, await weigh(person, pages, viewport));
  }
  for (const [name, bytes] of Object.entries(weights)) {
    assert.ok(bytes < MAX_BYTES, `the first view of ${name} has ${bytes} bytes`);
  }
  return { weights };
}

/** The pages with who looks at each: anybody, the staff of a venue, a donor. */
async function addresses(person, input, viewport) {
  const [anybody, staff, donor] = [await person({ viewport }), await person({ viewport }), await person({ viewport })];
  await staff.goto('/sign-in?next=/counter&lang=en');
  await staff.locator('#token').fill(input.tokens.venue);
  await staff.locator('main button').click();
  await staff.waitForURL('**/counter');
  const item = await staff.locator('.tile').first().getAttribute('href');
  await staff.goto(item);
  await staff.selectOption('#quantity', '3');
  await staff.selectOption('#place', 'slips');
  await staff.locator('#place').locator('xpath=ancestor::form').locator('button').click();
  const sheet = await staff.locator('a[href^="/sheets/"]').getAttribute('href');
  await donor.goto(input.donor_link);
  await donor.locator('main button').click();
  await donor.waitForURL('**/gifts');
  await anybody.goto('/');
  const home = new URL(anybody.url()).pathname;
  const venue = await anybody.locator('.card h3 a').first().getAttribute('href');
  return {
    home: { page: anybody, path: home },
    venue: { page: anybody, path: venue },
    coverage: { page: anybody, path: '/coverage' },
    'how-it-works': { page: anybody, path: '/how-it-works' },
    'sign-in': { page: anybody, path: '/sign-in' },
    gifts: { page: donor, path: '/gifts' },
    counter: { page: staff, path: '/counter' },
    item: { page: staff, path: item },
    sheet: { page: staff, path: sheet },
  };
}

/** The bytes of each public page for somebody who was never there. */
async function weigh(person, pages, viewport) {
  const weights = {};
  for (const name of ['home', 'venue', 'coverage', 'sign-in']) {
    const page = await person({ viewport });
    const sizes = [];
    page.on('requestfinished', (request) => sizes.push(request.sizes()));
    await page.goto(pages[name].path, { waitUntil: 'networkidle' });
    const all = await Promise.all(sizes);
    weights[name] = all.reduce((sum, it) => sum + it.responseBodySize + it.responseHeadersSize, 0);
    await page.context().close();
  }
  return weights;
}
