import type { z } from 'zod';
import type { RealtimeAnswer } from '../../app/decide/realtime/realtime-request.ts';
import { iso } from '../../domain/time/time.ts';
import type { realtimeDecision } from './schema.ts';

export type RealtimeDecisionView = z.infer<typeof realtimeDecision>;

/** A flat answer of ids and codes. It contains no personal data. */
export function toRealtimeDecisionView(answer: RealtimeAnswer): RealtimeDecisionView {
  const { decisionId, customerId, placement, actions, fallbackReason, at, bundleVersion } = answer;
  return {
    decisionId,
    customerId,
    placement: placement.id,
    channel: placement.channel,
    at: iso(at),
    expiresAt: iso(at + placement.ttl),
    ttlSeconds: Math.floor(placement.ttl / 1_000),
    fallbackReason,
    bundle: `b-${bundleVersion}`,
    actions: actions.map(({ action, rank, variant, propensity, reasons, content }) => ({
      action: action.id,
      class: action.class,
      rank,
      variant,
      propensity,
      reasons,
      ...(content === undefined ? {} : { content }),
    })),
  };
}
