/** An amount that the customer earned or cost, minor units. `service` is a cost, whatever its sign. */
export interface ValueAreaAmount {
  kind: 'category' | 'channel' | 'service';
  name: string;
  amount: number;
}

export interface ValueArea extends ValueAreaAmount {
  /** Percent of the net amount; null if the net amount isn't above 0. */
  share: number | null;
}

/**
 * Sums a customer's amounts by category or by channel, each as percent of the net amount, the largest first. The cost of
 * service is negative and part of both lists, so each list adds up to 100.
 */
export function sumValueAreas(
  kind: 'category' | 'channel',
  amounts: readonly ValueAreaAmount[],
): ValueArea[] {
  const sums = new Map<string, ValueAreaAmount>();
  for (const area of amounts) {
    if (area.kind !== kind && area.kind !== 'service') continue;
    const key = `${area.kind} ${area.name}`;
    const amount = area.kind === 'service' ? -Math.abs(area.amount) : area.amount;
    sums.set(key, { ...area, amount: (sums.get(key)?.amount ?? 0) + amount });
  }
  const net = [...sums.values()].reduce((sum, { amount }) => sum + amount, 0);
  return [...sums]
    .sort(([keyA, a], [keyB, b]) => b.amount - a.amount || (keyA < keyB ? -1 : 1))
    .map(([, area]) => ({ ...area, share: net > 0 ? (100 * area.amount) / net : null }));
}
