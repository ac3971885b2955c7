import type { LiveState } from '../api/live-connection.ts';
import { useLive } from '../api/use-live.ts';

/**
 * Asks again whenever the customer has changed, for as long as the page is open.
 * @param token of an embedded page, which has no session
 */
export const useLiveCustomer = (customer: string, token?: string): LiveState =>
  useLive(token === undefined ? { customer } : { customer, token });
