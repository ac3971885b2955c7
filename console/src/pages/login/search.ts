import { defineSearch, text } from '../../app/search.ts';

export const loginSearch = defineSearch({ next: text });
