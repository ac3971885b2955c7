/** The customers of the example. */
export const PERSONS = ['helen', 'ada'] as const;
export type Person = (typeof PERSONS)[number];

/** How the API names one of them. */
export const refOf = (person: Person): string => `user:${person}`;
