import { defineSearch, text } from '../../app/search.ts';

export const reportSearch = defineSearch({ from: text, to: text, by: text });
