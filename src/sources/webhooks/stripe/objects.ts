import { toText } from '../../../domain/event.ts';
import { isObject, readObject } from '../../../domain/values/json-object.ts';
import type { Fields } from '../json-body.ts';
import { dropAbsent, listExternalIds } from '../payload-fields.ts';

/** A customer's id in Stripe. */
const CUSTOMER = 'stripe';

/** The id of an object that is named or expanded. */
export function readReference(value: unknown): string | undefined {
  return isObject(value) ? toText(value.id) : toText(value);
}

/** What the shop has written on an object of Stripe. */
export function readMetadata({ metadata }: Fields): Fields {
  return readObject(metadata);
}

/** Whom an object is about: the shop's user if its metadata name one, the customer in Stripe, addresses. */
export function identify(object: Fields, traits: Fields): Fields {
  const userId = toText(readMetadata(object).user_id);
  return {
    ...(userId === undefined ? {} : { userId }),
    context: {
      externalIds: listExternalIds({ [CUSTOMER]: readReference(object.customer) }),
      traits: dropAbsent(traits),
    },
  };
}

/**
 * The time of an event. Objects of Stripe have no time of their last change, and Stripe makes the event when the object
 * changes: so it is the version.
 */
export function readEventTime({ event }: Fields): unknown {
  return readObject(event).created;
}

/** Test mode has customers and money of its own. */
export function readMode({ event }: Fields): Fields {
  return readObject(event).livemode === false ? { test: true } : {};
}
