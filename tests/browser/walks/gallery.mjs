// Every page in every language, on a phone and on a screen: each fits its window and keeps nobody out.
// The pictures are for people to look at.
import assert from 'node:assert/strict';

const LANGUAGES = ['cs', 'pl', 'en'];
const SIZES = { phone: { width: 360, height: 740 }, screen: { width: 1280, height: 900 } };

// A page that is not there is a page too; the browser still notes its status.
export const expected = /status of 404/;

export default async function ({ person, input, look }) {
  let pages = 0;
  for (const [size, viewport] of Object.entries(SIZES)) {
    for (const language of LANGUAGES) {
      const show = async (of, what) => {
        assert.equal(await of.getAttribute('html', 'lang'), language, what);
        // Nobody may take what is made up for true.
        assert.ok(await of.locator('aside.demo').isVisible(), `${what} does not say what is real`);
        const [maps, drawn] = [of.locator('.map'), of.locator('.map > .small')];
        assert.equal(await drawn.count(), await maps.count(), `${what}: a map is labelled schematic`);
        await look(`${what}-${language}-${size}`, of);
        pages += 1;
      };
      const stranger = await person({ viewport });
      await stranger.goto(`/?lang=${language}`);
      await open(stranger, input, show);
      for (const [role, walk] of [
        ['venue', counter],
        ['auditor', audit],
        ['member', held],
      ]) {
        const page = await person({ viewport });
        await page.goto(`/sign-in?lang=${language}`);
        await page.locator('main input[name=token]').fill(input.tokens[role]);
        await page.locator('main form button').click();
        await page.waitForURL((url) => url.pathname !== '/sign-in');
        await walk(page, show);
        await page.context().close();
      }
      await donor(stranger, input, show);
      await stranger.context().close();
    }
  }
  return { pages };
}

async function open(page, input, show) {
  // The list comes first: on a phone the first place can be seen without going past a map.
  await show(page, 'places');
  const above = async (what) => (await page.locator(what).first().boundingBox()).y;
  const { width, height } = page.viewportSize();
  if (width < 900) {
    assert.ok((await above('.card')) < height, 'the first place is on the first screen');
    assert.ok((await above('.card')) < (await above('#map')), 'the list stands before the map');
  }
  await page.goto('/?open=1&q=nowhere');
  await show(page, 'places-none');
  await page.goto('/');
  await page.locator('.card h3 a').first().click();
  await page.waitForURL('**/venues/*');
  await show(page, 'venue');
  for (const [what, path] of [
    ['coverage', '/coverage'],
    ['how-it-works', '/how-it-works'],
    ['sign-in', '/sign-in'],
    ['docs', '/docs'],
    ['not-there', '/nowhere/at/all'],
  ]) {
    await page.goto(path);
    await show(page, what);
  }
}

async function counter(page, show) {
  await page.goto('/counter');
  await show(page, 'counter');
  await page.locator('.tile').first().click();
  await page.locator('.taps').waitFor();
  await show(page, 'counter-item');
}

async function audit(page, show) {
  await page.goto('/audit');
  await show(page, 'audit');
  await page.locator('main a[href*="/audit/events/"]').first().click();
  await page.waitForURL('**/audit/events/*');
  await show(page, 'audit-event');
}

async function held(page, show) {
  await page.goto('/held');
  await show(page, 'held');
  await page.goto('/held/erase');
  await show(page, 'held-erase');
}

async function donor(page, input, show) {
  await page.goto(input.donor_link);
  await show(page, 'link');
  await page.locator('main form button').first().click();
  await page.waitForURL('**/gifts');
  await show(page, 'gifts');
}
