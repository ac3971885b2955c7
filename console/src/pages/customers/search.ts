import { defineSearch, flag, oneOf, text } from '../../app/search.ts';

export const customersSearch = defineSearch({
  q: text,
  stage: text,
  journey: text,
  segment: text,
  account: text,
  ticket: flag,
  suppressed: flag,
  parked: flag,
});

/** Parts of a customer's page, of which one is shown. */
export const TABS = ['timeline', 'journeys', 'why', 'profile'] as const;

export const customerSearch = defineSearch({ tab: oneOf(...TABS), action: text, kind: text });
