import {
  pauseAction,
  readPausedActions,
  readResumeTimes,
  resumeAction,
} from '../../../db/guardrails/paused-actions.ts';
import { readActiveBundle } from '../../app/config/active-bundle.ts';
import { readGuardrails } from '../../app/jobs/read-guardrails.ts';
import type { ActionDef, Bundle } from '../../domain/definition.ts';
import { BY_HAND } from '../../engine/gates/guardrail.ts';
import { decodeCursor, encodeCursor, toPage } from '../frame/cursor.ts';
import { HttpError, notFound } from '../frame/http-error.ts';
import { type Api, type Call, defineOperation, type Operation, type Reply } from '../frame/operation.ts';
import { action, actionList, actionsQuery, pauseBody } from './schema.ts';
import { type ActionView, toActionView } from './view.ts';

const tag = 'Actions';
const reply = { 200: { description: 'The action as it is now', schema: action } };

/** The actions of the active bundle: whether they may go out, and how their customers fare. */
export const actionOperations: Operation[] = [
  defineOperation({
    id: 'listActions',
    method: 'get',
    path: '/v1/actions',
    tag,
    summary: 'The actions of the active bundle, with the readings of their guardrails',
    scope: 'read',
    query: actionsQuery,
    replies: { 200: { description: 'By id', schema: actionList } },
    async handle({ api, workspace, query: { limit, cursor } }) {
      const after = decodeCursor<[string]>(cursor, isActionPlace)?.[0] ?? '';
      const bundle = await readActiveBundle(api.deps, workspace);
      const defs = (bundle?.actions ?? [])
        .filter(({ id }) => id > after)
        .sort((a, b) => (a.id < b.id ? -1 : 1))
        .slice(0, limit + 1);
      const page = toPage(
        defs,
        limit,
        ({ id }) => encodeCursor(id),
        (def) => def,
      );
      const data = bundle ? await viewsOf(api, bundle, page.data) : [];
      return { body: { data, nextCursor: page.nextCursor } };
    },
  }),
  defineOperation({
    id: 'pauseAction',
    method: 'post',
    path: '/v1/actions/{id}/pause',
    tag,
    summary: 'Stop an action for all customers, until it is resumed',
    scope: 'configure',
    body: pauseBody,
    replies: reply,
    problems: [404, 422],
    async handle(call) {
      const { api, workspace, body } = call;
      const [bundle, def] = await named(call);
      if (def.class === 'mandatory' || def.class === 'transactional') {
        const detail = `${def.id} is ${def.class}: what must be said isn't paused`;
        throw new HttpError(422, 'not_pausable', detail);
      }
      await pauseAction(api.deps.db.sql, {
        workspace,
        action: def.id,
        since: Date.now(),
        cause: { harm: BY_HAND, reason: body.reason, by: body.actor },
      });
      return answer(api, bundle, def);
    },
  }),
  defineOperation({
    id: 'resumeAction',
    method: 'post',
    path: '/v1/actions/{id}/resume',
    tag,
    summary: 'End the pause of an action; its guardrails start again from now',
    scope: 'configure',
    body: pauseBody,
    replies: reply,
    problems: [404],
    async handle(call) {
      const { api, workspace, body } = call;
      const [bundle, def] = await named(call);
      const { reason, actor } = body;
      await resumeAction(api.deps.db.sql, { workspace, action: def.id, by: actor, reason });
      return answer(api, bundle, def);
    },
  }),
];

async function named({ api, workspace, params }: Call): Promise<[Bundle, ActionDef]> {
  const bundle = await readActiveBundle(api.deps, workspace);
  const def = bundle?.actions.find(({ id }) => id === params.id);
  if (!bundle || !def) throw notFound('action');
  return [bundle, def];
}

async function answer(api: Api, bundle: Bundle, def: ActionDef): Promise<Reply<ActionView>> {
  const [body] = await viewsOf(api, bundle, [def]);
  return { body };
}

/** One action after the other: a reading looks at many rows, and others want the database too. */
async function viewsOf({ deps }: Api, bundle: Bundle, defs: ActionDef[]) {
  const { sql } = deps.db;
  const workspace = bundle.workspace.id;
  const paused = new Map((await readPausedActions(sql, workspace)).map((pause) => [pause.action, pause]));
  const resumed = await readResumeTimes(sql, workspace);
  const views = [];
  for (const def of defs) {
    const evidence = { now: Date.now(), resumedAt: resumed.get(def.id) ?? null };
    views.push(
      toActionView(def, paused.get(def.id) ?? null, await readGuardrails(sql, bundle, def, evidence)),
    );
  }
  return views;
}

function isActionPlace(place: unknown[]): boolean {
  return place.length === 1 && typeof place[0] === 'string';
}
