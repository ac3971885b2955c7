import type { WorkspaceDef } from '../../domain/definition.ts';
import { DAY } from '../../domain/time/time.ts';
import { toMinorUnits } from '../../domain/values/money.ts';
import type { CompileContext } from '../check/context.ts';
import { checkUnique } from '../check/unique.ts';
import { toFraction, toHundredths, toMillis, toMinutes } from '../source/scalars.ts';
import type { WorkspaceSource } from '../source/workspace-schema.ts';
import { compileWhen } from './expression.ts';

type Decisioning = Pick<
  WorkspaceDef,
  'autonomy' | 'arbitration' | 'ideal' | 'worth' | 'guardrails' | 'sendTime'
>;

/** Compiles the keys of workspace.yaml that say how decisions are made and how a customer's value is computed. */
export function compileDecisioning(source: WorkspaceSource, context: CompileContext): Decisioning {
  const { autonomy, arbitration, ideal, guardrails, sendTime } = source;
  checkUnique(arbitration.off, 'arbitration.off', context.error);
  checkUnique(
    ideal.map(({ id }) => id),
    'ideal',
    context.error,
    '.id',
  );
  if (guardrails) checkUnique(guardrails.harms, 'guardrails.harms', context.error);
  return {
    autonomy,
    arbitration: {
      mode: arbitration.mode,
      off: arbitration.off,
      fatigue: toMinorUnits(arbitration.fatigue, source.currency) ?? 0,
      explore: toHundredths(arbitration.explore),
    },
    ideal: ideal.map(({ id, when, weight }, index) => ({
      id,
      when: compileWhen(context, `ideal[${index}]`, when, { events: null, enrollment: false }) ?? 'false',
      weight,
    })),
    worth: compileWorth(source.worth, context),
    guardrails: guardrails ? { ...guardrails, within: toMillis(guardrails.within) } : null,
    sendTime: {
      fallback: sendTime.fallback === undefined ? null : toMinutes(sendTime.fallback),
      explore: toHundredths(sendTime.explore),
    },
  };
}

/** In floating point `0.6 + 0.2 + 0.1 + 0.1` isn't exactly 1. */
const ROUNDING = 1e-9;
/** Ten years: purchases can't be predicted further ahead. */
const MAX_WEEKS = 520;

function compileWorth(source: WorkspaceSource['worth'], { error }: CompileContext): WorkspaceDef['worth'] {
  const { weights, warm, hot } = source;
  const sum = weights.future + weights.margin + weights.advocacy + weights.engagement;
  if (Math.abs(sum - 1) > ROUNDING) error('worth.weights', `must sum to 1, not ${Number(sum.toFixed(6))}`);
  const horizonWeeks = toMillis(source.horizon) / (7 * DAY);
  if (!Number.isInteger(horizonWeeks) || horizonWeeks > MAX_WEEKS)
    error('worth.horizon', `must be whole weeks, such as 52w, and at most ${MAX_WEEKS}w`);
  if (warm >= hot) error('worth.warm', `must be below hot, which is ${hot}`);
  return {
    margin: toFraction(source.margin),
    discount: toFraction(source.discount),
    horizonWeeks,
    weights,
    warm,
    hot,
  };
}
