import type { AttributeDef } from '../definition.ts';
import type { JourneyEvent } from '../event.ts';
import { getOwn } from '../values/get-own.ts';
import { isDeviceTrait, joinOrigins, readDeviceTraits, splitOrigins } from './device-traits.ts';
import { limitTraits } from './room.ts';
import { readStatedTraits } from './stated-traits.ts';
import type { Trait } from './trait.ts';

type Traits = Record<string, Trait>;
type Attributes = Record<string, AttributeDef>;
type Folded = Pick<JourneyEvent, 'type' | 'traits' | 'context' | 'at' | 'seq' | 'source' | 'unproven'>;

/**
 * Folds what an event says about its customer into traits, in place: what it states, and the settings of the device.
 * @param read names of traits that always have room
 * @returns the names of traits that went because there was no room for all
 */
export function foldEventTraits(
  traits: Traits,
  event: Folded,
  attributes: Attributes,
  read?: readonly string[],
): string[] {
  const isStated = foldValues(traits, readStatedTraits(event), event, attributes);
  const isSet = foldValues(traits, readDeviceTraits(event), event, attributes, true);
  return isStated || isSet ? limitTraits(traits, read) : [];
}

/** Folds stated values into traits, in place. Returns the names of traits that went for lack of room. */
export function foldTraits(
  traits: Traits,
  values: Record<string, unknown>,
  event: Pick<JourneyEvent, 'at' | 'seq' | 'source' | 'unproven'>,
  attributes: Attributes,
  read?: readonly string[],
): string[] {
  return foldValues(traits, values, event, attributes) ? limitTraits(traits, read) : [];
}

/**
 * The last writer by (at, seq) wins, among what was stated and among what devices are set to. If a source is declared, only
 * its values count (C-1). Returns whether anything changed.
 */
function foldValues(
  traits: Traits,
  values: Record<string, unknown>,
  { at, seq, source, unproven }: Pick<JourneyEvent, 'at' | 'seq' | 'source' | 'unproven'>,
  attributes: Attributes,
  isDevice = false,
): boolean {
  let changed = false;
  for (const [key, value] of Object.entries(values)) {
    if (key === '__proto__') continue;
    const declared = getOwn(attributes, key)?.source ?? null;
    if (declared !== null && declared !== source) continue;
    const before = getOwn(traits, key);
    const origins = isDeviceTrait(key) ? splitOrigins(before) : { stated: before };
    const current = isDevice ? origins.device : origins.stated;
    const isCurrent = current && (declared === null || current.source === declared);
    const isUnproven = unproven?.includes(key) ?? false;
    const isNewer = current && (current.at > at || (current.at === at && current.seq > seq));
    const isLess = current && compareProof(current, isUnproven);
    if (isCurrent && (isLess ? isLess > 0 : isNewer)) continue;
    const next: Trait = {
      value,
      at,
      seq,
      source,
      ...(isDevice ? { device: true } : {}),
      ...(isUnproven ? { unproven: true } : {}),
    };
    traits[key] = isDeviceTrait(key)
      ? (joinOrigins(key, isDevice ? { ...origins, device: next } : { ...origins, stated: next }) as Trait)
      : next;
    changed = true;
  }
  return changed;
}

/** Above 0 if a known value is better proven than the next one, below 0 if the next one is; 0: time decides. */
function compareProof(known: Trait, isUnproven: boolean): number {
  if (known.value === null || known.value === undefined) return 0;
  return Number(isUnproven) - Number(known.unproven ?? false);
}

/** The later value of each trait, and a proven one before one that is not. The loser's sequence numbers are of another log and become 0. */
export function mergeTraits(
  winner: Traits,
  loser: Traits,
  read?: readonly string[],
): { traits: Traits; dropped: string[] } {
  const traits = { ...winner };
  for (const [key, trait] of Object.entries(loser)) {
    const current = getOwn(traits, key);
    traits[key] = isDeviceTrait(key) ? mergeOrigins(key, current, trait) : laterTrait(current, trait);
  }
  return { traits, dropped: limitTraits(traits, read) };
}

function mergeOrigins(key: string, winner: Trait | undefined, loser: Trait): Trait {
  const [a, b] = [splitOrigins(winner), splitOrigins(loser)];
  const stated = b.stated ? laterTrait(a.stated, b.stated) : a.stated;
  const device = b.device ? laterTrait(a.device, b.device) : a.device;
  return joinOrigins(key, { ...(stated ? { stated } : {}), ...(device ? { device } : {}) }) as Trait;
}

function laterTrait(winner: Trait | undefined, loser: Trait): Trait {
  const proof = winner ? compareProof(winner, loser.unproven ?? false) : 0;
  if (proof !== 0) return proof > 0 ? (winner as Trait) : { ...loser, seq: 0 };
  const order = winner
    ? loser.at - winner.at || (serializeTrait(loser) > serializeTrait(winner) ? 1 : -1)
    : 1;
  return order > 0 ? { ...loser, seq: 0 } : (winner as Trait);
}

function serializeTrait({ value, source }: Trait): string {
  return JSON.stringify([value ?? null, source]);
}
