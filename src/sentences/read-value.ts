import { toText } from '../domain/event.ts';
import { readTime } from '../domain/time/read-time.ts';
import type { Instant } from '../domain/time/time.ts';

/** The range of JavaScript's dates. */
const LAST: Instant = 8.64e15;

/** A text or a number of a sender; null for anything else, so that no sentence prints an object. */
export function readText(value: unknown): string | null {
  return toText(value) ?? null;
}

/** A finite number; null for anything else. */
export function readNumber(value: unknown): number | null {
  return typeof value === 'number' && Number.isFinite(value) ? value : null;
}

/** An instant as the API writes it (RFC 3339) or as records keep it (milliseconds); null for anything else. */
export function readInstant(value: unknown): Instant | null {
  if (typeof value === 'number') return Math.abs(value) <= LAST ? value : null;
  return typeof value === 'string' ? (readTime(value) ?? null) : null;
}

/** The texts of a list; null where there are none. */
export function readTexts(value: unknown): string[] | null {
  if (!Array.isArray(value)) return null;
  const texts = value.flatMap((item) => toText(item) ?? []);
  return texts.length > 0 ? texts : null;
}

/** The members of an object; none for anything else. */
export function readObject(value: unknown): Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
    ? (value as Record<string, unknown>)
    : {};
}
