import type { z } from 'zod';
import type { PauseCause } from '../../../db/schema/json.ts';
import type { ActionEvidence } from '../../app/actions/action-evidence.ts';
import type { ActionState } from '../../app/actions/action-states.ts';
import { listOffers } from '../../app/actions/list-offers.ts';
import type { Aged } from '../../app/reports/counted/read-counted.ts';
import type { Bundle } from '../../domain/definition.ts';
import { iso, SECOND } from '../../domain/time/time.ts';
import type { GuardrailReading } from '../../statistics/experiments/guardrails.ts';
import { toIsoOrNull, toMoney } from '../frame/format.ts';
import { toPeriodView } from '../reports/period.ts';
import type { action, actionDetail, arbitrationSettings } from './schema.ts';

export type ActionView = z.infer<typeof action>;

/** An action with its state and its guardrails as the API shows it. */
export function toActionView(
  { action: def, pause, guardrails, recent }: ActionState,
  bundle: Bundle,
): ActionView {
  return {
    id: def.id,
    name: def.name ?? null,
    description: def.description ?? null,
    class: def.class,
    mode: def.mode,
    channels: def.channels,
    offeredBy: listOffers(bundle, def),
    recent,
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

/** An action with what its choices of a period came to. */
export function toActionDetailView(
  state: ActionState,
  { report: evidence, countedAt, period }: Aged<ActionEvidence>,
  bundle: Bundle,
): z.infer<typeof actionDetail> {
  const { action: def } = state;
  const { currency } = bundle.workspace;
  const { probabilities, amounts, pauses, ...choices } = evidence;
  const { purpose, topic, priority, lever, reward } = def;
  return {
    ...toActionView(state, bundle),
    purpose,
    topic,
    priority,
    lever,
    reward: reward && {
      on: reward.on,
      withinSeconds: reward.within / SECOND,
      unit: reward.amount === null ? 'share' : 'money',
    },
    countedAt: iso(countedAt),
    period: toPeriodView(period),
    choices,
    calibration: {
      probabilities,
      amounts: amounts && {
        cases: amounts.cases,
        predicted: toMoney(amounts.predicted, currency),
        observed: toMoney(amounts.observed, currency),
      },
    },
    pauses: pauses.map(({ since, cause, liftedAt, liftedBy }) => ({
      since: iso(since),
      cause: pauseCauseView(cause),
      liftedAt: toIsoOrNull(liftedAt),
      liftedBy,
    })),
  };
}

/** The weights of the active bundle. */
export function toArbitrationView({
  version,
  workspace,
  actions,
}: Bundle): z.infer<typeof arbitrationSettings> {
  const { mode, off, fatigue, explore } = workspace.arbitration;
  return {
    version,
    mode,
    off,
    fatigue: toMoney(fatigue, workspace.currency),
    explore: explore / 10_000,
    actions: actions.map(({ id: action, class: actionClass, priority, lever }) => ({
      action,
      class: actionClass,
      priority,
      lever,
    })),
  };
}

function readingView({ verdict, p, alpha, tolerance, ratio, treated, control }: GuardrailReading) {
  const side = ({ customers, events }: GuardrailReading['treated']) => ({ customers, harmed: events });
  return { verdict, p, alpha, tolerance, ratio, treated: side(treated), control: side(control) };
}
