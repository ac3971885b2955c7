import { defineSearch, text } from '../../app/search.ts';

export const decisionsSearch = defineSearch({ from: text, to: text, action: text, journey: text });
export const actionSearch = defineSearch({ tab: text });
