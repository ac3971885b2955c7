import type { z } from 'zod';
import { findByIdentity, findByPhone, findCustomers } from '../../../db/customers/find-customers.ts';
import { findByStatedEmail } from '../../../db/identity/known-addresses.ts';
import { awaitProcessed } from '../../app/commands/await-processed.ts';
import { readActiveBundle } from '../../app/config/active-bundle.ts';
import { readCustomerName } from '../../domain/customer/customer-name.ts';
import { normaliseEmailAddress } from '../../domain/customer/email-address.ts';
import { iso } from '../../domain/time/time.ts';
import { decodeCursor, encodeCursor, isTimeAndId, toPage } from '../frame/cursor.ts';
import { HttpError } from '../frame/http-error.ts';
import { type Api, defineOperation, type Operation } from '../frame/operation.ts';
import { findMergeRoot, requireOwner, resolveOwner } from './customer-ref.ts';
import { toLiveView } from './live-view.ts';
import { queryWorkflow } from './query-workflow.ts';
import { computeEtag, isFresh, readCustomer } from './read-customer.ts';
import { customer, customerQuery } from './schema.ts';
import { customerList, lookupBody, searchQuery } from './search-schema.ts';

const tag = 'Customers';

/** Reading customers. */
export const customerOperations: Operation[] = [
  defineOperation({
    id: 'searchCustomers',
    method: 'get',
    path: '/v1/customers',
    tag,
    summary: 'Search customers by what names them: an id, an address, a name, an order, a ticket, a coupon',
    scope: 'read',
    query: searchQuery,
    replies: { 200: { description: 'Newest first', schema: customerList } },
    async handle({ api, workspace, query }) {
      const place = decodeCursor<[string, string]>(query.cursor, isTimeAndId);
      const after = place && { created: place[0], id: place[1] };
      const { limit, stage, journey, segment, account } = query;
      const q = query.q.trim();
      const bundle = await readActiveBundle(api.deps, workspace);
      const country = bundle?.workspace.country;
      const reach = {
        account: bundle?.workspace.tickets.scope === 'account',
        group: bundle?.group?.shareSuppression === true,
        now: Date.now(),
      };
      const filters = {
        parked: query.parked === 'true',
        ticketOpen: query.ticketOpen === 'true',
        stage,
        journey,
        segment,
        account,
        suppressed: query.suppressed === 'true',
      };
      const search = { workspace, q, country, reach, ...filters, limit: limit + 1, after };
      const rows = await findCustomers(api.deps.db.sql, search);
      const body = toPage(
        rows,
        limit,
        (row) => encodeCursor(row.created, row.id),
        ({ created, traits, ...row }) => ({
          ...row,
          name: readCustomerName(traits),
          createdAt: iso(row.createdAt),
        }),
      );
      return { body };
    },
  }),
  defineOperation({
    id: 'lookUpCustomer',
    method: 'post',
    path: '/v1/customers/lookup',
    tag,
    summary: 'Look up a customer by an identifier that may not appear in a URL',
    scope: 'read',
    body: lookupBody,
    replies: { 200: { description: 'The customer', schema: customer } },
    problems: [404, 410],
    async handle({ api, workspace, body }) {
      const { id } = requireOwner(await findByIdentifier(api, workspace, body));
      return { body: (await readCustomer(api, workspace, id)).view };
    },
  }),
  defineOperation({
    id: 'getCustomer',
    method: 'get',
    path: '/v1/customers/{ref}',
    tag,
    summary: 'A customer by `cus_…`, `user:{userId}`, `anon:{anonymousId}` or `ext:{type}:{id}`',
    scope: 'read',
    embedded: 'customer',
    query: customerQuery,
    replies: {
      200: { description: 'The customer at one instant', schema: customer },
      304: { description: 'Unchanged since the version of `If-None-Match`' },
    },
    problems: [404, 409, 410],
    async handle({ api, workspace, params, query, headers }) {
      const { db } = api.deps;
      const { id, mergedInto } = await resolveOwner(db, workspace, params.ref as string);
      const { minSeq, live } = query;
      if (minSeq !== undefined && !(await awaitProcessed(db, id, minSeq, api.waitMs)))
        throw new HttpError(409, 'not_yet', `the journey has not processed event ${minSeq} yet`, {
          headers: { 'Retry-After': '1' },
        });
      const workflow =
        live === 'true' ? await queryWorkflow(api.deps, { workspace, customerId: id }) : undefined;
      const { snapshot, view: own } = await readCustomer(api, workspace, id);
      const view = { ...own, mergedInto };
      const etag = computeEtag(snapshot, view);
      const fresh = { ETag: etag, 'Cache-Control': 'private, no-cache' };
      if (workflow !== undefined)
        return {
          body: { ...view, live: workflow && toLiveView(workflow, snapshot) },
          headers: { 'Cache-Control': 'no-store' },
        };
      if (isFresh(etag, headers['if-none-match'])) return { status: 304, body: undefined, headers: fresh };
      return { body: view, headers: fresh };
    },
  }),
];

/** An external id is `{type}:{id}`. Workspaces without external ids use it for the user id. */
async function findByIdentifier(api: Api, workspace: string, body: z.infer<typeof lookupBody>) {
  const { db } = api.deps;
  const { email, phone, externalId, userId } = body;
  const by = (type: 'user' | 'external', value: string) => findByIdentity(db.sql, workspace, type, value);
  const id =
    email !== undefined
      ? await findByEmail(api, workspace, normaliseEmailAddress(email) ?? email)
      : phone !== undefined
        ? await findByPhone(db.sql, workspace, phone, await readCountry(api, workspace))
        : externalId !== undefined
          ? ((await by('external', externalId)) ?? (await by('user', externalId)))
          : await by('user', userId as string);
  return findMergeRoot(db, workspace, id);
}

/** The customer with the address, otherwise the one of whom a browser has stated it. */
async function findByEmail({ deps: { db } }: Api, workspace: string, email: string): Promise<string | null> {
  return (
    (await findByIdentity(db.sql, workspace, 'email', email)) ??
    (await findByStatedEmail(db.sql, workspace, email))
  );
}

/** The country whose national phone numbers the workspace understands. */
async function readCountry({ deps }: Api, workspace: string): Promise<string | undefined> {
  return (await readActiveBundle(deps, workspace))?.workspace.country;
}
