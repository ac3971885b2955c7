import type { z } from 'zod';
import type { PauseCause } from '../../../db/schema/json.ts';
import type { ActionState } from '../../app/actions/action-states.ts';
import type { GuardrailReading } from '../../statistics/experiments/guardrails.ts';
import { toIsoOrNull } from '../frame/format.ts';
import type { action } from './schema.ts';

export type ActionView = z.infer<typeof action>;

/** An action with its state and its guardrails as the API shows it. */
export function toActionView({ action: def, pause, guardrails }: ActionState): ActionView {
  return {
    id: def.id,
    class: def.class,
    state: pause ? 'paused' : 'active',
    pausedSince: toIsoOrNull(pause?.since),
    pauseCause: pause && pauseCauseView(pause.cause),
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
