import { afterAll, beforeAll, expect, test } from 'vitest';
import { findSuppressedAddresses, suppressAddress } from '../../../db/deliveries/suppressed-addresses.ts';
import { computeAddressKey } from '../../../src/app/identity/address-key.ts';
import { commitEvents } from '../../../src/app/intake/commit.ts';
import { UNSUBSCRIBED_REASON } from '../../../src/domain/suppression.ts';
import { startTestSystem, type TestSystem, WORKSPACE } from '../../support/system.ts';
import { buildEvent, createIntake } from './support.ts';

let system: TestSystem;
beforeAll(async () => {
  system = await startTestSystem({ worker: false, relay: false });
});
afterAll(() => system?.stop());

const PREVIOUS = 'the secret before this one';

/** Puts a number on the list under each secret, lets its owner write START, and counts what is left of it. */
async function countLeft(phone: string, reason: string): Promise<number> {
  const { sql } = system.db.db;
  const intake = { ...createIntake(system), previousSecret: PREVIOUS };
  const address = { workspace: WORKSPACE, channel: 'sms', address: phone };
  const keys = [intake.secret, PREVIOUS].map((secret) => computeAddressKey(secret, address));
  for (const addressKey of keys)
    await suppressAddress(sql, { workspace: WORKSPACE, channel: 'sms', addressKey, reason });
  await commitEvents(intake, [
    buildEvent({
      name: 'Consent Changed',
      phone,
      properties: { purpose: 'all', channel: 'sms', status: 'granted', stated_by: 'customer' },
    }),
  ]);
  return (await findSuppressedAddresses(sql, WORKSPACE, keys)).size;
}

test("a customer's own yes lifts their no, under the secret and the one before; other reasons stay", async () => {
  expect(await countLeft('+4915112345678', UNSUBSCRIBED_REASON)).toBe(0);
  expect(await countLeft('+4915112345679', 'complained')).toBe(2);
});
