import type { ArmDifference, ArmMean } from '../../statistics/experiments/compare.ts';
import type { Headline } from '../../statistics/experiments/headline.ts';

/**
 * A comparison with its amounts as the API writes them. Kinds without a control hold no mean, and get none (E-4).
 * @param amount writes one: as it is, or as money
 */
export function toHeadlineView<Amount>(headline: Headline, amount: (n: number) => Amount) {
  if (headline.kind === 'compared') {
    const { kind, lift, p } = headline;
    return { kind, ...differenceView(headline, amount), lift, p };
  }
  if (headline.kind === 'underpowered') return { kind: headline.kind, ...differenceView(headline, amount) };
  return headline;
}

function differenceView<Amount>(headline: ArmDifference, amount: (n: number) => Amount) {
  const side = ({ customers, mean }: ArmMean) => ({ customers, mean: amount(mean) });
  return {
    difference: amount(headline.difference),
    low: amount(headline.low),
    high: amount(headline.high),
    detectable: amount(headline.detectable),
    treated: side(headline.treated),
    control: side(headline.control),
  };
}

/** Writes a number that is not money. */
export function toNumber(n: number): number {
  return n;
}
