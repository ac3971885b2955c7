import type { Database } from '../../../../db/client.ts';
import { createBundleCache } from '../../../../db/config/bundle-cache.ts';
import { saveDecision } from '../../../../db/decisions/save-decision.ts';
import { appendEvents, type EventRow } from '../../../../db/events/append-events.ts';
import { readSnapshot } from '../../../../db/learning/model-snapshots.ts';
import { saveOpenRewards } from '../../../../db/learning/open-rewards.ts';
import type { StoredModel } from '../../../../db/schema/json.ts';
import { createLearnedModels } from '../../../../src/app/decide/learned-models.ts';
import type { JobDeps } from '../../../../src/app/jobs/job.ts';
import { type LearnPages, learnFromRewards } from '../../../../src/app/jobs/learn/learn-from-rewards.ts';
import { lookUpZone } from '../../../../src/app/time-zones.ts';
import { createEvaluator } from '../../../../src/definitions/cel/evaluate.ts';
import { recompileBundle } from '../../../../src/definitions/compile/recompile.ts';
import type { AwaitedReward } from '../../../../src/domain/candidate.ts';
import { emptyProfile } from '../../../../src/domain/customer/profile.ts';
import type { ActionDef, Bundle } from '../../../../src/domain/definition.ts';
import { DAY } from '../../../../src/domain/time/time.ts';
import { getFeatureSchema } from '../../../../src/engine/arbitration/customer-features.ts';
import { computeBelief, computeExpectation } from '../../../../src/learning/model/belief.ts';
import { serveSnapshot } from '../../../../src/learning/model/served-model.ts';
import { buildAction, buildBundle, buildJourney } from '../../../support/bundle-builders.ts';

export const SHOP = 'shop';
/** Long enough ago that every window of these tests is over by now. */
export const T0 = Date.UTC(2026, 0, 5, 9);
export const WEEK = 7 * DAY;

/** A click on a message, an order, and an order's amount. */
export const REWARDS = {
  click: { on: 'Delivery Clicked', when: null, match: 'customer', within: WEEK, amount: null },
  order: { on: 'Order Completed', when: null, match: 'customer', within: WEEK, amount: null },
  spend: {
    on: 'Order Completed',
    when: null,
    match: 'customer',
    within: WEEK,
    amount: 'event.properties.total',
  },
} satisfies Record<string, NonNullable<ActionDef['reward']>>;

export function tip(id: string, rest: Partial<ActionDef> = {}): ActionDef {
  return buildAction(id, { class: 'marketing', reward: REWARDS.click, ...rest });
}

export function shopOf(actions: ActionDef[], rest: Partial<Bundle> = {}): Bundle {
  const visits = buildJourney('visits', [], [], { class: 'marketing', key: 'order_id' });
  return buildBundle({ actions, journeys: [visits], ...rest });
}

export function learnDeps(db: Database, more: Partial<JobDeps> = {}): JobDeps {
  return {
    db,
    bundles: createBundleCache((_, ...bundle) => recompileBundle(...bundle)),
    evaluate: createEvaluator(),
    zones: lookUpZone,
    secret: 'a secret for the tests only',
    ...createLearnedModels(),
    ...more,
  };
}

/** Activates a bundle without validation, because these tests are about learning. */
export async function activate({ sql }: Database, bundle: Bundle): Promise<void> {
  const { version, workspace } = bundle;
  await sql`
    insert into workspaces (id, config_version) values (${workspace.id}, ${version})
    on conflict (id) do update set config_version = ${version}`;
  await sql`
    insert into bundles (workspace, version, hash, files, compiled, activated_at)
    values (${workspace.id}, ${version}, ${String(version)}, '[]', ${JSON.stringify(bundle)}::text::jsonb, now())
    on conflict do nothing`;
}

export async function customer(
  { sql }: Database,
  id: string,
  more: { account?: string } = {},
): Promise<void> {
  await sql`
    insert into customers (id, workspace, profile, account_id)
    values (${id}, ${SHOP}, ${JSON.stringify(emptyProfile())}::text::jsonb, ${more.account ?? null})
    on conflict do nothing`;
}

export interface DecidedOn {
  id: string;
  customerId: string;
  bundle: Bundle;
  at?: number;
  rewards: (Partial<AwaitedReward> & Pick<AwaitedReward, 'arm' | 'action' | 'channel'>)[];
  x?: number[];
  shape?: string;
}

/** A decision of which rewards are awaited, written as a deciding transaction writes it. */
export async function decided({ sql }: Database, decision: DecidedOn): Promise<void> {
  const { id, customerId, bundle, at = T0, rewards } = decision;
  const shape = getFeatureSchema(bundle);
  const arbitrated = {
    policy: 'thompson' as const,
    autonomy: 'ai_auto' as const,
    modelVersion: null,
    featureSchema: decision.shape ?? shape.fingerprint,
    features: decision.x ?? vector(bundle),
    arms: rewards.map(({ arm }) => arm),
    distribution: rewards.map(() => 1 / rewards.length),
    scores: rewards.map(() => null),
    chosen: rewards[0]?.arm ?? '∅',
    propensity: 1 / rewards.length,
    rewards: rewards.map((reward) => {
      const within = bundle.actions.find((action) => action.id === reward.action)?.reward?.within ?? WEEK;
      return { enrollmentId: `enr_${id}`, key: null, within, ...reward };
    }),
    exclusions: [],
  };
  await sql.begin(async (tx) => {
    const row = {
      id,
      customerId,
      workspace: SHOP,
      epoch: 1,
      ordinal: Number.parseInt(id.replace(/\D/g, ''), 10) || 1,
      at,
      fromSeq: 0,
      toSeq: 0,
      bundleVersion: bundle.version,
      outcome: 'acted' as const,
      actions: [],
      candidates: [],
      changes: [],
      context: null,
      arbitrations: [arbitrated],
    };
    await saveDecision(tx, row);
    const owner = { id, workspace: SHOP, customerId, bundleVersion: bundle.version, at };
    await saveOpenRewards(tx, { ...owner, candidates: [] }, [arbitrated]);
  });
}

