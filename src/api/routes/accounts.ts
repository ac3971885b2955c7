import { viewAccount, viewContacts } from '../../../db/queries/view-account.ts';
import { iso } from '../../domain/time.ts';
import { cursorOf, isId, pageOf, readCursor } from '../cursor.ts';
import { notFound } from '../http-error.ts';
import { type Operation, operation } from '../operation.ts';
import { account } from '../schemas/account.ts';
import { pageQuery } from '../schemas/common.ts';
import { attributesView } from '../views/attributes.ts';
import { openTicketsOf, suppressedOf } from '../views/suppressed.ts';

/** Companies and households (E-7). */
export const accountOperations: Operation[] = [
  operation({
    method: 'get',
    path: '/v1/accounts/{id}',
    tag: 'Accounts',
    summary: 'An account: what is known of it, its contacts, and what silences them',
    scope: 'read',
    query: pageQuery,
    replies: { 200: { description: 'The account as of one instant', schema: account } },
    problems: [404],
    async handle({ api, workspace, params, query: { limit, cursor } }) {
      const { bundles, db } = api.deps;
      const place = readCursor<[string]>(cursor, (given) => given.length === 1 && isId(given[0]));
      const found = await viewAccount(db.sql, workspace, params.id as string);
      if (!found) throw notFound('account');
      const { id, configVersion, asOf, tickets } = found;
      const bundle = configVersion > 0 ? await bundles(db.sql, workspace, configVersion) : null;
      const wanted = { workspace, accountId: id, limit: limit + 1, after: place?.[0] ?? null };
      const contacts = await viewContacts(db.sql, wanted);
      const everybody = bundle?.workspace.tickets.scope === 'account' ? tickets : [];
      const body = {
        id,
        workspace,
        asOf: iso(asOf),
        createdAt: iso(found.createdAt),
        attributes: attributesView(found.traits, bundle?.attributes ?? {}, asOf),
        openTickets: openTicketsOf(tickets),
        suppressed: suppressedOf(everybody, bundle, asOf),
        contactCount: found.contacts,
        contacts: pageOf(
          contacts,
          limit,
          (row) => cursorOf(row.id),
          (row) => row,
        ),
      };
      return { body };
    },
  }),
];
