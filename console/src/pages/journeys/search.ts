import { defineSearch, oneOf, text } from '../../app/search.ts';

export const JOURNEY_STATES = ['running', 'empty', 'stuck'] as const;
export const SORTS = ['bundle', 'now', 'entered', 'name'] as const;
const TABS = ['overview', 'funnel', 'dropoff', 'versions', 'customers'] as const;

export const journeysSearch = defineSearch({
  q: text,
  class: oneOf('marketing', 'service'),
  owner: text,
  stage: text,
  state: oneOf(...JOURNEY_STATES),
  sort: oneOf(...SORTS),
});
export const journeySearch = defineSearch({ tab: oneOf(...TABS), step: text, from: text, to: text });
export const editSearch = defineSearch({ file: text, journey: text, rollback: text });
