import { openDatabase } from '../../db/client.ts';
import { migrate } from '../../db/migrate.ts';
import { activateBundle } from '../../src/app/config/activate-bundle.ts';
import { createBundleCompiler } from '../../src/app/config/compiler/bundle-compiler.ts';
import { createEvaluator } from '../../src/definitions/cel/evaluate.ts';
import { compileBundle } from '../../src/definitions/compile/bundle.ts';
import type { BundleFile } from '../../src/definitions/source/bundle-file.ts';
import { readBundleDir } from '../../src/definitions/source/read-directory.ts';
import { BUNDLE_FORMAT, type Bundle } from '../../src/domain/definition.ts';
import type { JourneyEvent } from '../../src/domain/event.ts';
import type { ConditionFacts, Facts } from '../../src/domain/facts.ts';
import { emptyState } from '../../src/domain/state.ts';
import { createChooser } from '../../src/engine/choose.ts';
import { advance } from '../../src/engine/journey/advance.ts';
import { createTreater } from '../../src/engine/treatment/treat.ts';
import { computeScores } from '../../src/learning/scores/compute-scores.ts';
import { buildCustomerFacts } from '../customer-facts.ts';
import { enlargeBundle } from '../large-bundle.ts';
import type { Result } from '../result.ts';
import type { Servers } from '../servers.ts';
import { median, runRounds, summarize } from '../stats.ts';
import type { Stops } from '../stops.ts';
import { createDatabase, WORKSPACE } from '../system.ts';

const JOURNEYS = 200;
const ACTIONS = 1_000;
const APPLIES = 3;
const DECISIONS = 400;
const ROUNDS = 15;
const BUDGET_MS = 15_000;

/** apply: seconds to activate a large bundle, and the CPU time of a decision under it that uses none of its new parts. */
export async function benchApply(servers: Servers, stops: Stops): Promise<Result[]> {
  const example = await readBundleDir('examples/aroma');
  const large = enlargeBundle(example, JOURNEYS, ACTIONS);
  const seconds = await applied(servers, stops, large);
  const small = compiled(example);
  const big = compiled(large);
  // The first run compiles and fills caches, so it is discarded.
  decide(small);
  decide(big);
  const pairs = await runRounds(ROUNDS, BUDGET_MS, async () => ({ ours: decide(big), floor: decide(small) }));
  const row = { part: 'apply', ratio: null };
  return [
    {
      ...row,
      measure: `a bundle of ${big.journeys.length} journeys and ${big.actions.length} actions, applied`,
      ours: seconds,
      floor: null,
      unit: 's',
      goal: { at: 'most', value: 2 },
    },
    {
      ...row,
      measure: 'a decision under it, against one under the example bundle',
      ...summarize(pairs),
      unit: 'µs',
      goal: { at: 'most', value: 1.1 },
    },
  ];
}

/** Returns a different bundle each time, because applying the same one again changes nothing. */
async function applied({ postgres }: Servers, stops: Stops, files: BundleFile[]): Promise<number> {
  const databaseUrl = await createDatabase(postgres.url, 'bench_apply');
  await migrate(databaseUrl);
  const db = openDatabase(databaseUrl, { name: 'bench', max: 2 });
  const compiler = createBundleCompiler();
  stops.push(
    () => compiler.close(),
    () => db.close(),
  );
  const times: number[] = [];
  for (let count = 0; count < APPLIES; count++) {
    const edited = files.map((f) =>
      f.path === 'workspace.yaml' ? { ...f, text: `${f.text}\n# ${count}` } : f,
    );
    const began = performance.now();
    const activation = await activateBundle({ db, compiler }, WORKSPACE, edited);
    if (!activation.ok) throw new Error(JSON.stringify(activation.errors.slice(0, 3)));
    times.push((performance.now() - began) / 1_000);
  }
  return median(times);
}

function compiled(files: BundleFile[]): Bundle {
  const result = compileBundle(files, null, 0);
  if (!result.ok) throw new Error(JSON.stringify(result.errors.slice(0, 3)));
  return { ...result.bundle, format: BUNDLE_FORMAT, version: 1 };
}

const NOW = Date.UTC(2026, 10, 22, 12);
const evaluate = createEvaluator();

/** Microseconds of CPU time for one decision: an order that is confirmed, of a customer in no journey. */
function decide(bundle: Bundle): number {
  const inputs = Array.from({ length: DECISIONS }, (_, n) => inputOf(bundle, n));
  const before = process.cpuUsage();
  for (const input of inputs) {
    const { plan } = advance(input);
    if (plan.deliveries.length === 0) throw new Error('the order was not confirmed');
  }
  const { user, system } = process.cpuUsage(before);
  return (user + system) / DECISIONS;
}

/** A customer whom nothing was sent to, and whom nothing restricts. */
const NO_CONTACTS: Omit<Facts, keyof ConditionFacts> = {
  deliveries: [],
  tasks: [],
  sharedUse: [],
  pastEnrollments: [],
  segmentsSwept: true,
  paused: null,
  suppressedAddresses: [],
  pausedActions: [],
  coupons: [],
  budgets: [],
};

function inputOf(bundle: Bundle, n: number): Parameters<typeof advance>[0] {
  const facts = buildCustomerFacts(n, NOW);
  return {
    state: emptyState(),
    events: [order(n)],
    processedSeq: 40,
    facts: { ...facts, ...NO_CONTACTS },
    bundle,
    now: NOW,
    evaluate,
    choose: createChooser(null),
    treat: createTreater(null),
    scores: computeScores({ facts, bundle, fitted: null, now: NOW, evaluate }),
    decisionRef: `${n}_1_1`,
    definitionsChanged: false,
    pinnedBundles: new Map(),
    closingEvents: [],
  };
}

function order(n: number): JourneyEvent {
  return {
    id: `evt_${n}`,
    seq: 41,
    type: 'track',
    name: 'Order Completed',
    at: NOW - 1_000,
    acceptedAt: NOW - 900,
    historical: false,
    source: 'shop',
    messageId: `m-${n}`,
    properties: { order_id: `o-${n}`, total: 49.9, products: [{ product_id: 'espresso-machine' }] },
    traits: {},
    context: {},
    origin: null,
  };
}
