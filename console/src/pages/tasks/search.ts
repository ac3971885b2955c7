import { defineSearch, text } from '../../app/search.ts';

export const tasksSearch = defineSearch({ queue: text, state: text, assignee: text });
