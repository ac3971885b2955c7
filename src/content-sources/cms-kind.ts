import type { z } from 'zod';

/** The entry that is asked for. */
export interface EntryRequest {
  /** `id`, or `collection/id`. */
  entry: string;
  locale: string;
}

/** What an answer says about an entry. */
export interface EntryFields {
  fields: Record<string, unknown>;
  /** The CMS's revision or time of the entry; null if it names none. */
  version: string | null;
}

/** A kind of CMS: how an entry is asked for, and where it is in the answer. */
export interface CmsKind<Settings extends z.ZodObject = z.ZodObject> {
  /** The fields of its entry in the setting `CMS`. */
  settings: Settings;
  buildRequest(
    settings: z.output<Settings>,
    request: EntryRequest,
  ): { url: string; headers: Record<string, string> };
  /** Reads the body of a 200. Null: it has not the form that this CMS answers with. */
  readEntry(body: unknown, settings: z.output<Settings>): EntryFields | null;
}

/** Declares a kind; settings are typed by their schema. */
export function cmsKind<Settings extends z.ZodObject>(kind: CmsKind<Settings>): CmsKind {
  return kind as unknown as CmsKind;
}

/** The headers of a CMS with a token; without one its content is public. */
export function bearer(token: string | undefined): Record<string, string> {
  return token === undefined ? {} : { authorization: `Bearer ${token}` };
}

/** An object that is no list; null for anything else. */
export function asObject(value: unknown): Record<string, unknown> | null {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
    ? (value as Record<string, unknown>)
    : null;
}

/** A text or number as text; null for anything else. */
export function asText(value: unknown): string | null {
  if (typeof value === 'number') return String(value);
  return typeof value === 'string' && value !== '' ? value.slice(0, 200) : null;
}

/** The parts of an entry's id, each as part of a path. */
export function encodeEntry(entry: string): string {
  return entry.split('/').map(encodeURIComponent).join('/');
}
