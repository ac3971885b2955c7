/** Something that the customer brought or cost, minor units. `service` is a cost, whatever its sign. */
export interface ValueAreaAmount {
  kind: 'category' | 'channel' | 'service';
  name: string;
  amount: number;
}

export interface ValueArea extends ValueAreaAmount {
  /** Percent of the net; null when the net isn't above 0. */
  share: number | null;
}

/**
 * Where a customer's money comes from, by category or by channel: each area as percent of the net, the largest first.
 * What service cost is negative and belongs to both ways of looking at it, so each adds up to 100.
 */
export function sumValueAreas(
  kind: 'category' | 'channel',
  amounts: readonly ValueAreaAmount[],
): ValueArea[] {
  const sums = new Map<string, ValueAreaAmount>();
  for (const one of amounts) {
    if (one.kind !== kind && one.kind !== 'service') continue;
    const key = `${one.kind} ${one.name}`;
    const amount = one.kind === 'service' ? -Math.abs(one.amount) : one.amount;
    sums.set(key, { ...one, amount: (sums.get(key)?.amount ?? 0) + amount });
  }
  const net = [...sums.values()].reduce((sum, { amount }) => sum + amount, 0);
  return [...sums]
    .sort(([one, a], [other, b]) => b.amount - a.amount || (one < other ? -1 : 1))
    .map(([, area]) => ({ ...area, share: net > 0 ? (100 * area.amount) / net : null }));
}
