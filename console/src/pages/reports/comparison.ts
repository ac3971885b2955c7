import type { components } from '../../api/schema.d.ts';

type Schemas = components['schemas'];
export type Headline = Schemas['Headline'];
export type MoneyHeadline = Schemas['MoneyHeadline'];
type Money = Schemas['Money'];

/** A comparison of treated customers with the control group, as numbers. */
export type Comparison =
  | { kind: 'invalid' }
  | { kind: 'no_control'; treated: number }
  | { kind: 'too_few'; treated: number; control: number; needed: number }
  | {
      kind: 'measured';
      /** Whether the interval leaves out zero. */
      verdict: 'more' | 'less' | 'open';
      difference: number;
      low: number;
      high: number;
      detectable: number;
      treated: number;
      control: number;
      /** Share of the mean of the controls. */
      lift: number | null;
    };

/** Reads the answer of the API. Amounts of money become numbers: they are shown, and nothing is computed of them. */
export function readComparison(headline: Headline | MoneyHeadline): Comparison {
  switch (headline.kind) {
    case 'invalid':
      return { kind: 'invalid' };
    case 'no_control':
      return { kind: 'no_control', treated: headline.treated };
    case 'too_few': {
      const { kind, treated, control, needed } = headline;
      return { kind, treated, control, needed };
    }
    default: {
      const [difference, low, high] = [headline.difference, headline.low, headline.high].map(toNumber);
      const measured = { difference, low, high } as { difference: number; low: number; high: number };
      return {
        kind: 'measured',
        ...measured,
        verdict: headline.kind === 'compared' ? judge(measured) : 'open',
        detectable: toNumber(headline.detectable),
        treated: toNumber(headline.treated.mean),
        control: toNumber(headline.control.mean),
        lift: headline.kind === 'compared' ? headline.lift : null,
      };
    }
  }
}

function judge({ low, high }: { low: number; high: number }): 'more' | 'less' | 'open' {
  if (low > 0) return 'more';
  return high < 0 ? 'less' : 'open';
}

/** A number, or an amount of money as one. */
export const toNumber = (value: number | Money): number =>
  typeof value === 'number' ? value : Number(value.amount);
