import type { WorkspaceDef } from '../domain/definition.ts';
import { DAY } from '../domain/time.ts';
import { type Reports, whenAt } from './cel-check.ts';
import { checkUnique } from './check-unique.ts';
import { fraction, hundredths, millis, minorUnits, minutes } from './scalars.ts';
import type { WorkspaceSource } from './workspace-schema.ts';

type Decisioning = Pick<
  WorkspaceDef,
  'autonomy' | 'arbitration' | 'ideal' | 'worth' | 'guardrails' | 'sendTime'
>;

/** Compiles what `workspace.yaml` says of decisions and of worth, and checks what the schema can't. */
export function compileDecisioning(source: WorkspaceSource, reports: Reports): Decisioning {
  const { autonomy, arbitration, ideal, guardrails, sendTime } = source;
  checkUnique(arbitration.off, 'arbitration.off', reports.error);
  checkUnique(
    ideal.map(({ id }) => id),
    'ideal',
    reports.error,
    '.id',
  );
  if (guardrails) checkUnique(guardrails.harms, 'guardrails.harms', reports.error);
  return {
    autonomy,
    arbitration: {
      mode: arbitration.mode,
      off: arbitration.off,
      fatigue: minorUnits(arbitration.fatigue),
      explore: hundredths(arbitration.explore),
    },
    ideal: ideal.map(({ id, when, weight }, index) => ({
      id,
      when: whenAt(reports, `ideal[${index}]`, when, { events: null, enrollment: false }) ?? 'false',
      weight,
    })),
    worth: compileWorth(source.worth, reports),
    guardrails: guardrails ? { ...guardrails, within: millis(guardrails.within) } : null,
    sendTime: {
      fallback: sendTime.fallback === undefined ? null : minutes(sendTime.fallback),
      explore: hundredths(sendTime.explore),
    },
  };
}

/** Parts of 1 as people write them: `0.6 + 0.2 + 0.1 + 0.1` isn't exactly 1 for a computer. */
const ROUNDING = 1e-9;
/** Ten years: nobody's buying is known for longer. */
const MOST_WEEKS = 520;

function compileWorth(source: WorkspaceSource['worth'], { error }: Reports): WorkspaceDef['worth'] {
  const { weights, warm, hot } = source;
  const sum = weights.future + weights.margin + weights.advocacy + weights.engagement;
  if (Math.abs(sum - 1) > ROUNDING)
    error('worth.weights', `must sum to 1, and these sum to ${Number(sum.toFixed(6))}`);
  const horizonWeeks = millis(source.horizon) / (7 * DAY);
  if (!Number.isInteger(horizonWeeks) || horizonWeeks > MOST_WEEKS)
    error('worth.horizon', `must be whole weeks, such as 52w, and at most ${MOST_WEEKS}w`);
  if (warm >= hot) error('worth.warm', `must be below hot, which is ${hot}`);
  return {
    margin: fraction(source.margin),
    discount: fraction(source.discount),
    horizonWeeks,
    weights,
    warm,
    hot,
  };
}
