import type { JourneyEvent } from '../event.ts';
import { NO_NOTES, type Note, writeNote } from '../note.ts';
import { isUnreadableZone, readZoneName } from '../time/zone-name.ts';
import { getOwn } from '../values/get-own.ts';
import { isUnreadableLocale, readLocale } from '../values/locale.ts';
import { readStatedTraits } from './stated-traits.ts';
import type { Trait } from './trait.ts';

/** How a trait that a device knows, too, is read. */
interface DeviceTraitRule {
  read(value: unknown): string | undefined;
  isUnreadable(value: unknown): boolean;
  note: 'unknown_locale' | 'unknown_time_zone';
}

/** The traits that `context` has, too: the settings of the device, sent with every call. */
const RULES: Readonly<Record<string, DeviceTraitRule>> = {
  locale: { read: readLocale, isUnreadable: isUnreadableLocale, note: 'unknown_locale' },
  timezone: { read: readZoneName, isUnreadable: isUnreadableZone, note: 'unknown_time_zone' },
};
const NAMES = Object.keys(RULES);

/** The two origins of such a trait. Each is folded and merged on its own. */
export interface Origins {
  /** What somebody has stated about the customer. */
  stated?: Trait;
  /** What a device of the customer is set to. */
  device?: Trait;
}

/** Whether a trait may come from a device, too. */
export function isDeviceTrait(name: string): boolean {
  return Object.hasOwn(RULES, name);
}

/** The settings of the device that an event names and that can be read. */
export function readDeviceTraits({ context }: Pick<JourneyEvent, 'context'>): Record<string, unknown> {
  const values: Record<string, unknown> = {};
  for (const name of NAMES)
    if (context[name] !== undefined && RULES[name]?.read(context[name]) !== undefined)
      values[name] = context[name];
  return values;
}

/** Takes a trait apart. */
export function splitOrigins(trait: Trait | undefined): Origins {
  if (!trait) return {};
  const { other, ...own } = trait;
  return trait.device
    ? { device: own, ...(other ? { stated: other } : {}) }
    : { stated: own, ...(other ? { device: other } : {}) };
}

/**
 * The trait that applies: what was stated, whenever that was; what the device is set to only where nothing was stated that
 * can be read. The other one is kept in it, for the next fold.
 */
export function joinOrigins(name: string, { stated, device }: Origins): Trait | undefined {
  if (!device || !stated) return device ?? stated;
  if (RULES[name]?.read(stated.value) !== undefined) return { ...stated, other: device };
  return { ...device, other: { ...stated, value: null } };
}

/** Notes languages and time zones that can't be read, of the customer and of the device. */
export function noteDeviceTraits(event: Pick<JourneyEvent, 'type' | 'traits' | 'context'>): readonly Note[] {
  const { context } = event;
  const mayState = event.type === 'identify' || context.traits !== undefined;
  if (!mayState && context.locale === undefined && context.timezone === undefined) return NO_NOTES;
  const stated = mayState ? readStatedTraits(event) : {};
  const notes: Note[] = [];
  for (const name of NAMES) {
    const { isUnreadable, note } = RULES[name] as DeviceTraitRule;
    const own = getOwn(stated, name);
    if (isUnreadable(own)) notes.push(writeNote(note, `traits.${name}`, own));
    if (isUnreadable(context[name])) notes.push(writeNote(note, `context.${name}`, context[name]));
  }
  return notes.length > 0 ? notes : NO_NOTES;
}
