import { toText } from '../event.ts';

/** The currency that a property names, in capitals; undefined if it names none. Senders also write `eur`. */
export function readCurrency(value: unknown): string | undefined {
  return toText(value)?.trim().toUpperCase();
}
