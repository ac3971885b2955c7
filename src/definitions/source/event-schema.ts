import { z } from 'zod';
import { choice, eventName } from './scalars.ts';

const PROPERTY_TYPES = ['string', 'number', 'boolean', 'list', 'map', 'any'] as const;
export type PropertyType = (typeof PROPERTY_TYPES)[number];

/** events.yaml: types of events' properties. Conditions are checked against it. Events that arrive are not. */
export const eventsSource = z
  .record(eventName, z.record(z.string().min(1).max(100), choice(PROPERTY_TYPES)))
  .meta({ id: 'events', title: 'events.yaml' });
