import type { z } from 'zod';
import type { GatePreview } from '../../app/decide/preview.ts';
import { earliest, iso } from '../../domain/time/time.ts';
import { computeLift } from '../../engine/lift.ts';
import { toIsoOrNull, toVerdictViews } from '../frame/format.ts';
import type { actionEligibility } from './schema.ts';

/** The gates' answers as the API shows them. */
export function toEligibilityView(
  customerId: string,
  preview: GatePreview,
): z.infer<typeof actionEligibility> {
  const { action, enrollment, now, bundle } = preview;
  const channels = preview.channels.map(({ channel, gates }) => ({
    channel,
    gates,
    lift: computeLift(gates),
    isAllowed: gates.every((gate) => gate.pass),
  }));
  const allowed = channels.some(({ isAllowed }) => isAllowed);
  return {
    customerId,
    action: action.id,
    class: action.class,
    asOf: iso(now),
    versions: { bundle: `b-${bundle}` },
    enrollmentId: enrollment?.id ?? null,
    allowed,
    liftsAt: allowed ? null : toIsoOrNull(earliest(...channels.map(({ lift }) => lift.at))),
    channels: channels.map(({ channel, gates, lift, isAllowed }) => ({
      channel,
      verdict: isAllowed ? 'allowed' : 'blocked',
      liftsAt: toIsoOrNull(lift.at),
      liftsOn: lift.events,
      gates: toVerdictViews(gates, { policy: bundle, action: bundle }),
    })),
  };
}
