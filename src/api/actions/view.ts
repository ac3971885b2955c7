import type { PauseCause, PausedAction } from '../../../db/guardrails/paused-actions.ts';
import type { ActionGuardrailReading } from '../../app/jobs/read-guardrails.ts';
import type { ActionDef } from '../../domain/definition.ts';
import type { GuardrailReading } from '../../statistics/experiments/guardrails.ts';
import { toIsoOrNull } from '../frame/format.ts';

/** An action as the API shows it. */
export function toActionView(
  action: ActionDef,
  paused: PausedAction | null,
  found: ActionGuardrailReading | null,
) {
  return {
    id: action.id,
    class: action.class,
    state: paused ? 'paused' : 'active',
    since: toIsoOrNull(paused?.since),
    because: paused && becauseView(paused.cause),
    exposed: found?.exposed ?? null,
    guardrails: found?.readings.map(({ harm, ...reading }) => ({ harm, ...readingView(reading) })) ?? [],
  };
}

function becauseView({ harm, reason, by, reading }: PauseCause) {
  return {
    harm,
    reason: reason ?? null,
    by: by ?? null,
    reading: reading ? readingView(reading as GuardrailReading) : null,
  };
}

function readingView({ verdict, p, alpha, tolerance, ratio, treated, control }: GuardrailReading) {
  const side = ({ customers, events }: GuardrailReading['treated']) => ({ customers, harmed: events });
  return { verdict, p, alpha, tolerance, ratio, treated: side(treated), control: side(control) };
}
