import { viewAccount, viewMembers } from '../../../db/accounts/account-snapshot.ts';
import { readCustomerName } from '../../domain/customer/customer-name.ts';
import { iso } from '../../domain/time/time.ts';
import { toAttributeViews } from '../customers/attributes-view.ts';
import { toOpenTicketViews, toSuppressionView } from '../customers/suppression-view.ts';
import { decodeCursor, encodeCursor, isId, toPage } from '../frame/cursor.ts';
import { notFound } from '../frame/http-error.ts';
import { defineOperation, type Operation } from '../frame/operation.ts';
import { pageQuery } from '../frame/schema.ts';
import { account } from './schema.ts';

/** Companies and households (E-7). */
export const accountOperations: Operation[] = [
  defineOperation({
    id: 'getAccount',
    method: 'get',
    path: '/v1/accounts/{id}',
    tag: 'Accounts',
    summary: 'An account: attributes, members, open tickets and suppression',
    scope: 'read',
    query: pageQuery,
    replies: { 200: { description: 'The account at one instant', schema: account } },
    problems: [404],
    async handle({ api, workspace, params, query: { limit, cursor } }) {
      const { bundles, db } = api.deps;
      const place = decodeCursor<[string]>(cursor, (given) => given.length === 1 && isId(given[0]));
      const account = await viewAccount(db.sql, workspace, params.id as string);
      if (!account) throw notFound('account');
      const { id, configVersion, asOf, tickets } = account;
      const bundle = configVersion > 0 ? await bundles(db.sql, workspace, configVersion) : null;
      const request = { workspace, accountId: id, limit: limit + 1, after: place?.[0] ?? null };
      const members = await viewMembers(db.sql, request);
      const everybody = bundle?.workspace.tickets.scope === 'account' ? tickets : [];
      const body = {
        id,
        workspace,
        asOf: iso(asOf),
        name: readCustomerName(account.traits),
        createdAt: iso(account.createdAt),
        attributes: toAttributeViews(account.traits, bundle?.attributes ?? {}, asOf),
        openTickets: toOpenTicketViews(tickets),
        suppressed: toSuppressionView(everybody, bundle, asOf),
        memberCount: account.members,
        members: toPage(
          members,
          limit,
          (row) => encodeCursor(row.id),
          ({ traits, ...row }) => ({ ...row, name: readCustomerName(traits) }),
        ),
      };
      return { body };
    },
  }),
];
