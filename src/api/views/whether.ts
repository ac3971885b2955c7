import type { z } from 'zod';
import type { Verdict } from '../../domain/candidate.ts';
import { earliest, type Instant, iso } from '../../domain/time.ts';
import type { Answers } from '../ask-gates.ts';
import type { whether } from '../schemas/whether.ts';
import { isoOrNull, verdictsOf } from './format.ts';

/** The gates' answers as the API shows them. */
export function whetherView(customerId: string, asked: Answers): z.infer<typeof whether> {
  const { action, enrollment, now, bundle } = asked;
  const channels = asked.channels.map(({ channel, gates }) => ({ channel, gates, ...liftOf(gates) }));
  const allowed = channels.some((one) => one.blocked === 0);
  return {
    customerId,
    action: action.id,
    class: action.class,
    asOf: iso(now),
    versions: { bundle: `b-${bundle}` },
    enrollmentId: enrollment?.id ?? null,
    allowed,
    liftsAt: allowed ? null : isoOrNull(earliest(...channels.map((one) => one.at))),
    channels: channels.map(({ channel, gates, blocked, at, on }) => ({
      channel,
      verdict: blocked === 0 ? 'allowed' : 'blocked',
      liftsAt: isoOrNull(at),
      liftsOn: on,
      gates: verdictsOf(gates, { policy: bundle, action: bundle }),
    })),
  };
}

/** All reasons must lift: the latest time if time lifts every one, and the events that the others wait for. */
function liftOf(gates: Verdict[]): { blocked: number; at: Instant | null; on: string[] } {
  const blocking = gates.filter((gate) => !gate.pass);
  const times = blocking.flatMap((gate) => (typeof gate.liftsAt === 'number' ? [gate.liftsAt] : []));
  const on = blocking.flatMap((gate) => (gate.liftsOn ? [gate.liftsOn] : []));
  const byTime = blocking.length > 0 && times.length === blocking.length;
  return { blocked: blocking.length, at: byTime ? Math.max(...times) : null, on: [...new Set(on)] };
}
