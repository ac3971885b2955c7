import type { z } from 'zod';
import type { LatestEvent } from '../../../db/events/latest-events.ts';
import { classifyEvent } from '../../domain/event.ts';
import { isReservedName } from '../../domain/reserved-name.ts';
import { iso } from '../../domain/time/time.ts';
import type { acceptedEventList } from './schema.ts';
import { shorten } from './shorten.ts';

/** An accepted event as a list shows it. */
export function toAcceptedEventView(event: LatestEvent): z.infer<typeof acceptedEventList>['data'][number] {
  const { id, messageId, customerId, userId, name, source, historical, repeats } = event;
  const { value, isWhole } = shorten(event.properties);
  return {
    id,
    messageId,
    customerId,
    userId,
    name,
    kind: classifyEvent(name),
    source,
    at: iso(event.at),
    acceptedAt: iso(event.acceptedAt),
    historical,
    internal: isReservedName(name),
    repeats,
    properties: value,
    isWhole,
    notes: event.notes ?? [],
  };
}
