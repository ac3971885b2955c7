import { readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { ROOT } from '../support/paths.ts';
import { listFiles } from './import-graph.ts';

/**
 * Every file whose SQL writes deliveries or agent tasks, and how the journey learns of an effect that ends there, in the
 * same commit. A journey that does not learn of it waits until its enrollment's exit (I4). `faults/ended-effects.test.ts`
 * shows that each of them does so.
 */
const WRITERS: Record<string, string> = {
  'db/decisions/save-decision.ts': 'it is the decision of the journey itself',
  'db/deliveries/deliveries.ts': 'src/app/deliver appends the event about the end',
  'db/deliveries/receipts.ts': 'src/app/receipts appends the event about the end',
  'db/tasks/tasks.ts': 'src/app/tasks appends the event about the step',
  'db/maintenance/raise-epoch.ts': 'it requests a check of every journey',
  'db/identity/merge-customers.ts': 'it ends none; the merge appends an event to the log of the new owner',
  'db/decisions/realtime-outcomes.ts': 'no enrollment waits for what a real-time decision has shown',
  'db/traces/traces.ts': 'it ends none; it notes the trace of the decision that planned them',
  'db/erasure/erase-customer.ts': 'the journey is deleted with them',
  'db/erasure/erase-gone-tickets.ts': 'it ends none; it takes ids of tickets out of their verdicts',
  'db/erasure/erase-from-members.ts': 'it ends none; it empties the properties of their events',
};

const WRITES =
  /\b(update|insert into|delete from)\s+(deliveries|agent_tasks)\b|\binsertRows\(\s*tx,\s*(deliveries|agentTasks)\b/;

test('every statement that writes deliveries or tasks is known, with the way in which the journey learns of an end', () => {
  const files = [...listFiles('db'), ...listFiles('src')].filter((file) =>
    WRITES.test(readFileSync(path.join(ROOT, file), 'utf8')),
  );
  expect(files.sort()).toEqual(Object.keys(WRITERS).sort());
});
