import { z } from 'zod';
import { PROPERTY_TYPES } from '../../domain/definition/event-types.ts';
import { choice, eventName } from './scalars.ts';

/** events.yaml: types of events' properties. Conditions are checked against it, and declared numbers are read as numbers. */
export const eventsSource = z
  .record(eventName, z.record(z.string().min(1).max(100), choice(PROPERTY_TYPES)))
  .meta({ id: 'events', title: 'events.yaml' });
