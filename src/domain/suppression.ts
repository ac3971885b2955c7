/**
 * Why an address is on the suppression list, where the provider keeps the customer's own "no" for it. Their "yes" by the
 * same way takes it off the list; every other reason is final.
 */
export const UNSUBSCRIBED_REASON = 'unsubscribed';
