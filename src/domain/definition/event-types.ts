/** Types that events.yaml can declare for a property. */
export const PROPERTY_TYPES = ['string', 'number', 'boolean', 'list', 'map', 'any'] as const;
export type PropertyType = (typeof PROPERTY_TYPES)[number];

/** The declared types of properties, by event. */
export type EventTypes = Readonly<Record<string, Readonly<Record<string, PropertyType>>>>;
