import { pauseAction, readPaused, readResumed, resumeAction } from '../../../db/queries/guardrails-pause.ts';
import { readGuardrails } from '../../activities/read-guardrails.ts';
import { BY_HAND } from '../../decisioning/gates/guardrail.ts';
import type { ActionDef, Bundle } from '../../domain/definition.ts';
import { activeBundle } from '../active-bundle.ts';
import { cursorOf, pageOf, readCursor } from '../cursor.ts';
import { HttpError, notFound } from '../http-error.ts';
import { type Api, type Call, type Operation, operation, type Reply } from '../operation.ts';
import { action, actionList, actionsQuery, pauseBody } from '../schemas/report-actions.ts';
import { actionView } from '../views/action.ts';

const tag = 'Actions';
const reply = { 200: { description: 'The action as it is now', schema: action } };

/** The actions of the active bundle: whether they may go out, and how their customers fare. */
export const actionOperations: Operation[] = [
  operation({
    method: 'get',
    path: '/v1/actions',
    tag,
    summary: 'The actions of the active bundle, and what their guardrails say',
    scope: 'read',
    query: actionsQuery,
    replies: { 200: { description: 'By id', schema: actionList } },
    async handle({ api, workspace, query: { limit, cursor } }) {
      const after = readCursor<[string]>(cursor, isActionPlace)?.[0] ?? '';
      const bundle = await activeBundle(api, workspace);
      const defs = (bundle?.actions ?? [])
        .filter(({ id }) => id > after)
        .sort((a, b) => (a.id < b.id ? -1 : 1))
        .slice(0, limit + 1);
      const page = pageOf(
        defs,
        limit,
        ({ id }) => cursorOf(id),
        (def) => def,
      );
      const data = bundle ? await viewsOf(api, bundle, page.data) : [];
      return { body: { data, nextCursor: page.nextCursor } };
    },
  }),
  operation({
    method: 'post',
    path: '/v1/actions/{id}/pause',
    tag,
    summary: 'Let an action go out to nobody, until it is resumed',
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
        because: { harm: BY_HAND, reason: body.reason, by: body.actor },
      });
      return answer(api, bundle, def);
    },
  }),
  operation({
    method: 'post',
    path: '/v1/actions/{id}/resume',
    tag,
    summary: 'End the pause of an action; evidence against it counts from now on',
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
  const bundle = await activeBundle(api, workspace);
  const def = bundle?.actions.find(({ id }) => id === params.id);
  if (!bundle || !def) throw notFound('action');
  return [bundle, def];
}

async function answer(api: Api, bundle: Bundle, def: ActionDef): Promise<Reply> {
  const [body] = await viewsOf(api, bundle, [def]);
  return { body };
}

/** One action after the other: a reading looks at many rows, and others want the database too. */
async function viewsOf({ deps }: Api, bundle: Bundle, defs: ActionDef[]) {
  const { sql } = deps.db;
  const workspace = bundle.workspace.id;
  const paused = new Map((await readPaused(sql, workspace)).map((one) => [one.action, one]));
  const resumed = await readResumed(sql, workspace);
  const views = [];
  for (const def of defs) {
    const asked = { now: Date.now(), resumedAt: resumed.get(def.id) ?? null };
    views.push(actionView(def, paused.get(def.id) ?? null, await readGuardrails(sql, bundle, def, asked)));
  }
  return views;
}

function isActionPlace(place: unknown[]): boolean {
  return place.length === 1 && typeof place[0] === 'string';
}
