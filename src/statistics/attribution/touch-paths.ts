import type { Instant } from '../../domain/time/time.ts';

/** One contact or visit of a customer. */
export interface AttributionTouch {
  channel: string;
  /** The action that the touch belongs to; null for a visit without one. */
  action: string | null;
  /** The journey that the touch came from; null or missing if from none. */
  journey?: string | null;
  at: Instant;
}

/** A conversion of a customer. */
export interface Conversion {
  at: Instant;
  /** Minor units, net of refunds, never below zero. */
  value: number;
}

export const TOUCHPOINT_KINDS = ['channel', 'action', 'action_on_channel', 'journey'] as const;
/** What receives credit: channels, actions, actions on a channel (`tip@email`), or journeys. */
export type TouchpointKind = (typeof TOUCHPOINT_KINDS)[number];

/** The touches before a conversion, oldest first, or touches without a conversion. */
export interface TouchPath {
  touches: { touchpoint: string; at: Instant }[];
  /** When the path converted; null for a path without a conversion. */
  convertedAt: Instant | null;
  /** Number of conversions; 0 for a path without one. */
  conversions: number;
  /** Minor units. */
  value: number;
}

/**
 * Builds the paths of one customer. The path of a conversion has the touches since the previous conversion that are not
 * older than `lookback`; conversions of one instant share a path. Touches that no conversion followed in time make a path
 * without a conversion. Touches without an action are left out if credit goes to actions, and touches without a journey
 * if it goes to journeys.
 */
export function buildPaths(
  touches: readonly AttributionTouch[],
  conversions: readonly Conversion[],
  { by, lookback }: { by: TouchpointKind; lookback: number },
): TouchPath[] {
  const points = touches
    .flatMap((touch) => {
      const touchpoint = nameTouchpoint(touch, by);
      return touchpoint === null ? [] : [{ touchpoint, at: touch.at }];
    })
    .sort((a, b) => a.at - b.at || (a.touchpoint < b.touchpoint ? -1 : 1));
  const paths: TouchPath[] = [];
  let rest = points;
  for (const conversion of mergeByInstant(conversions)) {
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

function nameTouchpoint({ action, channel, journey }: AttributionTouch, by: TouchpointKind): string | null {
  if (by === 'channel') return channel;
  if (by === 'journey') return journey ?? null;
  if (action === null) return null;
  return by === 'action' ? action : `${action}@${channel}`;
}

function mergeByInstant(
  conversions: readonly Conversion[],
): { convertedAt: Instant; conversions: number; value: number }[] {
  const byInstant = new Map<Instant, { convertedAt: Instant; conversions: number; value: number }>();
  for (const { at, value } of conversions) {
    const other = byInstant.get(at) ?? { convertedAt: at, conversions: 0, value: 0 };
    byInstant.set(at, { convertedAt: at, conversions: other.conversions + 1, value: other.value + value });
  }
  return [...byInstant.values()].sort((a, b) => a.convertedAt - b.convertedAt);
}
