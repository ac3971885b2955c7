import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, inject, test } from 'vitest';
import { decodeRecord } from '../../db/decisions/record/decision-record.ts';
import { recordReceipts } from '../../src/app/receipts/record-receipts.ts';
import type { ArbitrationRecord, JudgedCandidate } from '../../src/domain/candidate.ts';
import type { Receipt } from '../../src/domain/receipt.ts';
import { DAY } from '../../src/domain/time/time.ts';
import { fetchHistory, replayHistory } from '../../src/testing/replay.ts';
import { JOB_TYPE, type JobInput } from '../../src/workflows/job-messages.ts';
import { armOf, modelOf } from '../app/jobs/learn/learn-shop.ts';
import type { BundleFile } from '../support/bundles.ts';
import { startTestSystem, type TestSystem, WORKSPACE } from '../support/system.ts';

const WORKSPACE_FILE = `
id: aroma
name: Aroma Coffee
currency: EUR
timezone: UTC
locales: [en]
spacing: 0s
autonomy: ai_rank
arbitration: { explore: 0% }
sender: { name: Aroma Coffee, email: hello@aroma.example }
`;
const JOURNEY = `
id: news
owner: growth
holdout: 0%
goal: { on: Order Completed, within: 30d, kpi: margin }
enter: { on: Signed Up }
exit: [{ after: 60d }]
steps:
  - id: tell
    decide: { actions: [tip, offer] }
  - id: rest
    wait: { until: [{ after: 30d }] }
`;
const ACTIONS = `
- { id: tip, class: marketing, reward: { on: Delivery Clicked, within: 7d } }
- { id: offer, class: marketing, reward: { on: Delivery Clicked, within: 7d } }
`;

function files(): BundleFile[] {
  const content = ['tip', 'offer'].map((id) => ({
    path: `content/${id}/email.en.liquid`,
    text: `---\nsubject: ${id}\n---\n<p>A ${id} for you</p>`,
  }));
  return [
    { path: 'workspace.yaml', text: WORKSPACE_FILE },
    { path: 'journeys/news.yaml', text: JOURNEY },
    { path: 'actions/news.yaml', text: ACTIONS },
    ...content,
  ];
}

let system: TestSystem;
beforeAll(async () => {
  system = await startTestSystem({ files });
});
afterAll(() => system?.stop());

/** Runs the job now, as its schedule would. */
async function runLearn(): Promise<void> {
  const { taskQueue } = system.service.config;
  const workflowId = `job/${taskQueue}/learn/${randomUUID()}`;
  const input: JobInput = { workspace: WORKSPACE, job: 'learn' };
  await system.client.workflow.execute(JOB_TYPE, { taskQueue, workflowId, args: [input] });
  const history = await fetchHistory(system.client, workflowId);
  await replayHistory(history, { bundle: { codePath: inject('workflowBundlePath') }, workflowId });
}

async function signsUp(userId: string): Promise<string> {
  const [receipt] = await system.accept({
    name: 'Signed Up',
    userId,
    context: {
      consent: { categoryPreferences: { marketing: true } },
      traits: { email: `${userId}@example.com` },
    },
  });
  const customerId = receipt?.customerId as string;
  await system.waitUntilSettled(customerId);
  return customerId;
}

interface Seen {
  arbitrated: ArbitrationRecord;
  candidates: JudgedCandidate[];
  delivery: { id: string; action: string };
}

async function decisionOf(customerId: string): Promise<Seen> {
  const [row] = await system.db.db.sql`
    select d.record, (select json_build_object('id', x.id, 'action', x.action)
      from deliveries x where x.decision_id = d.id) as delivery
    from decisions d where d.customer_id = ${customerId} and d.policies is not null order by ordinal limit 1`;
  const { arbitrations, candidates } = decodeRecord(row?.record);
  return { arbitrated: arbitrations?.[0] as ArbitrationRecord, candidates, delivery: row?.delivery };
}

const expectedOf = ({ candidates }: Seen, action: string) =>
  candidates.find((candidate) => candidate.action === action)?.scoreParts?.expected ?? Number.NaN;

test('D-15, A-9, story 7: a click changes the inputs of the next decision, and Temporal runs the learner as a workflow', async () => {
  const first = await signsUp('first');
  const untaught = await decisionOf(first);
  // Without a model rules decide, and their decisions are learned from, too.
  expect(untaught.arbitrated).toMatchObject({ policy: 'rules', modelVersion: null, chosen: 'tip/email' });
  expect(untaught.arbitrated.rewards).toMatchObject([{ channel: 'email', within: 7 * DAY }]);
  await runLearn();
  const second = await signsUp('second');
  const before = await decisionOf(second);
  // The model has a version now, but has learned nothing.
  expect(before.arbitrated).toMatchObject({ policy: 'rules', modelVersion: null });

  const others = await Promise.all(Array.from({ length: 6 }, (_, n) => signsUp(`reader-${n}`)));
  const all = [first, second, ...others];
  const deliveries = await Promise.all(all.map(async (id) => (await decisionOf(id)).delivery));
  const tips = deliveries.filter(({ action }) => action === 'tip');
  for (const { id } of tips) await click(id);
  // What a scanner follows is no reward.
  const { delivery: scanned } = await decisionOf(await signsUp('scanned'));
  await click(scanned.id, { automatic: true });
  await runLearn();
  // No window has ended, so nothing is learned and no version is written.
  expect((await modelOf(system.db.db, WORKSPACE))?.version).toBe(1);

  await eightDaysLater();
  await runLearn();
  const model = await modelOf(system.db.db, WORKSPACE);
  const [closed] = await system.db.db.sql`
    select count(*)::int as n, sum(reward)::int as clicks from rewards where state = 'counted'`;
  expect(closed).toEqual({ n: 9, clicks: tips.length });
  const shown = [...deliveries, scanned].filter(({ action }) => action === 'tip').length;
  expect(armOf(model, 'tip/email')?.observed).toBe(shown);
  expect(armOf(model, 'offer/email')?.observed).toBe(9 - shown);

  const after = await decisionOf(await signsUp('next'));
  expect(after.arbitrated).toMatchObject({ policy: 'thompson', modelVersion: model?.version });
  // Both arms began equal. One has clicks, the other was never shown.
  expect(expectedOf(after, 'tip')).toBeGreaterThan(2 * expectedOf(after, 'offer'));
});

/** The mail provider reports a click. */
async function click(deliveryId: string, over: Partial<Receipt> = {}): Promise<void> {
  const report = { channel: 'email', deliveryId, providerId: null, at: Date.now(), id: `evt-${deliveryId}` };
  const outcomes = await recordReceipts(system.service, WORKSPACE, [{ kind: 'clicked', ...report, ...over }]);
  expect(outcomes).toMatchObject([{ kind: 'recorded', deliveryId }]);
}

/** Moves all rows eight days into the past, because the job runs on today's clock. */
async function eightDaysLater(): Promise<void> {
  const { sql } = system.db.db;
  const ms = 8 * DAY;
  await sql`update rewards set at = at - ${ms}::bigint, due_at = due_at - ${ms}::bigint`;
  await sql`update deliveries set at = at - ${ms}::bigint`;
  await sql`update events set at = at - interval '8 days'`;
}
