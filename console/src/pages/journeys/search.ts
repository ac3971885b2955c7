import { defineSearch, text } from '../../app/search.ts';

export const journeySearch = defineSearch({ tab: text, step: text, version: text });
export const editSearch = defineSearch({ file: text });
