import request from 'supertest';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createLinkToken } from '../../../src/content/link-token.ts';
import type { BundleFile } from '../../support/bundles.ts';
import { treatEveryCustomer } from '../../support/bundles.ts';
import { SECRET, startApi, type TestApi } from '../support/harness.ts';

const CATALOGUE = `
title: { en: "More from Aroma", de: Mehr von Aroma }
coupon: { link: "https://shop.example/discount/{code}?redirect={path}" }
limit: 4
products:
  - { id: beans, name: House beans, url: "https://shop.example/p/beans", price: 12.5, categories: [coffee] }
  - { id: cup, name: "A <b>cup</b>", url: "https://shop.example/p/cup", image: "https://img.example/cup.jpg" }
  - { id: grinder, name: Grinder, url: "https://shop.example/p/grinder?v=1", categories: [machines] }
  - { id: machine, name: Machine, url: "https://shop.example/p/machine", categories: [machines] }
  - { id: descaler, name: Descaler, url: "https://shop.example/p/descaler" }
`;

let api: TestApi;
beforeAll(async () => {
  api = await startApi({}, (files: BundleFile[]) => [
    ...treatEveryCustomer(files).filter(({ path }) => path !== 'catalogue.yaml'),
    { path: 'catalogue.yaml', text: CATALOGUE },
  ]);
});
afterAll(() => api.stop());

/** A customer to whom we have made good for a fault: with a message that carries a coupon. */
async function makeGood(userId: string): Promise<{ customerId: string; deliveryId: string; code: string }> {
  const ticket = { ticket_id: `T-${userId}`, subject: 'It came broken', order_id: `o-${userId}` };
  await api.batch({ type: 'identify', userId, traits: { email: `${userId}@example.com` } });
  await api.track(userId, 'Ticket Opened', ticket);
  await api.decide();
  await api.track(userId, 'Ticket Closed', { ...ticket, fault: 'ours' });
  await api.decide();
  const customerId = await api.customerOf(userId);
  const [row] = await api.db.sql`
    select d.id, k.code from deliveries d join coupons k on k.id = d.coupon_id
    where d.customer_id = ${customerId} and d.channel = 'email'`;
  if (!row) throw new Error('no coupon was issued');
  return { customerId, deliveryId: row.id, code: row.code };
}

const address = (userId: string) => `${userId}@example.com`;
const linkOf = (id: string, to: string | null, expiresAt = Date.now() + 60_000) =>
  `/catalogue/${createLinkToken('catalogue', { id, expiresAt, address: to }, SECRET)}`;
const open = (path: string) =>
  request(api.app).get(path).set('User-Agent', 'Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Firefox/140.0');
const namesOf = (page: string) => [...page.matchAll(/class="name">([^<]*)</g)].map(([, name]) => name);

const readVisits = (customerId: string) =>
  api.db.sql`
    select body -> 'properties' as properties from events
    where customer_id = ${customerId} and name = 'Catalogue Viewed' order by seq`;

