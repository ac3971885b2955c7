import type { z } from 'zod';
import type { PausedAction } from '../../../db/guardrails/paused-actions.ts';
import type { PauseCause } from '../../../db/schema/json.ts';
import type { ActionGuardrailReading } from '../../app/jobs/read-guardrails.ts';
import type { ActionDef } from '../../domain/definition.ts';
import type { GuardrailReading } from '../../statistics/experiments/guardrails.ts';
import { toIsoOrNull } from '../frame/format.ts';
import type { action } from './schema.ts';

export type ActionView = z.infer<typeof action>;

/** An action with its state and its guardrails as the API shows it. */
export function toActionView(
  def: ActionDef,
  paused: PausedAction | null,
  guardrails: ActionGuardrailReading | null,
): ActionView {
  return {
    id: def.id,
    class: def.class,
    state: paused ? 'paused' : 'active',
    pausedSince: toIsoOrNull(paused?.since),
    pauseCause: paused && pauseCauseView(paused.cause),
    exposed: guardrails?.exposed ?? null,
    guardrails: guardrails?.readings.map(({ harm, ...reading }) => ({ harm, ...readingView(reading) })) ?? [],
  };
}

function pauseCauseView({ harm, reason, by, reading }: PauseCause) {
  return {
    harm,
    reason: reason ?? null,
    actor: by ?? null,
    reading: reading ? readingView(reading as GuardrailReading) : null,
  };
}

function readingView({ verdict, p, alpha, tolerance, ratio, treated, control }: GuardrailReading) {
  const side = ({ customers, events }: GuardrailReading['treated']) => ({ customers, harmed: events });
  return { verdict, p, alpha, tolerance, ratio, treated: side(treated), control: side(control) };
}
