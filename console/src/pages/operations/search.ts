import { defineSearch, text } from '../../app/search.ts';

export const operationsSearch = defineSearch({ tab: text, state: text });
