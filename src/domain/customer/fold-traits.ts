import type { AttributeDef } from '../definition.ts';
import type { JourneyEvent } from '../event.ts';
import type { Instant } from '../time/time.ts';
import { getOwn } from '../values/get-own.ts';
import { limitTraits } from './room.ts';
import { readStatedTraits } from './stated-traits.ts';

export interface Trait {
  value: unknown;
  at: Instant;
  seq: number;
  source: string;
}

type Traits = Record<string, Trait>;

/** The traits that an event sets, with zone and language of the device where it names none. */
export function readTraits(
  event: Pick<JourneyEvent, 'type' | 'traits' | 'context'>,
): Record<string, unknown> {
  const values = readStatedTraits(event);
  for (const key of ['timezone', 'locale']) {
    if (values[key] === undefined && typeof event.context[key] === 'string') values[key] = event.context[key];
  }
  return values;
}

/**
 * Folds values into traits, in place. The last writer by (at, seq) wins. If a source is declared, only its values count
 * (C-1).
 * @param read names of traits that always have room
 * @returns the names of traits that went because there was no room for all
 */
export function foldTraits(
  traits: Traits,
  values: Record<string, unknown>,
  { at, seq, source }: Pick<JourneyEvent, 'at' | 'seq' | 'source'>,
  attributes: Record<string, AttributeDef>,
  read?: readonly string[],
): string[] {
  let changed = false;
  for (const [key, value] of Object.entries(values)) {
    if (key === '__proto__') continue;
    const declared = getOwn(attributes, key)?.source ?? null;
    if (declared !== null && declared !== source) continue;
    const current = getOwn(traits, key);
    const isCurrent = current && (declared === null || current.source === declared);
    if (isCurrent && (current.at > at || (current.at === at && current.seq > seq))) continue;
    traits[key] = { value, at, seq, source };
    changed = true;
  }
  return changed ? limitTraits(traits, read) : [];
}

/** The later value of each trait. The loser's sequence numbers are of another log and become 0. */
export function mergeTraits(
  winner: Traits,
  loser: Traits,
  read?: readonly string[],
): { traits: Traits; dropped: string[] } {
  const traits = { ...winner };
  for (const [key, trait] of Object.entries(loser)) {
    const current = getOwn(traits, key);
    const order = current
      ? trait.at - current.at || (serializeTrait(trait) > serializeTrait(current) ? 1 : -1)
      : 1;
    if (order > 0) traits[key] = { ...trait, seq: 0 };
  }
  return { traits, dropped: limitTraits(traits, read) };
}

function serializeTrait({ value, source }: Trait): string {
  return JSON.stringify([value ?? null, source]);
}
