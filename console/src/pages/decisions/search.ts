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

export const ACTION_CLASSES = ['mandatory', 'transactional', 'service', 'marketing'] as const;
export const WATCHES = [
  'clear',
  'breached',
  'paused_by_guardrail',
  'paused_by_hand',
  'no_control',
  'none',
] as const;
export const ACTION_SORTS = ['name', 'sent', 'held', 'explored'] as const;

/** The filters of `/actions`. */
export const actionsSearch = defineSearch({
  q: text,
  class: oneOf(...ACTION_CLASSES),
  channel: text,
  stage: text,
  watch: oneOf(...WATCHES),
  sort: oneOf(...ACTION_SORTS),
});
