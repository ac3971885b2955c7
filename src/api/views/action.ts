import type { PauseBecause, PausedAction } from '../../../db/queries/guardrails-pause.ts';
import type { ActionReading } from '../../activities/read-guardrails.ts';
import type { GuardrailReading } from '../../decisioning/experiments/guardrails.ts';
import type { ActionDef } from '../../domain/definition.ts';
import { isoOrNull } from './format.ts';

/** An action as the API shows it. */
export function actionView(action: ActionDef, paused: PausedAction | null, found: ActionReading | null) {
  return {
    id: action.id,
    class: action.class,
    state: paused ? 'paused' : 'active',
    since: isoOrNull(paused?.since),
    because: paused && becauseView(paused.because),
    exposed: found?.exposed ?? null,
    guardrails: found?.readings.map(({ harm, ...reading }) => ({ harm, ...readingView(reading) })) ?? [],
  };
}

function becauseView({ harm, reason, by, reading }: PauseBecause) {
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
