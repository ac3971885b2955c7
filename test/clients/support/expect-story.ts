import { expect } from 'vitest';
import { CALL_NAMES } from '../../../src/domain/event.ts';
import { WORKSPACE } from '../../api/support/harness.ts';
import type { ClientService } from './service.ts';
import type { Call, Story } from './story.ts';
import { waitForClient } from './wait.ts';

const CLOCK_TOLERANCE_MS = 60_000;

interface LogRow {
  name: string;
  at: Date | number;
  messageId: string;
  body: { properties: Record<string, unknown>; traits: object; context: { traits?: object } };
}

/** What a library cannot pass on, because its own interface has no place for it. */
export interface Omissions {
  /** Its calls carry the present time only. */
  timestamps?: boolean;
  /** These calls do not exist in it. */
  calls?: readonly Call['type'][];
}

/** Checks that the customer of the story is one, and that the log holds each call once, with all of its content. */
export async function expectStory(
  service: ClientService,
  story: Story,
  omitted: Omissions = {},
): Promise<void> {
  const calls = story.calls.filter((call) => !omitted.calls?.includes(call.type));
  await waitForClient(
    service,
    async () => (await readLog(service, story)).length >= calls.length,
    `${calls.length} events of ${story.userId}`,
  );
  const log = await readLog(service, story);
  expect(log.map((row) => row.name).sort()).toEqual(calls.map(toEventName).sort());
  for (const call of calls) {
    const row = log.find((entry) => entry.name === toEventName(call)) as LogRow;
    expect(row.body.properties, `properties of ${row.name}`).toMatchObject(expectedProperties(call));
    // RudderStack's libraries send the traits of a customer in the context.
    const traits = { ...row.body.context.traits, ...row.body.traits };
    expect(traits, `traits of ${row.name}`).toMatchObject(call.traits ?? {});
    if (!omitted.timestamps)
      expect(
        Math.abs(Number(row.at) - Date.parse(call.timestamp)),
        `${row.name} was sent for ${call.timestamp}`,
      ).toBeLessThan(CLOCK_TOLERANCE_MS);
  }
  expect(await service.api.db.sql`select code, reason, body from rejected`).toEqual([]);
  // All that a library adds by itself is understood.
  expect(await service.api.db.sql`select code, field, source from note_counts`).toEqual([]);
  await expectCustomer(service, story, calls);
}

async function expectCustomer(service: ClientService, story: Story, calls: Call[]): Promise<void> {
  const { body, status } = await service.api.get(`/v1/customers/user:${story.userId}`);
  expect(status).toBe(200);
  const identify = calls.find((call) => call.type === 'identify');
  expect(body.traits).toMatchObject(identify?.traits ?? {});
  expect(body.orders).toEqual([
    expect.objectContaining({ id: story.orderId, total: { amount: '49.90', currency: 'EUR' } }),
  ]);
  expect(body.identities).toEqual(
    expect.arrayContaining([
      expect.objectContaining({ type: 'user', value: story.userId }),
      expect.objectContaining({ type: 'anon', value: story.anonymousId }),
      expect.objectContaining({ type: 'email', value: identify?.traits?.email }),
    ]),
  );
  const group = calls.find((call) => call.type === 'group');
  if (!group) return;
  expect(body.account).toMatchObject({ id: group.groupId });
  const [account] = await service.api.db.sql`
    select traits from accounts where workspace = ${WORKSPACE} and id = ${group.groupId ?? null}`;
  const traits = Object.entries(group.traits ?? {}).map(([name, value]) => [
    name,
    expect.objectContaining({ value }),
  ]);
  expect(account?.traits).toEqual(Object.fromEntries(traits));
}

/** The events of the customer who has the story's user id. */
async function readLog({ api }: ClientService, { userId }: Story): Promise<LogRow[]> {
  return api.db.sql<LogRow[]>`
    select name, at, message_id as "messageId", body from events
    where customer_id = (
      select customer_id from identities where workspace = ${WORKSPACE} and type = 'user' and value = ${userId})
    order by seq`;
}

function toEventName(call: Call): string {
  return call.type === 'track' ? (call.event as string) : CALL_NAMES[call.type];
}

function expectedProperties(call: Call): Record<string, unknown> {
  const { properties = {}, name, groupId, previousId } = call;
  return {
    ...properties,
    ...(name ? { name } : {}),
    ...(groupId ? { groupId } : {}),
    ...(previousId ? { previousId } : {}),
  };
}
