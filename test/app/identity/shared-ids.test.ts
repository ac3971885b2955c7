import { afterAll, beforeAll, expect, test } from 'vitest';
import { PLAUSIBLE_IDS, PLAUSIBLE_USERS } from '../../../src/app/identity/note-shared-ids.ts';
import { startTestSystem, type TestSystem } from '../../support/system.ts';
import { readCustomerId } from '../intake/support.ts';

let system: TestSystem;
beforeAll(async () => {
  system = await startTestSystem({ worker: false, relay: false });
});
afterAll(() => system?.stop());

const identify = (userId: string, anonymousId: string) =>
  system.accept({ type: 'identify', name: 'Customer Identified', userId, anonymousId });

/** The notes of the customer's log. */
async function notesOf(userId: string) {
  const rows = await system.db.db.sql<{ notes: unknown }[]>`
    select notes from events where customer_id = ${await readCustomerId(system, 'user', userId)} and notes is not null
    order by seq`;
  return rows.map((row) => row.notes);
}

test('a user id with more than 100 other ids: the same customer, a note at each further id', async () => {
  for (let n = 1; n <= PLAUSIBLE_IDS; n++) await identify('gatherer', `device-${n}`);
  expect(await notesOf('gatherer')).toEqual([]);
  await identify('gatherer', 'device-101');
  await identify('gatherer', 'device-101');
  await identify('gatherer', 'device-102');
  const note = { code: 'shared_id', field: 'userId', value: 'gatherer' };
  expect(await notesOf('gatherer')).toEqual([[note], [note]]);
});

test('a device with which more than 20 other users identify: each their own customer, a note at each', async () => {
  const note = { code: 'shared_id', field: 'anonymousId', value: 'kiosk' };
  for (let n = 0; n <= PLAUSIBLE_USERS; n++) {
    await identify(`user-${n}`, 'kiosk');
    await identify(`user-${n}`, 'kiosk');
    expect(await notesOf(`user-${n}`)).toEqual([]);
  }
  await identify('user-21', 'kiosk');
  expect(await notesOf('user-21')).toEqual([[note]]);
  expect(await readCustomerId(system, 'user', 'user-21')).not.toBe(
    await readCustomerId(system, 'user', 'user-1'),
  );
});
