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
export interface CustomerPath {
  touches: AttributionTouch[];
  /** When the path converted; null for a path without a conversion. */
  convertedAt: Instant | null;
  /** Number of conversions; 0 for a path without one. */
  conversions: number;
  /** Minor units. */
  value: number;
}

/** Paths with the same touches: what models divide credit by. */
export interface TouchPath {
  touches: { touchpoint: string; at: Instant }[];
  /** How many of them did not convert. */
  lost: number;
  /** Conversions of the others. */
  conversions: number;
  /** Minor units. */
  value: number;
}

/** Earlier touches of a path don't count. This bounds what is kept of a customer who sees a banner with each page. */
export const MOST_TOUCHES = 50;

/**
 * Builds the paths of one customer. The path of a conversion has the touches since the previous conversion that are not
 * older than `lookback`; conversions of one instant share a path. Touches that no conversion followed in time make paths
 * without a conversion, each of touches within `lookback` of its last one. So a path depends on nothing that happened
 * more than `lookback` before its end.
 */
export function buildPaths(
  touches: readonly AttributionTouch[],
  conversions: readonly Conversion[],
  lookback: number,
): CustomerPath[] {
  const paths: CustomerPath[] = [];
  let rest = [...touches].sort(compareTouches);
  for (const conversion of mergeByInstant(conversions)) {
    const before = rest.filter((touch) => touch.at <= conversion.convertedAt);
    const recent = before.filter((touch) => touch.at >= conversion.convertedAt - lookback);
    paths.push(...splitLost(before.slice(0, before.length - recent.length), lookback));
    paths.push({ ...conversion, touches: recent.slice(-MOST_TOUCHES) });
    rest = rest.slice(before.length);
  }
  return [...paths, ...splitLost(rest, lookback)];
}

/** Paths without a conversion, divided from the last touch backwards. */
function splitLost(touches: AttributionTouch[], lookback: number): CustomerPath[] {
  const paths: CustomerPath[] = [];
  let rest = touches;
  for (let last = rest.at(-1); last !== undefined; last = rest.at(-1)) {
    const since = last.at - lookback;
    const own = rest.filter((touch) => touch.at >= since);
    paths.unshift({ touches: own.slice(-MOST_TOUCHES), convertedAt: null, conversions: 0, value: 0 });
    rest = rest.slice(0, rest.length - own.length);
  }
  return paths;
}

/**
 * The touches as touchpoints. Touches without an action are left out if credit goes to actions, and touches without a
 * journey if it goes to journeys.
 * @param journey null: touches of all journeys
 */
export function toTouchpoints(
  touches: readonly AttributionTouch[],
  by: TouchpointKind,
  journey: string | null = null,
): TouchPath['touches'] {
  return touches.flatMap((touch) => {
    const touchpoint = nameTouchpoint(touch, by);
    const isLeftOut = touchpoint === null || (journey !== null && touch.journey !== journey);
    return isLeftOut ? [] : [{ touchpoint, at: touch.at }];
  });
}

function nameTouchpoint({ action, channel, journey }: AttributionTouch, by: TouchpointKind): string | null {
  if (by === 'channel') return channel;
  if (by === 'journey') return journey ?? null;
  if (action === null) return null;
  return by === 'action' ? action : `${action}@${channel}`;
}

/** By time; touches of one instant in an order that does not depend on what receives credit. */
function compareTouches(a: AttributionTouch, b: AttributionTouch): number {
  if (a.at !== b.at) return a.at - b.at;
  const [first, second] = [a, b].map(({ channel, action, journey }) => [
    channel,
    action ?? '',
    journey ?? '',
  ]);
  const differing = first?.findIndex((part, i) => part !== second?.[i]) ?? -1;
  if (differing < 0) return 0;
  return (first?.[differing] ?? '') < (second?.[differing] ?? '') ? -1 : 1;
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
