import { afterAll, beforeAll, expect, test } from 'vitest';
import { saveDecision } from '../../db/decisions/save-decision.ts';
import { decisionCommand } from '../../src/cli/decision.ts';
import { createTestDatabase, type TestDatabase } from '../support/database.ts';
import { runCommand } from './support/run-command.ts';

let database: TestDatabase;
beforeAll(async () => {
  database = await createTestDatabase();
});
afterAll(() => database.drop());

test('decisionCommand prints what is stored of a decision, decoded', async () => {
  const { sql } = database.db;
  const context = { facts: { customerId: 'cus_1' }, scores: {}, fit: null };
  const gates = [{ gate: 'suppression', pass: false, code: 'ticket_open' }];
  await saveDecision(sql, {
    id: 'dec_1_1_1',
    customerId: 'cus_1',
    workspace: 'aroma',
    epoch: 1,
    ordinal: 1,
    at: 5,
    fromSeq: 0,
    toSeq: 1,
    bundleVersion: 1,
    outcome: 'held',
    actions: [],
    candidates: [
      {
        enrollmentId: 'enr_1_1_1_0',
        action: 'tip',
        class: 'marketing',
        channel: 'email',
        verdict: 'blocked',
        score: 1,
        propensity: 0,
        gates,
      },
    ],
    changes: [{ kind: 'stage', from: null, to: 'adoption' }],
    context,
    arbitrations: null,
  });
  const { out } = await runCommand(database.url, () => decisionCommand('dec_1_1_1'));
  expect(JSON.parse(out.join('\n'))).toMatchObject({
    id: 'dec_1_1_1',
    customer_id: 'cus_1',
    outcome: 'held',
    context,
    candidates: [{ action: 'tip', gates }],
    changes: [{ kind: 'stage', to: 'adoption' }],
  });
  await expect(runCommand(database.url, () => decisionCommand('dec_2'))).rejects.toThrow(
    'there is no decision dec_2',
  );
});
