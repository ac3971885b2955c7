import type { z } from 'zod';
import type { FoundDecision } from '../../app/decisions/find-decisions.ts';
import type { GateVerdict } from '../../domain/candidate.ts';
import type { ActionClass } from '../../domain/definition.ts';
import { iso } from '../../domain/time/time.ts';
import { toVerdictViews } from '../frame/format.ts';
import type { decisionSummaries } from './list-schema.ts';

type Summary = z.infer<typeof decisionSummaries>['data'][number];

const MOST_REASONS = 3;

/** A decision as one line of a list. */
export function toDecisionSummary(found: FoundDecision): Summary {
  const {
    id,
    customerId,
    customerName,
    at,
    kind,
    placement,
    outcome,
    journeys,
    actions,
    candidates,
    policies,
  } = found;
  return {
    id,
    customerId,
    customerName,
    at: iso(at),
    kind,
    placement,
    outcome: outcome as Summary['outcome'],
    journeys,
    actions: actions.map(({ action, class: actionClass, deliveries, task }) => ({
      action,
      class: actionClass as ActionClass,
      channels: [...deliveries.map(({ channel }) => channel), ...(task ? ['agent_desk'] : [])],
    })),
    candidates: {
      judged: candidates.length,
      blocked: candidates.filter(({ verdict }) => verdict === 'blocked').length,
    },
    blockedBy: findReasons(found),
    explored: policies?.some(({ policy }) => policy === 'random') ?? false,
  };
}

function findReasons({ candidates }: FoundDecision): Summary['blockedBy'] {
  const reasons = new Map<
    string,
    { action: string; channel: string; candidates: number; first: GateVerdict }
  >();
  for (const { action, channel, verdict, gates } of candidates) {
    if (verdict !== 'blocked') continue;
    for (const first of gates.filter(({ pass }) => !pass)) {
      const key = JSON.stringify([first.gate, first.code]);
      const known = reasons.get(key);
      if (known) known.candidates++;
      else reasons.set(key, { action, channel, candidates: 1, first });
    }
  }
  return [...reasons.values()]
    .sort((a, b) => b.candidates - a.candidates)
    .slice(0, MOST_REASONS)
    .flatMap(({ first, ...reason }) =>
      toVerdictViews([first], null).map((verdict) => ({ ...reason, verdict })),
    );
}
