// Opens a page and waits until it has asked for all that it wants.
export default async function ({ page, input }) {
  await page.goto(input.url, { waitUntil: 'networkidle' });
}