describe('D-10 the catalogue behind a message', () => {
  it('is chosen by what the customer browsed, and its links apply the coupon', async () => {
    const { customerId, deliveryId, code } = await makeGood('ada');
    await api.track('ada', 'Product Viewed', { product_id: 'grinder', category: 'machines' });
    const reply = await open(linkOf(deliveryId, address('ada')));
    expect(reply.status).toBe(200);
    expect(namesOf(reply.text)).toEqual([
      'Grinder',
      'Machine',
      'House beans',
      'A &#60;b&#62;cup&#60;/b&#62;',
    ]);
    expect(reply.text).toContain('<h1>More from Aroma</h1>');
    expect(reply.text).toContain(`<strong>${code}</strong>`);
    expect(reply.text).toContain(
      `https://shop.example/discount/${code}?redirect=%2Fp%2Fgrinder%3Fv%3D1`.replaceAll('&', '&#38;'),
    );
    expect(reply.text).toContain('A &#60;b&#62;cup&#60;/b&#62;');
    expect(reply.headers).toMatchObject({
      'cache-control': 'no-store',
      'referrer-policy': 'no-referrer',
      'content-security-policy': expect.stringMatching(
        /^default-src 'none'; style-src 'sha256-[^']+'; img-src https:\/\/img\.example data:; form-action 'self'/,
      ),
    });
    const visits = await readVisits(customerId);
    expect(visits.map(({ properties }) => properties)).toEqual([
      {
        delivery_id: deliveryId,
        action: 'coupon-20',
        personalised: true,
        products: ['grinder', 'machine', 'beans', 'cup'],
        coupon: 'usable',
      },
    ]);
    await open(linkOf(deliveryId, address('ada')));
    expect(await readVisits(customerId)).toHaveLength(1);
  });

  it('is not visited by a scanner, nor by a browser that fetches it ahead', async () => {
    const { customerId, deliveryId } = await makeGood('bot');
    const link = linkOf(deliveryId, address('bot'));
    await open(link).set('User-Agent', 'Barracuda Sentinel (EE)');
    await open(link).set('Sec-Purpose', 'prefetch;prerender');
    await open(link).set('X-Purpose', 'preview');
    expect(await readVisits(customerId)).toHaveLength(0);
  });

  it('closes the loop: an order with the code redeems the coupon, and the page says so', async () => {
    const { customerId, deliveryId, code } = await makeGood('bea');
    await api.track('bea', 'Order Completed', { order_id: 'o-2', total: 80, discount: 20, coupon: code });
    await api.decide();
    const [coupon] = await api.db.sql`select state, order_id from coupons where customer_id = ${customerId}`;
    expect(coupon).toMatchObject({ state: 'redeemed', order_id: 'o-2' });
    const [redeemed] = await api.db.sql`
      select body -> 'properties' as properties from events
      where customer_id = ${customerId} and name = 'Coupon Redeemed'`;
    expect(redeemed?.properties).toMatchObject({ action: 'coupon-20', order_id: 'o-2' });
    const { text } = await open(linkOf(deliveryId, address('bea')));
    expect(text).toContain(`Your coupon ${code} has been used.`);
    expect(text).not.toContain('/discount/');
  });

  it('an expired and a revoked coupon are not applied', async () => {
    const expired = await makeGood('eve');
    await api.db.sql`update coupons set expires_at = 1 where customer_id = ${expired.customerId}`;
    const late = (await open(linkOf(expired.deliveryId, address('eve')))).text;
    expect(late).toContain(`Your coupon ${expired.code} was valid until`);
    const revoked = await makeGood('rea');
    await api.post(`/v1/coupons/${revoked.code}/revoke`, { reason: 'fraud', actor: 'kim' });
    const gone = (await open(linkOf(revoked.deliveryId, address('rea')))).text;
    expect(gone).toContain(`Your coupon ${revoked.code} is not valid any more.`);
    expect(late + gone).not.toContain('/discount/');
  });

  it.each([0, 1])('D-2 is not personal on level %d of personalisation', async (level) => {
    const userId = `level-${level}`;
    const { customerId, deliveryId } = await makeGood(userId);
    await api.track(userId, 'Product Viewed', { product_id: 'grinder', category: 'machines' });
    const by = { reason: 'r', actor: 'kim', wait: false };
    await api.put(`/v1/customers/${customerId}/preferences`, { personalisation: level, ...by });
    const { text } = await open(linkOf(deliveryId, address(userId)));
    expect(namesOf(text)).toEqual(['House beans', 'A &#60;b&#62;cup&#60;/b&#62;', 'Grinder', 'Machine']);
    expect(text).not.toContain('You looked at this');
    expect((await readVisits(customerId))[0]?.properties).toMatchObject({ personalised: false });
  });

  it('C-2 is not personal after profiling was refused', async () => {
    const { deliveryId } = await makeGood('cay');
    await api.track('cay', 'Product Viewed', { product_id: 'grinder' });
    await api.track('cay', 'Consent Changed', { purpose: 'profiling', status: 'withdrawn' });
    const { text } = await open(linkOf(deliveryId, address('cay')));
    expect(namesOf(text)[0]).toBe('House beans');
  });

  it('shows nothing personal and no coupon behind a link that is old, or sent to an address of somebody else', async () => {
    const { customerId, deliveryId, code } = await makeGood('old');
    await api.track('old', 'Product Viewed', { product_id: 'grinder' });
    for (const link of [
      linkOf(deliveryId, address('old'), Date.now() - 1),
      linkOf(deliveryId, 'other@example.com'),
    ]) {
      const { status, text } = await open(link);
      expect([status, namesOf(text)[0]]).toEqual([200, 'House beans']);
      expect(text).not.toContain(code);
    }
    expect(await readVisits(customerId)).toHaveLength(0);
    expect((await open('/catalogue/made-up')).status).toBe(404);
    const preferences = createLinkToken(
      'preferences',
      { id: deliveryId, expiresAt: Date.now() + 9_999 },
      SECRET,
    );
    expect((await open(`/catalogue/${preferences}`)).status).toBe(404);
    await api.post(`/v1/customers/${customerId}/erase`, { reason: 'r', actor: 'kim', wait: false });
    expect((await open(linkOf(deliveryId, address('old')))).status).toBe(410);
  });

  it('speaks the language of the customer', async () => {
    const { deliveryId } = await makeGood('uwe');
    await api.batch({ type: 'identify', userId: 'uwe', traits: { locale: 'de-AT' } });
    const { text } = await open(linkOf(deliveryId, address('uwe')));
    expect(text).toContain('lang="de"');
    expect(text).toContain('<h1>Mehr von Aroma</h1>');
    expect(text).toMatch(/12,50/);
  });
});

it('no sender can state a visit', async () => {
  await api.batch({ type: 'identify', userId: 'forger' });
  await api.track('forger', 'Catalogue Viewed', { action: 'coupon-20' });
  expect(await readVisits(await api.customerOf('forger'))).toHaveLength(0);
});
