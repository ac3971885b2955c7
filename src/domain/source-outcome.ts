/** What becomes of a request to a source of webhooks. `limited`: it came too fast. */
export const SOURCE_OUTCOMES = [
  'accepted',
  'repeated',
  'ignored',
  'unreadable',
  'refused',
  'limited',
] as const;
export type SourceOutcome = (typeof SOURCE_OUTCOMES)[number];
