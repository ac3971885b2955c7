import { resolveCustomerId } from '../../../db/customers/resolve-reference.ts';
import { viewErasureDone } from '../../../db/erasure/erasure-status.ts';
import type { LogPosition } from '../../app/commands/append-commands.ts';
import { eraseRows, markErased } from '../../app/identity/erase-customer.ts';
import { type MergeRefusal, mergeCustomers } from '../../app/identity/merge-customers.ts';
import { type UnmergeResult, unmergeCustomers } from '../../app/identity/unmerge-customers.ts';
import { findCustomer, requireOwner, resolveReference } from '../customers/customer-ref.ts';
import { toIsoOrNull } from '../frame/format.ts';
import { HttpError, notFound } from '../frame/http-error.ts';
import { defineOperation, type Operation } from '../frame/operation.ts';
import { replyWithCustomer } from './command.ts';
import { commandReplies } from './routes.ts';
import { commandBody, eraseBody, erasure, mergeBody } from './schema.ts';

const tag = 'Customers';

/** Merging, unmerging and erasing customers. */
export const identityOperations: Operation[] = [
  defineOperation({
    id: 'mergeCustomer',
    method: 'post',
    path: '/v1/customers/{ref}/merge',
    tag,
    summary: 'Merge a customer into another. Both ids then lead to the other customer',
    scope: 'act',
    body: mergeBody,
    replies: commandReplies,
    problems: [404, 409, 410],
    async handle(call) {
      const { api, workspace, params, body } = call;
      const { db } = api.deps;
      const position = await call.once<LogPosition>(async (record) => {
        const loser = await resolveReference(db, workspace, params.ref as string);
        const winner = await resolveReference(db, workspace, body.into);
        const { actor, reason } = body;
        const request = { workspace, loser, winner, actor, reason };
        const merged = await mergeCustomers(api.decisionServices, request, async (tx, result) => {
          if (result.ok) await record(tx, { customerId: result.winner, seq: result.seq });
        });
        if (!merged.ok) throw new HttpError(STATUS[merged.reason], merged.reason, merged.message);
        return { customerId: merged.winner, seq: merged.seq };
      });
      api.notifyRelays();
      return replyWithCustomer(call, position);
    },
  }),
  defineOperation({
    id: 'unmergeCustomer',
    method: 'post',
    path: '/v1/customers/{ref}/unmerge',
    tag,
    summary: 'Undo a merge. `ref` is the id that was merged away; its events go to a new customer',
    scope: 'act',
    body: commandBody,
    replies: commandReplies,
    problems: [404, 409, 410],
    async handle(call) {
      const { api, workspace, params, body } = call;
      const position = await call.once<LogPosition>(async (record) => {
        const loser = params.ref as string;
        // Only the id itself names the merged customer: any other reference leads to the one it was merged into.
        requireOwner(await resolveCustomerId(api.deps.db.sql, workspace, loser));
        const { actor, reason } = body;
        const request = { workspace, loser, actor, reason };
        const unmerged = await unmergeCustomers(api.decisionServices, request, async (tx, result) => {
          if (result.ok) await record(tx, { customerId: result.customerId, seq: 1 });
        });
        if (!unmerged.ok) throw new HttpError(STATUS[unmerged.reason], unmerged.reason, unmerged.message);
        return { customerId: unmerged.customerId, seq: 1 };
      });
      api.notifyRelays();
      return replyWithCustomer(call, position);
    },
  }),
  defineOperation({
    id: 'eraseCustomer',
    method: 'post',
    path: '/v1/customers/{ref}/erase',
    tag,
    summary: 'Erase all records of a person, under all of their ids. Cannot be undone',
    scope: 'operate',
    body: eraseBody,
    replies: {
      200: { description: 'Erased, the histories in Temporal too', schema: erasure },
      202: { description: 'Erased here; the histories in Temporal are being deleted', schema: erasure },
    },
    problems: [404],
    async handle({ api, workspace, params, body, once }) {
      const { db, log } = api.deps;
      const { id, erasedIds: ids } = await once<Erased>(async (record) => {
        const customer = await findCustomer(db, workspace, params.ref as string);
        if (!customer) throw notFound('customer');
        const person = { workspace, customerId: customer.id, actor: body.actor };
        const result = await markErased(api.decisionServices, person, async (tx, erased) => {
          if (erased.ok) await record(tx, { id: erased.customerId, erasedIds: erased.ids });
        });
        if (!result.ok) throw notFound('customer');
        return { id: result.customerId, erasedIds: result.ids };
      });
      await eraseRows(api.decisionServices, workspace, ids);
      api.notifyRelays();
      // Who erased whom for what reason is no matter of the log: both are free text.
      log.info({ customerId: id }, 'a customer was erased');
      const deletedAt = await viewErasureDone(db.sql, ids);
      return {
        status: deletedAt === null ? 202 : 200,
        body: { id, ids, historiesDeletedAt: toIsoOrNull(deletedAt) },
      };
    },
  }),
];

/** What is recorded of an erasure (`forgetCommandsAbout` keeps it). */
interface Erased {
  id: string;
  erasedIds: string[];
}

const STATUS: Record<MergeRefusal | UnmergeRefusal, number> = {
  same_customer: 409,
  not_merged: 409,
  not_kept: 409,
  unknown_customer: 404,
  other_workspace: 404,
  erased: 410,
};

type UnmergeRefusal = Extract<UnmergeResult, { ok: false }>['reason'];
