import { viewErasureDone } from '../../../db/queries/view-erasure.ts';
import { findRefById } from '../../../db/queries/view-ref.ts';
import { type MergeRefusal, mergeCustomers } from '../../intake/merge.ts';
import { type Unmerged, unmergeCustomers } from '../../intake/unmerge.ts';
import { answerAfter } from '../command.ts';
import { findRef, ownerOf, resolveRef } from '../customer-ref.ts';
import { erase } from '../erase.ts';
import { HttpError, notFound } from '../http-error.ts';
import { type Operation, operation } from '../operation.ts';
import { commandBody, eraseBody, erased, mergeBody } from '../schemas/command.ts';
import { isoOrNull } from '../views/format.ts';
import { commandReplies } from './customer-commands.ts';

const tag = 'Customers';

/** Two who are one, and one who is two. */
export const identityOperations: Operation[] = [
  operation({
    method: 'post',
    path: '/v1/customers/{ref}/merge',
    tag,
    summary: 'Merge a customer into another, who answers for both ids from then on',
    scope: 'act',
    body: mergeBody,
    replies: commandReplies,
    problems: [404, 409, 410],
    async handle(call) {
      const { api, workspace, params, body } = call;
      const { db } = api.deps;
      const loser = await resolveRef(db, workspace, params.ref as string);
      const winner = await resolveRef(db, workspace, body.into);
      const { actor, reason: because } = body;
      const merged = await mergeCustomers(api.decide, { workspace, loser, winner, actor, because });
      if (!merged.ok) throw new HttpError(STATUS[merged.reason], merged.reason, merged.message);
      api.notify();
      return answerAfter(call, { customerId: merged.winner, seq: merged.seq });
    },
  }),
  operation({
    method: 'post',
    path: '/v1/customers/{ref}/unmerge',
    tag,
    summary: 'Take two apart again. `ref` is the id that was lost; a new customer gets what came under it',
    scope: 'act',
    body: commandBody,
    replies: commandReplies,
    problems: [404, 409, 410],
    async handle(call) {
      const { api, workspace, params, body } = call;
      const loser = params.ref as string;
      // By its own id: any other reference leads to the customer who answers for it today.
      ownerOf(await findRefById(api.deps.db.sql, workspace, loser));
      const { actor, reason: because } = body;
      const unmerged = await unmergeCustomers(api.decide, { workspace, loser, actor, because });
      if (!unmerged.ok) throw new HttpError(STATUS[unmerged.reason], unmerged.reason, unmerged.message);
      api.notify();
      return answerAfter(call, { customerId: unmerged.customerId, seq: 1 });
    },
  }),
  operation({
    method: 'post',
    path: '/v1/customers/{ref}/erase',
    tag,
    summary: 'Erase a person: everything that is held of them, under all of their ids. Cannot be undone',
    scope: 'operate',
    body: eraseBody,
    replies: {
      200: { description: 'Erased, the histories in Temporal too', schema: erased },
      202: { description: 'Erased here; the histories in Temporal are being deleted', schema: erased },
    },
    problems: [404],
    async handle({ api, workspace, params, body }) {
      const { db, log } = api.deps;
      const found = await findRef(db, workspace, params.ref as string);
      if (!found) throw notFound('customer');
      const done = await erase(api, { workspace, customerId: found.id, actor: body.actor });
      if (!done.ok) throw notFound('customer');
      log.info({ customerId: found.id, actor: body.actor, reason: body.reason }, 'a customer was erased');
      const deletedAt = await viewErasureDone(db.sql, done.ids);
      return {
        status: deletedAt === null ? 202 : 200,
        body: { id: done.customerId, ids: done.ids, historiesDeletedAt: isoOrNull(deletedAt) },
      };
    },
  }),
];

const STATUS: Record<MergeRefusal | UnmergeRefusal, number> = {
  same_customer: 409,
  not_merged: 409,
  unknown_customer: 404,
  other_workspace: 404,
  erased: 410,
};

type UnmergeRefusal = Extract<Unmerged, { ok: false }>['reason'];
