import { defineSearch, oneOf, text } from '../../app/search.ts';

/** The filters of `/decisions`. `days` is how far back, from today. */
export const decisionsSearch = defineSearch({
  tab: oneOf('decisions', 'weights'),
  days: oneOf('7', '30', '90'),
  action: text,
  journey: text,
  gate: text,
  outcome: oneOf('acted', 'held', 'nothing', 'offered', 'fallback'),
});

export const decisionSearch = defineSearch({
  find: text,
  verdict: oneOf('chosen', 'outranked', 'allowed', 'blocked'),
});

export const actionSearch = defineSearch({ days: oneOf('7', '30', '90') });
