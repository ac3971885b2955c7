import { afterAll, beforeAll, expect, test } from 'vitest';
import { contactOf } from '../../src/intake/contact.ts';
import { createContactHasher } from '../../src/intake/hash-contacts.ts';
import { everybodyTreated } from '../support/bundles.ts';
import { type House, startHouse } from '../support/house.ts';
import { customerOf, intakeOf } from './people.ts';

let house: House;
beforeAll(async () => {
  const alone = (files: Parameters<typeof everybodyTreated>[0]) =>
    everybodyTreated(files).filter((file) => file.path !== 'group.yaml');
  house = await startHouse({ files: alone, worker: false, relay: false });
});
afterAll(() => house?.stop());

const contacts = async () => {
  const rows = await house.db.db.sql`select id, email, contact from customers order by id`;
  return rows.map(({ id, email, contact }) => ({ id, email, contact }));
};

test('D-16: who was there before the workspace came into a group is known to the group afterwards, unheard of', async () => {
  const { secret } = intakeOf(house);
  await house.accept(
    ...Array.from({ length: 3 }, (_, i) => ({
      name: 'Page Viewed',
      userId: `h${i}`,
      context: { traits: { email: `h${i}@example.com` } },
    })),
    { name: 'Page Viewed', userId: 'nowhere' },
  );
  const hash = createContactHasher(intakeOf(house));
  await hash();
  expect((await contacts()).every((c) => c.contact === null)).toBe(true);
  await house.apply(everybodyTreated);
  expect(await hash()).toBe(false);
  for (const { email, contact } of await contacts())
    expect(contact).toBe(contactOf(secret, 'roastery', email));
  await house.accept({ name: 'Page Viewed', userId: 'h1' });
  const again = (await contacts()).find((c) => c.email === 'h1@example.com');
  expect(again).toMatchObject({ contact: contactOf(secret, 'roastery', 'h1@example.com') });
  expect(again?.id).toBe(await customerOf(house, 'user', 'h1'));
});

test('the hash is another with another key, group or address, and none without one of them', () => {
  const all = [
    contactOf('a', 'g', 'x@example.com'),
    contactOf('b', 'g', 'x@example.com'),
    contactOf('a', 'h', 'x@example.com'),
    contactOf('a', 'g', 'y@example.com'),
  ];
  expect(new Set(all).size).toBe(4);
  expect([contactOf(undefined, 'g', 'x'), contactOf('a', null, 'x'), contactOf('a', 'g', null)]).toEqual([
    null,
    null,
    null,
  ]);
});
