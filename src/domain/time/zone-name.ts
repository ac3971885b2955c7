import { isAbsent } from '../values/read-number.ts';
import { MINUTE, type Millis } from './time.ts';
import { WINDOWS_ZONES } from './windows-zones.ts';
import { ZONE_AREAS } from './zone-names.ts';

const LONGEST = 100;
/** Offsets in use: from UTC-12:00 to UTC+14:00. */
const MOST_WEST = -12 * 60;
const MOST_EAST = 14 * 60;

/** `+02:00`, `+0200`, `UTC+2`, `GMT +2`. A number alone says nothing: of hours or of minutes? */
const OFFSET = /^(?:utc|gmt)?_?([+-])_?(\d{1,2})(?::?(\d{2}))?$/;
const CANONICAL = /^UTC([+-])(\d{2}):(\d{2})$/;

/** IANA names by their spelling as it is compared. */
const ZONES = new Map<string, string>();
for (const [area, names] of Object.entries(ZONE_AREAS))
  for (const name of names.trim().split(/\s+/)) {
    const zone = area === '' ? name : `${area}/${name}`;
    ZONES.set(toKey(zone), zone);
  }
const WINDOWS = new Map(Object.entries(WINDOWS_ZONES).map(([name, zone]) => [toKey(name), zone]));

/**
 * The time zone that a value names: an IANA name in its usual spelling, or an offset as `UTC+02:00`. Names are known in any
 * case, old ones (`Asia/Calcutta`) and those of Windows, too. `GMT+2` is east of Greenwich, as people write it;
 * `Etc/GMT+2` is west, as IANA defines it. Undefined if none is named, or if it can't be read.
 */
export function readZoneName(value: unknown): string | undefined {
  if (typeof value !== 'string' || value.length > LONGEST) return undefined;
  const key = toKey(/\[([^[\]]+)\]$/.exec(value.trim())?.[1] ?? value);
  return ZONES.get(key) ?? WINDOWS.get(key) ?? (key === 'z' ? 'UTC' : toOffsetName(key));
}

/** Whether a value should name a time zone, and can't be read. */
export function isUnreadableZone(value: unknown): boolean {
  return !isAbsent(value) && readZoneName(value) === undefined;
}

/** How far a name such as `UTC+02:00` is east of UTC; undefined for other names. */
export function readOffsetName(name: string): Millis | undefined {
  const match = CANONICAL.exec(name);
  if (!match) return undefined;
  const [, sign, hours, minutes] = match;
  return (sign === '-' ? -1 : 1) * (Number(hours) * 60 + Number(minutes)) * MINUTE;
}

function toOffsetName(key: string): string | undefined {
  const match = OFFSET.exec(key);
  if (!match) return undefined;
  const [, sign, hours = '', minutes = '00'] = match;
  const east = (sign === '-' ? -1 : 1) * (Number(hours) * 60 + Number(minutes));
  if (Number(minutes) > 59 || east < MOST_WEST || east > MOST_EAST) return undefined;
  return east === 0 ? 'UTC' : `UTC${sign}${hours.padStart(2, '0')}:${minutes}`;
}

/** A spelling as it is compared: small letters, underscores for spaces, and no prefix of a Unix system. */
function toKey(text: string): string {
  return text
    .normalize('NFKC')
    .replace(/\p{Cf}/gu, '')
    .replace(/%2F/gi, '/')
    .replace(/[−–]/g, '-')
    .trim()
    .toLowerCase()
    .replace(/^:|^(posix|right)\//, '')
    .replace(/\s*[/\\]\s*/g, '/')
    .replace(/\s+/g, '_');
}
