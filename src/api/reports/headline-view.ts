import type { ArmDifference, ArmMean } from '../../statistics/experiments/compare.ts';
import type { Headline } from '../../statistics/experiments/headline.ts';

/**
 * A comparison with its amounts as the API writes them. Kinds without a control hold no mean, and get none (E-4).
 * @param amount writes one: as it is, or as money
 */
export function toHeadlineView<Amount>(found: Headline, amount: (n: number) => Amount) {
  if (found.kind === 'compared') {
    const { kind, lift, p } = found;
    return { kind, ...differenceView(found, amount), lift, p };
  }
  if (found.kind === 'underpowered') return { kind: found.kind, ...differenceView(found, amount) };
  return found;
}

function differenceView<Amount>(found: ArmDifference, amount: (n: number) => Amount) {
  const side = ({ customers, mean }: ArmMean) => ({ customers, mean: amount(mean) });
  return {
    difference: amount(found.difference),
    low: amount(found.low),
    high: amount(found.high),
    detectable: amount(found.detectable),
    treated: side(found.treated),
    control: side(found.control),
  };
}

/** Numbers that aren't money. */
export function toNumber(n: number): number {
  return n;
}
