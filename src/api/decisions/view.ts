import type { z } from 'zod';
import type { DecisionView } from '../../../db/decisions/read-decisions.ts';
import type { DecidedAction } from '../../../db/schema/json.ts';
import type { ArbitrationRecord, ScoreParts } from '../../domain/candidate.ts';
import { type Instant, iso } from '../../domain/time/time.ts';
import { getOwn } from '../../domain/values/get-own.ts';
import { toDecimal } from '../../domain/values/money.ts';
import { listArbitrationReasons } from '../../engine/arbitration/reasons.ts';
import { DO_NOTHING } from '../../learning/model/snapshot.ts';
import { toIsoOrNull, toMoney, toVerdictViews } from '../frame/format.ts';
import type { decision } from './schema.ts';

/** A decision as the API shows it. @param currency of the workspace */
export function toDecisionView(row: DecisionView, currency: string): z.infer<typeof decision> {
  const main = findMainArbitration(row.arbitrations);
  return {
    id: row.id,
    customerId: row.customerId,
    ordinal: row.ordinal,
    at: iso(row.at),
    committedAt: iso(row.committedAt),
    kind: row.kind,
    placement: row.placement,
    expiresAt: toIsoOrNull(row.expiresAt),
    eventRange: { fromSeq: row.fromSeq, toSeq: row.toSeq },
    autonomy: main?.autonomy ?? 'rules_only',
    policy: main?.policy ?? 'rules',
    versions: {
      bundle: `b-${row.bundleVersion}`,
      model: formatModel(main?.modelVersion ?? null),
      scores: row.fitVersion === null ? null : `s-${row.fitVersion}`,
    },
    outcome: row.outcome as z.infer<typeof decision>['outcome'],
    actions: row.actions.map(({ deliveries, dataUsed: _, cost, ...action }) => ({
      ...action,
      ...(cost === undefined ? {} : { cost: toMoney(cost, currency) }),
      deliveries: deliveries.map(({ id, channel, variant, sendAt, sendReason }) => ({
        id,
        channel,
        variant: variant ?? null,
        locale: row.deliveries[id]?.locale ?? null,
        sendAt: iso(sendAt),
        sendReason: sendReason ?? 'now',
        state: row.deliveries[id]?.state ?? 'planned',
      })),
    })),
    candidates: row.candidates.map(({ scoreParts, ...candidate }) => ({
      ...candidate,
      gates: toVerdictViews(candidate.gates, {
        policy: row.bundleVersion,
        action: getOwn(row.pinned, candidate.enrollmentId) ?? row.bundleVersion,
      }),
      ...(scoreParts ? { scoreParts: scorePartsView(scoreParts, currency) } : {}),
    })),
    arbitrations: row.arbitrations.map((record) => arbitrationView(record, row.at, currency)),
    changes: row.changes,
    scores: row.scores,
    dataUsed: toDataUsed(row.actions),
  };
}

/** The arbitration that a summary names: the last that chose an action, otherwise the last. */
function findMainArbitration(arbitrated: ArbitrationRecord[]): ArbitrationRecord | undefined {
  return arbitrated.findLast(({ chosen }) => chosen !== DO_NOTHING) ?? arbitrated.at(-1);
}

function formatModel(version: number | null): string | null {
  return version === null ? null : `m-${version}`;
}

/** Where amounts are learned the reward is money, and the value of one reward is 1. */
function scorePartsView({ value, cost, fatigue, ...shares }: ScoreParts, currency: string) {
  return {
    ...shares,
    value: toMoney(value, currency),
    cost: toMoney(cost, currency),
    fatigue: toMoney(fatigue, currency),
  };
}

function arbitrationView(
  record: ArbitrationRecord,
  at: Instant,
  currency: string,
): z.infer<typeof decision>['arbitrations'][number] {
  const {
    policy,
    autonomy,
    modelVersion,
    arms,
    distribution,
    scores,
    chosen,
    propensity,
    rewards,
    exclusions,
  } = record;
  return {
    policy,
    autonomy,
    model: formatModel(modelVersion),
    chosen,
    propensity,
    reasons: listArbitrationReasons(record),
    arms: arms.map((arm, i) => {
      const score = scores[i] ?? null;
      return {
        arm,
        probability: distribution[i] ?? 0,
        score: score === null ? null : toDecimal(score, currency),
      };
    }),
    pendingRewards: rewards.map(({ arm, action, within }) => ({ arm, action, until: iso(at + within) })),
    exclusions,
  };
}

/** Attributes that the decision used, each once with its permission and the actions that used it (B-10). */
function toDataUsed(actions: DecidedAction[]): z.infer<typeof decision>['dataUsed'] {
  const used = new Map<string, z.infer<typeof decision>['dataUsed'][number]>();
  for (const { action, dataUsed = [] } of actions) {
    for (const { at, ...data } of dataUsed) {
      const key = JSON.stringify([data.attribute, data.permission, data.stale]);
      const entry = used.get(key) ?? { ...data, at: iso(at), actions: [] };
      if (!entry.actions.includes(action)) entry.actions.push(action);
      used.set(key, entry);
    }
  }
  return [...used.values()];
}
