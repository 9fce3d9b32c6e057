// The connection is lost: what was tapped is kept, said to be not yet recorded, and recorded once.
import { answered, counter, signIn } from '../counter.mjs';

export const expected = /net::ERR_/;

const NOT_YET = 'Not yet recorded';

export default async function ({ page, context, input, look }) {
  const one = () => page.getByRole('button', { name: '1', exact: true }).click();
  const notYet = () => page.getByRole('alert').getByText(NOT_YET).waitFor();
  await signIn(page, input.token);

  // There is none at all.
  await counter(page, input.item);
  await context.setOffline(true);
  await one();
  await notYet();
  await look('not-yet');
  await context.setOffline(false);
  await answered(page, '1× Káva');
  await look('recorded');

  // It breaks after the act was recorded: the answer never arrives.
  await counter(page, input.item);
  let sent = 0;
  const lost = async (route) => {
    sent += 1;
    await route.fetch();
    await route.abort('connectionreset');
  };
  await page.route('**/counter/redeem', lost);
  await one();
  await notYet();
  await page.unroute('**/counter/redeem', lost);
  await answered(page, '1× Káva');

  // The page is loaded anew meanwhile.
  await counter(page, input.item);
  const refused = (route) => route.abort('internetdisconnected');
  await page.route('**/counter/redeem', refused);
  await one();
  await notYet();
  await page.reload();
  await notYet();
  await page.unroute('**/counter/redeem', refused);
  await answered(page, '1× Káva');

  // Nothing is left over to be sent.
  await page.goto('/counter');
  await page.getByRole('button', { name: 'Look at it' }).isEnabled();
  return { sent };
}
