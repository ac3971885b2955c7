import type { Tx } from '../../../db/client.ts';
import type { Identity } from '../../../db/identity/identities.ts';
import { readKnownAddresses } from '../../../db/identity/known-addresses.ts';
import { withdrawsConsent } from '../../domain/browser-key.ts';
import { EVENT } from '../../domain/event.ts';
import type { IncomingEvent } from '../intake/incoming-event.ts';

/** What the ids of an unproven event would do and don't. */
export interface UnprovenIds {
  /** Traits whose values identify another customer. */
  foreign: ('email' | 'phone')[];
  /** Path of the id by which the event would join two customers who are both known. */
  joins: string | null;
  /** It names a known customer by an address alone, to withdraw a consent. */
  isAddressOnly: boolean;
  /** Whether it names ids of other systems. */
  hasExternalIds: boolean;
}

type AddressType = 'email' | 'phone';
type FindCustomer = (identity: Identity) => string | undefined;

/**
 * The identities of events that anybody may have sent, with a browser key. Their user ids and anonymous ids count.
 * Addresses can be guessed, and so can ids of other systems: they lead to nobody who is known, except to withdraw a
 * consent. A customer of whom no address is known gets that of the event.
 */
export class UnprovenIdentities {
  /** By customer and kind of address. */
  private readonly known = new Set<string>();

  /** @param customerIds the customers that the events may be about */
  static async read(tx: Tx, customerIds: readonly string[]): Promise<UnprovenIdentities> {
    const read = new UnprovenIdentities();
    if (customerIds.length === 0) return read;
    for (const row of await readKnownAddresses(tx, [...new Set(customerIds)]))
      for (const type of ['email', 'phone', 'external'] as const)
        if (row[type]) read.known.add(`${row.customerId} ${type}`);
    return read;
  }

  /** The identities that may lead to the event's customer; null if it must be refused. */
  chooseLeading(event: IncomingEvent, identities: Identity[], find: FindCustomer): Identity[] | null {
    const leading = identities.filter(({ type }) => type === 'user' || type === 'anon');
    if (leading.length > 0) return leading;
    const isKnown = identities.some((identity) => find(identity) !== undefined);
    if (isKnown) return isWithdrawal(event) ? identities : null;
    return identities.some(isAddress) ? identities.filter(isAddress) : null;
  }

  /** The identities that may be bound to the event's customer, and what becomes of the others. */
  select(
    identities: Identity[],
    leading: Identity[],
    customerId: string,
    find: FindCustomer,
  ): { identities: Identity[]; unproven: UnprovenIds } {
    const foreign: AddressType[] = [];
    const bindable = identities.filter((identity) => {
      if (!isAddress(identity)) return leading.includes(identity);
      const owner = find(identity);
      if (owner !== undefined && owner !== customerId) foreign.push(identity.type as AddressType);
      if (owner !== undefined) return owner === customerId;
      const kind = `${customerId} ${identity.type}`;
      if (this.known.has(kind)) return false;
      this.known.add(kind);
      return true;
    });
    const hasExternalIds = identities.some(({ type }) => type === 'external');
    const isAddressOnly = leading.some(
      (id) => id.type !== 'user' && id.type !== 'anon' && find(id) !== undefined,
    );
    return { identities: bindable, unproven: { foreign, joins: null, isAddressOnly, hasExternalIds } };
  }

  /** Whether an address or another system's id is known of the customer. */
  isKnown(customerId: string): boolean {
    return ['email', 'phone', 'external'].some((type) => this.known.has(`${customerId} ${type}`));
  }
}

function isWithdrawal(event: IncomingEvent): boolean {
  return (event.type === 'identify' || event.name === EVENT.consentChanged) && withdrawsConsent(event);
}

function isAddress({ type }: Identity): boolean {
  return type === 'email' || type === 'phone';
}
