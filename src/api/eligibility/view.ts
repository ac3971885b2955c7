import type { z } from 'zod';
import type { GatePreview } from '../../app/decide/preview.ts';
import type { GateVerdict } from '../../domain/candidate.ts';
import { earliest, type Instant, iso } from '../../domain/time/time.ts';
import { toIsoOrNull, toVerdictViews } from '../frame/format.ts';
import type { actionEligibility } from './schema.ts';

/** The gates' answers as the API shows them. */
export function toEligibilityView(
  customerId: string,
  preview: GatePreview,
): z.infer<typeof actionEligibility> {
  const { action, enrollment, now, bundle } = preview;
  const channels = preview.channels.map(({ channel, gates }) => ({ channel, gates, ...liftOf(gates) }));
  const allowed = channels.some((channel) => channel.blocked === 0);
  return {
    customerId,
    action: action.id,
    class: action.class,
    asOf: iso(now),
    versions: { bundle: `b-${bundle}` },
    enrollmentId: enrollment?.id ?? null,
    allowed,
    liftsAt: allowed ? null : toIsoOrNull(earliest(...channels.map((channel) => channel.at))),
    channels: channels.map(({ channel, gates, blocked, at, on }) => ({
      channel,
      verdict: blocked === 0 ? 'allowed' : 'blocked',
      liftsAt: toIsoOrNull(at),
      liftsOn: on,
      gates: toVerdictViews(gates, { policy: bundle, action: bundle }),
    })),
  };
}

/** All reasons must lift: the latest time if time lifts every one, and the events that the others wait for. */
function liftOf(gates: GateVerdict[]): { blocked: number; at: Instant | null; on: string[] } {
  const blocking = gates.filter((gate) => !gate.pass);
  const times = blocking.flatMap((gate) => (typeof gate.liftsAt === 'number' ? [gate.liftsAt] : []));
  const on = blocking.flatMap((gate) => (gate.liftsOn ? [gate.liftsOn] : []));
  const byTime = blocking.length > 0 && times.length === blocking.length;
  return { blocked: blocking.length, at: byTime ? Math.max(...times) : null, on: [...new Set(on)] };
}
