import { useFormat } from '../format/use-format.ts';

/** An amount in minor units, such as 41200 for 412 EUR. */
export function Money({ minor, currency }: { minor: number; currency: string }) {
  return <span>{useFormat().money(minor, currency)}</span>;
}
