import { defineSearch, oneOf, text } from '../../app/search.ts';

/** What credit is given to. */
export const TOUCHPOINTS = ['channel', 'action', 'action_on_channel', 'journey'] as const;

export const reportSearch = defineSearch({
  /** First day of the period and the first day after it, `2026-11-01`. */
  from: text,
  to: text,
  by: oneOf(...TOUCHPOINTS),
  event: text,
  journey: text,
});
