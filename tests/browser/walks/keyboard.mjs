// A coffee is handed out and taken back with nothing but a keyboard.
import assert from 'node:assert/strict';

import { answered } from '../counter.mjs';

const MAX_STEPS = 60;

export default async function ({ page, input, look }) {
  const press = (key) => page.keyboard.press(key);
  const focused = () => page.evaluate(() => document.activeElement.outerHTML.slice(0, 200));

  // Walks on until this has the focus; wherever it stops on the way, one sees it.
  const tabTo = async (what) => {
    for (let step = 0; step < MAX_STEPS; step += 1) {
      await press('Tab');
      const here = await page.evaluate((selector) => {
        const element = document.activeElement;
        const outline = getComputedStyle(element);
        return {
          arrived: element.matches(selector),
          seen: outline.outlineStyle !== 'none' && parseFloat(outline.outlineWidth) >= 2,
        };
      }, what);
      assert.ok(here.seen, `no focus is seen on ${await focused()}`);
      if (here.arrived) return step + 1;
    }
    throw new Error(`${what} cannot be reached`);
  };

  await page.goto('/sign-in?next=/counter');
  assert.equal(await tabTo('.skip'), 1, 'the first stop leads past the navigation');
  await press('Enter');
  assert.equal(await tabTo('#token'), 1, 'and to the first field of the page');
  await page.keyboard.type(input.token);
  await press('Enter');
  await page.waitForURL('**/counter');
  await tabTo('.skip');
  await press('Enter');
  await tabTo('.tile');
  await press('Enter');
  await page.waitForURL('**/counter/items/*');
  await tabTo('button[name=count][value="1"]');
  await press('Enter');
  await answered(page, '1× Káva');
  assert.match(await focused(), /^<h1/, 'what is read first is the answer');
  await look('answer');
  assert.equal(await tabTo('main button'), 1, 'and what can be done next comes next');
  await press('Space');
  await answered(page, 'Taken back');
}
