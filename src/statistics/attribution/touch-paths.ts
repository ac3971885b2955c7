import type { Instant } from '../../domain/time/time.ts';

/** One contact or visit of a customer. */
export interface AttributionTouch {
  channel: string;
  /** The action that it belonged to; null for what the customer did on their own. */
  action: string | null;
  /** The journey that it came from; null or missing: from none. */
  journey?: string | null;
  at: Instant;
}

/** Something worth counting that a customer did. */
export interface Conversion {
  at: Instant;
  /** Minor units, net of refunds, never below zero. */
  value: number;
}

export const TOUCHPOINT_KINDS = ['channel', 'action', 'action_on_channel', 'journey'] as const;
/** What credit is given to: channels, actions, actions on a channel (`tip@email`), or journeys. */
export type TouchpointKind = (typeof TOUCHPOINT_KINDS)[number];

/** The touches that led to a conversion, oldest first, or that led nowhere. */
export interface TouchPath {
  touches: { touchpoint: string; at: Instant }[];
  /** When it converted; null for a path that didn't. */
  convertedAt: Instant | null;
  /** Whole conversions; 0 for a path that didn't. */
  conversions: number;
  /** Minor units. */
  value: number;
}

/**
 * One customer's paths. A conversion's path holds the touches since the conversion before it, no older than `lookback`;
 * conversions of one instant share a path. Touches that no conversion followed in time are a path that didn't convert.
 * Touches without an action are left out where credit goes to actions, and those of no journey where it goes to journeys.
 */
export function buildPaths(
  touches: readonly AttributionTouch[],
  conversions: readonly Conversion[],
  { by, lookback }: { by: TouchpointKind; lookback: number },
): TouchPath[] {
  const points = touches
    .flatMap((touch) => {
      const touchpoint = touchpointOf(touch, by);
      return touchpoint === null ? [] : [{ touchpoint, at: touch.at }];
    })
    .sort((a, b) => a.at - b.at || (a.touchpoint < b.touchpoint ? -1 : 1));
  const paths: TouchPath[] = [];
  let rest = points;
  for (const conversion of merged(conversions)) {
    const before = rest.filter((point) => point.at <= conversion.convertedAt);
    const recent = before.filter((point) => point.at >= conversion.convertedAt - lookback);
    const stale = before.slice(0, before.length - recent.length);
    if (stale.length > 0) paths.push({ touches: stale, convertedAt: null, conversions: 0, value: 0 });
    paths.push({ ...conversion, touches: recent });
    rest = rest.slice(before.length);
  }
  if (rest.length > 0) paths.push({ touches: rest, convertedAt: null, conversions: 0, value: 0 });
  return paths;
}

function touchpointOf({ action, channel, journey }: AttributionTouch, by: TouchpointKind): string | null {
  if (by === 'channel') return channel;
  if (by === 'journey') return journey ?? null;
  if (action === null) return null;
  return by === 'action' ? action : `${action}@${channel}`;
}

function merged(
  conversions: readonly Conversion[],
): { convertedAt: Instant; conversions: number; value: number }[] {
  const byInstant = new Map<Instant, { convertedAt: Instant; conversions: number; value: number }>();
  for (const { at, value } of conversions) {
    const other = byInstant.get(at) ?? { convertedAt: at, conversions: 0, value: 0 };
    byInstant.set(at, { convertedAt: at, conversions: other.conversions + 1, value: other.value + value });
  }
  return [...byInstant.values()].sort((a, b) => a.convertedAt - b.convertedAt);
}
