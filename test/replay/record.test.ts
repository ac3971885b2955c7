import { writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, test } from 'vitest';
import { saveFit } from '../../db/learning/score-fits.ts';
import { DAY, HOUR } from '../../src/domain/time/time.ts';
import type { FittedScores } from '../../src/learning/scores/types.ts';
import { HOURS_A_WEEK } from '../../src/learning/timing/hours-of-week.ts';
import { fetchHistory, serializeHistory } from '../../src/testing/replay.ts';
import { treatEveryCustomer } from '../support/bundles.ts';
import { startTestSystem, type TestSystem, WORKSPACE } from '../support/system.ts';

/**
 * Records new golden histories: `RECORD=name npm test -- test/replay/record.test.ts`. Old ones are never deleted or
 * overwritten, because running workflows hold such histories.
 */
const label = process.env.RECORD;
let system: TestSystem;

beforeAll(async () => {
  if (label) system = await startTestSystem({ files: treatEveryCustomer, rolloverAt: 150 });
});
afterAll(() => system?.stop());

const identity = (userId: string) => ({
  userId,
  context: {
    traits: { email: `${userId}@example.com` },
    consent: { categoryPreferences: { marketing: true } },
  },
});

async function record(name: string, customer: string): Promise<void> {
  const file = fileURLToPath(new URL(`./histories/${label}-${name}.json`, import.meta.url));
  writeFileSync(
    file,
    serializeHistory(await fetchHistory(system.client, system.getWorkflowHandle(customer).workflowId)),
    {
      flag: 'wx',
    },
  );
}

test.runIf(label)(
  'records a ticket, an agent task, direct signals, a run after a rollover, and a message that waits for its hour',
  async () => {
    const machine = {
      name: 'Order Completed',
      properties: { order_id: 'o-1', total: 412, products: [{ product_id: 'espresso-machine' }] },
    };
    await system.accept({ ...identity('ada'), ...machine });
    const ada = await system.findCustomerId('ada');
    await system.advanceTime(ada, 2 * DAY);
    await system.accept({ ...identity('ada'), name: 'Ticket Opened', properties: { ticket_id: 'T1' } });
    await system.advanceTime(ada, DAY);
    await system.accept({ ...identity('ada'), name: 'Ticket Closed', properties: { ticket_id: 'T1' } });
    await system.advanceTime(ada, 3 * DAY);
    await record('ticket', ada);

    await system.accept({
      ...identity('greta'),
      name: 'Order Completed',
      properties: { order_id: 'o-1', total: 900 },
    });
    await system.accept({
      ...identity('greta'),
      name: 'Payment Failed',
      properties: { order_id: 'o-2', value: 300 },
    });
    const greta = await system.findCustomerId('greta');
    await system.advanceTime(greta, 5 * HOUR);
    await record('agent-task', greta);

    await system.accept({
      ...identity('paul'),
      name: 'Order Completed',
      properties: { order_id: 'o-1', total: 20 },
    });
    const paul = await system.findCustomerId('paul');
    await system.waitUntilSettled(paul);
    const news = {
      name: 'Ticket Opened',
      messageId: 'direct',
      at: new Date().toISOString(),
      properties: { ticket_id: 'T' },
    };
    await system.getWorkflowHandle(paul).signal('events', { events: [news] } as never);
    await system.getWorkflowHandle(paul).signal('somethingElse', 1);
    await new Promise((resolve) => setTimeout(resolve, 1_000));
    await system.waitUntilSettled(paul);
    await record('direct-signal', paul);

    await system.accept({
      ...identity('bert'),
      name: 'Order Completed',
      properties: { order_id: 'o-1', total: 20 },
    });
    const bert = await system.findCustomerId('bert');
    await system.waitUntilSettled(bert);
    const burst = Array.from({ length: 300 }, (_, n) => ({ name: 'Product Viewed', properties: { n } }));
    await system.getWorkflowHandle(bert).signal('events', { events: [...burst, null] } as never);
    await new Promise((resolve) => setTimeout(resolve, 2_000));
    await system.waitUntilSettled(bert);
    await record('direct-burst', bert);

    for (let n = 0; n < 25; n++) {
      await system.accept({
        ...identity('rosa'),
        name: 'Order Completed',
        properties: { order_id: `o-${n}`, total: 20 },
      });
      await system.waitUntilSettled(await system.findCustomerId('rosa'));
    }
    await record('after-rollover', await system.findCustomerId('rosa'));

    // All customers answer at one hour, about six from now: a tip is planned for it, and its effect waits in the workflow.
    const liked = (new Date().getUTCHours() + 7) % 24;
    const hour = (ofWeek: number) => (ofWeek % 24 === liked ? 1 / 7 : 0);
    const body = {
      format: 1,
      version: '1',
      at: Date.now(),
      hours: Array.from({ length: HOURS_A_WEEK }, (_, n) => hour(n)),
    };
    await saveFit(system.db.db.sql, { workspace: WORKSPACE, version: 1, body: body as FittedScores });
    await system.accept({ ...identity('nora'), ...machine });
    const nora = await system.findCustomerId('nora');
    await system.advanceTime(nora, 3 * DAY);
    await record('planned-hour', nora);
  },
  120_000,
);
