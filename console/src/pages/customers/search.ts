import { defineSearch, text } from '../../app/search.ts';

export const customersSearch = defineSearch({ q: text });
export const customerSearch = defineSearch({ tab: text, action: text });
