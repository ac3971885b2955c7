import { toText } from '../../../domain/event.ts';
import type { Fields } from '../json-body.ts';

/** A customer's id in Shopify. */
export const CUSTOMER = 'shopify';
/** The id of an order as one of its customer's: refunds, transactions and fulfilments name the order alone. */
export const ORDER = 'shopify_order';

const GID = /^gid:\/\/shopify\/\w+\/(\d+)$/;

/** The id of a resource as text. The GraphQL id has all digits of an id that is too large for a number of JSON. */
export function readShopifyId({ id, admin_graphql_api_id: gid }: Fields): string | undefined {
  return GID.exec(toText(gid) ?? '')?.[1] ?? toText(id);
}
