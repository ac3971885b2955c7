import { afterAll, beforeAll, expect, test } from 'vitest';
import { createPersonKeyBackfill } from '../../../src/app/identity/backfill-person-keys.ts';
import { computePersonKey } from '../../../src/app/identity/person-key.ts';
import { treatEveryCustomer } from '../../support/bundles.ts';
import { startTestSystem, type TestSystem } from '../../support/system.ts';
import { createIntake, readCustomerId } from '../intake/support.ts';

let system: TestSystem;
beforeAll(async () => {
  const alone = (files: Parameters<typeof treatEveryCustomer>[0]) =>
    treatEveryCustomer(files).filter((file) => file.path !== 'group.yaml');
  system = await startTestSystem({ files: alone, worker: false, relay: false });
});
afterAll(() => system?.stop());

const contacts = async () => {
  const rows = await system.db.db.sql`select id, email, person_key from customers order by id`;
  return rows.map(({ id, email, person_key }) => ({ id, email, personKey: person_key }));
};

test('D-16: the backfill gives customers from before the workspace joined a group their person keys', async () => {
  const { secret } = createIntake(system);
  await system.accept(
    ...Array.from({ length: 3 }, (_, i) => ({
      name: 'Page Viewed',
      userId: `h${i}`,
      context: { traits: { email: `h${i}@example.com` } },
    })),
    { name: 'Page Viewed', userId: 'nowhere' },
  );
  const hash = createPersonKeyBackfill(createIntake(system));
  await hash();
  expect((await contacts()).every((c) => c.personKey === null)).toBe(true);
  await system.applyExample(treatEveryCustomer);
  expect(await hash()).toBe(false);
  for (const { email, personKey } of await contacts())
    expect(personKey).toBe(computePersonKey(secret, 'roastery', email));
  await system.accept({ name: 'Page Viewed', userId: 'h1' });
  const again = (await contacts()).find((c) => c.email === 'h1@example.com');
  expect(again).toMatchObject({ personKey: computePersonKey(secret, 'roastery', 'h1@example.com') });
  expect(again?.id).toBe(await readCustomerId(system, 'user', 'h1'));
});

test('the person key differs by secret, group and address, and is null without one of them', () => {
  const all = [
    computePersonKey('a', 'g', 'x@example.com'),
    computePersonKey('b', 'g', 'x@example.com'),
    computePersonKey('a', 'h', 'x@example.com'),
    computePersonKey('a', 'g', 'y@example.com'),
  ];
  expect(new Set(all).size).toBe(4);
  expect([
    computePersonKey(undefined, 'g', 'x'),
    computePersonKey('a', null, 'x'),
    computePersonKey('a', 'g', null),
  ]).toEqual([null, null, null]);
});
