import { defineSearch, oneOf, text } from '../../app/search.ts';

export const SECTIONS = ['overview', 'events', 'channels', 'jobs', 'journeys', 'storage'] as const;

export const operationsSearch = defineSearch({ section: oneOf(...SECTIONS), code: text, source: text });
