import { afterAll, beforeAll, expect, test } from 'vitest';
import { decodeRecord } from '../../../db/decisions/record/decision-record.ts';
import type { ProgressAnswer } from '../../../src/domain/protocol.ts';
import { DAY, MINUTE } from '../../../src/domain/time/time.ts';
import { createActivityCalls, fakeChannel } from '../../support/activity-calls.ts';
import { type BundleFile, treatEveryCustomer } from '../../support/bundles.ts';
import { startTestSystem, type TestSystem } from '../../support/system.ts';

/** How much a decision among ten candidates takes. */
const TIPS = ['foam', 'latte-art', 'water', 'storage', 'cleaning', 'recipes', 'beans'];

/** The example shop with ten tips. */
function withTenTips(files: BundleFile[]): BundleFile[] {
  const mail = files.find(({ path }) => path === 'content/tip-milk/email.en.liquid')?.text ?? '';
  const more = TIPS.map(
    (id, n) => `
- id: tip-${id}
  class: marketing
  topic: tips
  tags: [tips]
  priority: ${9 - n}
  limit: { max: 1, every: 60d }
  value: 0.4
  reward: { on: Tip Read, when: event.properties.tip == 'tip-${id}', within: 7d }
`,
  );
  return [
    ...treatEveryCustomer(files).map((file) =>
      file.path === 'actions/tips.yaml' ? { ...file, text: file.text + more.join('') } : file,
    ),
    ...TIPS.map((id) => ({ path: `content/tip-${id}/email.en.liquid`, text: mail })),
  ];
}

let system: TestSystem;
beforeAll(async () => {
  system = await startTestSystem({ files: withTenTips, worker: false, relay: false });
});
afterAll(() => system?.stop());

/** A customer with an address, consent, two orders and a view, who has got a confirmation and a first tip. */
async function buyer(userId: string, consent: boolean): Promise<string> {
  const order = (id: string, total: number, product: string) => ({
    name: 'Order Completed',
    userId,
    properties: { order_id: id, total, currency: 'EUR', products: [{ product_id: product, price: total }] },
  });
  await system.accept(
    {
      ...order(`${userId}-1`, 412, 'espresso-machine'),
      context: {
        traits: { email: `${userId}@example.com`, firstName: 'Helen', city: 'Berlin' },
        ...(consent ? { consent: { categoryPreferences: { marketing: true } } } : {}),
      },
    },
    order(`${userId}-2`, 24.9, 'beans-1kg'),
    { name: 'Product Viewed', userId, properties: { product_id: 'grinder-3' } },
  );
  return system.findCustomerId(userId);
}

interface Size {
  outcome: string;
  candidates: number;
  arbitrated: boolean;
  /** The tuple with its header and its pointer on the page. */
  row: number;
  /** Its entries in the indexes. */
  entries: number;
}

/** Measures the newest decision about a customer, as PostgreSQL lays it out ("Database Page Layout"). */
async function measureNewest(customer: string): Promise<Size> {
  const pointer = 4;
  const entryHeader = 8;
  const align = (bytes: number) => Math.ceil(bytes / 8) * 8;
  const [row] = await system.db.db.sql`
    select pg_column_size(d.*) as tuple, pg_column_size(id) as id, pg_column_size(customer_id) as customer,
      pg_column_size(workspace) as workspace, policies is not null as arbitrated, outcome, record
    from decisions d where customer_id = ${customer} order by ordinal desc limit 1`;
  const entry = (...keys: number[]) =>
    pointer + entryHeader + keys.map(align).reduce((sum, bytes) => sum + bytes, 0);
  const primary = entry(row?.id);
  const byCustomer = entry(row?.customer, 8);
  const byPolicy = row?.arbitrated ? entry(row.workspace, 8) : 0;
  return {
    outcome: row?.outcome,
    candidates: decodeRecord(row?.record, 'candidates').candidates.length,
    arbitrated: row?.arbitrated,
    row: pointer + align(row?.tuple),
    entries: primary + byCustomer + byPolicy,
  };
}

/** The order is confirmed first; two days later the tips are due. */
async function decideOnTips(userId: string, consent: boolean): Promise<Size> {
  const customer = await buyer(userId, consent);
  const channel = fakeChannel(() => ({ state: 'sent', providerId: '' }));
  const calls = createActivityCalls(system, channel);
  const { effects } = (await calls.decide(customer, null)) as ProgressAnswer;
  for (const { id } of effects) await calls.deliver(customer, id);
  await calls.decide(customer, 2, Date.now() + 2 * DAY + MINUTE);
  return measureNewest(customer);
}

const MOST = 1_536;

test('a decision that blocks ten candidates takes at most 1.5 KB, with its entries in all indexes', async () => {
  const { row, entries, ...rest } = await decideOnTips('blocked', false);
  expect(rest).toEqual({ outcome: 'held', candidates: 10, arbitrated: false });
  expect(row + entries).toBeLessThanOrEqual(MOST);
});

test('a decision that lets ten candidates compete and sends one has a row of at most 1.5 KB', async () => {
  const { row, entries, ...rest } = await decideOnTips('chosen', true);
  expect(rest).toEqual({ outcome: 'acted', candidates: 10, arbitrated: true });
  expect(row).toBeLessThanOrEqual(MOST);
});