/** The feature vector of a customer without data: the constant, and the default of every other feature. */
export function vector(bundle: Bundle, ...values: number[]): number[] {
  const { size } = getFeatureSchema(bundle);
  return Array.from({ length: size }, (_, i) => (i === 0 ? 1 : (values[i - 1] ?? 0)));
}

export interface Sent {
  id: string;
  decisionId: string;
  customerId: string;
  action: string;
  channel?: string;
  state?: string;
  at?: number;
  bundleVersion?: number;
}

export async function delivery({ sql }: Database, sent: Sent): Promise<void> {
  const { id, decisionId, customerId, action, channel = 'email', state = 'sent', at = T0 } = sent;
  const enrollmentId = `enr_${decisionId}`;
  await sql`
    insert into deliveries (id, customer_id, workspace, decision_id, enrollment_id, action, class, channel,
                            bundle_version, state, at, not_after, entry)
    values (${id}, ${customerId}, ${SHOP}, ${decisionId}, ${enrollmentId}, ${action}, 'marketing', ${channel},
            ${sent.bundleVersion ?? 1}, ${state}, ${at}, ${at + DAY}, '{}')`;
}

let counter = 0;

export interface Happened {
  customerId: string;
  name: string;
  at?: number;
  properties?: Record<string, unknown>;
  source?: string;
  historical?: boolean;
}

/** Events as the log has them. */
export async function happened({ sql }: Database, ...events: Happened[]): Promise<void> {
  const rows = events.map((event): EventRow => {
    const at = new Date(event.at ?? T0).toISOString();
    counter++;
    return {
      customerId: event.customerId,
      seq: counter,
      workspace: SHOP,
      id: `evt_${counter}`,
      messageId: `m-${counter}`,
      type: 'track',
      name: event.name,
      at,
      acceptedAt: at,
      historical: event.historical ?? false,
      source: event.source ?? 'test',
      body: { properties: event.properties ?? {}, traits: {}, context: {} },
      origin: null,
    };
  });
  await appendEvents(sql, rows);
}

/** Creates a customer who got a tip at T0, and clicked it or didn't. */
export async function tipped(
  db: Database,
  bundle: Bundle,
  n: number | string,
  more: { clicked?: boolean; action?: string; at?: number; x?: number[] } = {},
): Promise<string> {
  const { clicked = false, action = 'tip', at = T0, x } = more;
  const [customerId, id] = [`cus_${n}`, `dec_${n}`];
  await customer(db, customerId);
  const reward = { arm: `${action}/email`, action, channel: 'email' };
  await decided(db, { id, customerId, bundle, at, rewards: [reward], ...(x ? { x } : {}) });
  const { version: bundleVersion } = bundle;
  await delivery(db, { id: `dlv_${n}`, decisionId: id, customerId, action, at, bundleVersion });
  if (clicked)
    await happened(db, {
      customerId,
      name: 'Delivery Clicked',
      at: at + DAY,
      properties: { delivery_id: `dlv_${n}` },
    });
  return `${id}/0`;
}

/** Runs the job until nothing is left. Returns how many pages it took. */
export async function learn(deps: JobDeps, now = T0 + 30 * DAY, pages?: LearnPages): Promise<number> {
  for (let n = 1; ; n++) {
    const { more } = await learnFromRewards(deps, { workspace: SHOP, now }, pages);
    if (!more) return n;
    if (n > 1_000) throw new Error('the job never finishes');
  }
}

export interface RewardState {
  id: string;
  state: string;
  reward: number | null;
  dueAt: number;
}

export async function rewardsOf({ sql }: Database): Promise<Record<string, RewardState>> {
  const rows = await sql<RewardState[]>`select id, state, reward, due_at as "dueAt" from rewards order by id`;
  return Object.fromEntries(rows.map((row) => [row.id, row]));
}

/** The newest model. */
export async function modelOf({ sql }: Database, workspace = SHOP): Promise<StoredModel | null> {
  const [row] = await sql`
    select version from model_snapshots where workspace = ${workspace} order by version desc limit 1`;
  return row ? readSnapshot(sql, workspace, row.version) : null;
}

export function armOf(model: StoredModel | null, id: string) {
  return model?.arms.find((arm) => arm.id === id);
}

/** The expected reward of an arm for one feature vector. */
export function expected(model: StoredModel | null, arm: string, x: number[]): number {
  if (!model) throw new Error('there is no model yet');
  const served = serveSnapshot(model).arms.get(arm);
  if (!served) throw new Error(`the model has no ${arm}`);
  return computeExpectation(served, computeBelief(served, x));
}
