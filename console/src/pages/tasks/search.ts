import { defineSearch, oneOf, text } from '../../app/search.ts';

/** What of the desk is listed: by default what is open. `held`: claimed by the user; `snoozed`: put off. */
export const VIEWS = ['held', 'snoozed', 'resolved', 'withdrawn', 'expired'] as const;

export type View = (typeof VIEWS)[number];

export const tasksSearch = defineSearch({ queue: text, view: oneOf(...VIEWS), customer: text });
