// What walks do at the counter again and again.

const PAUSE_MS = 50;

/** Signs in with a token and comes to the counter. */
export async function signIn(page, token) {
  await page.goto('/sign-in?next=/counter');
  await page.getByLabel('Token').fill(token);
  await page.getByRole('button', { name: 'Sign in' }).click();
  await page.waitForURL('**/counter');
}

/** Comes to the page of an item. */
export async function counter(page, item) {
  await page.goto('/counter');
  await page.locator('.tile', { hasText: item }).click();
  await page.getByRole('heading', { level: 1, name: item }).waitFor();
}

/** Waits for an answer in these words. */
export async function answered(page, words) {
  await page.locator('.answer').getByRole('heading', { level: 1, name: words }).waitFor();
}

/** Opens a page until it shows so many of these: what was done may be on its way to it. */
export async function shows(page, path, what, count) {
  for (;;) {
    await page.goto(path);
    if ((await page.locator(what).count()) === count) return;
    await page.waitForTimeout(PAUSE_MS);
  }
}
