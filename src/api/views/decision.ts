import type { z } from 'zod';
import type { DecidedAction, DecisionView } from '../../../db/queries/view-decisions.ts';
import { iso } from '../../domain/time.ts';
import type { decision } from '../schemas/decision.ts';
import { isoOrNull, verdictOf } from './format.ts';

/** A decision as the API shows it. */
export function decisionView(row: DecisionView): z.infer<typeof decision> {
  return {
    id: row.id,
    customerId: row.customerId,
    ordinal: row.ordinal,
    at: iso(row.at),
    committedAt: iso(row.committedAt),
    kind: row.kind,
    placement: row.placement,
    expiresAt: isoOrNull(row.expiresAt),
    took: { fromSeq: row.fromSeq, toSeq: row.toSeq },
    autonomy: 'auto',
    policy: 'priority',
    versions: { bundle: `b-${row.bundleVersion}`, model: null },
    outcome: row.outcome as z.infer<typeof decision>['outcome'],
    actions: row.actions.map(({ deliveries, dataUsed: _, ...action }) => ({
      ...action,
      deliveries: deliveries.map(({ id, channel, sendAt }) => ({
        id,
        channel,
        variant: null,
        locale: row.deliveries[id]?.locale ?? null,
        sendAt: iso(sendAt),
        state: row.deliveries[id]?.state ?? 'planned',
      })),
    })),
    candidates: row.candidates.map((candidate) => ({ ...candidate, gates: candidate.gates.map(verdictOf) })),
    changes: row.changes,
    dataUsed: dataUsedBy(row.actions),
  };
}

/** What the customer shared and this decision used, each with its permission; once, however many actions read it (B-10). */
function dataUsedBy(actions: DecidedAction[]): z.infer<typeof decision>['dataUsed'] {
  const used = new Map<string, z.infer<typeof decision>['dataUsed'][number]>();
  for (const { action, dataUsed = [] } of actions) {
    for (const { at, ...data } of dataUsed) {
      const key = JSON.stringify([data.attribute, data.permission, data.stale]);
      const known = used.get(key) ?? { ...data, at: iso(at), actions: [] };
      if (!known.actions.includes(action)) known.actions.push(action);
      used.set(key, known);
    }
  }
  return [...used.values()];
}
