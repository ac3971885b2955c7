import type { Tx } from '../../../db/client.ts';
import { resumeAction } from '../../../db/guardrails/paused-actions.ts';
import { readActionEvidence } from '../../app/actions/action-evidence.ts';
import {
  type ActionState,
  pauseActionByHand,
  readActionStates,
  requireAction,
} from '../../app/actions/action-states.ts';
import { readActiveBundle, requireActiveBundle } from '../../app/config/active-bundle.ts';
import type { ActionDef } from '../../domain/definition.ts';
import { decodeCursor, encodeCursor, toPage } from '../frame/cursor.ts';
import { type Call, defineOperation, type Operation, type Reply } from '../frame/operation.ts';
import { requireKeptPeriod } from '../reports/kept-period.ts';
import { parsePeriod } from '../reports/period.ts';
import {
  action,
  actionDetail,
  actionList,
  actionQuery,
  actionsQuery,
  arbitrationSettings,
  pauseBody,
} from './schema.ts';
import { type ActionView, toActionDetailView, toActionView, toArbitrationView } from './view.ts';

const tag = 'Actions';
const replies = { 200: { description: 'The action after the change', schema: action } };

/** The actions of the active bundle. */
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
      const actions = (bundle?.actions ?? [])
        .filter(({ id }) => id > after)
        .sort((a, b) => (a.id < b.id ? -1 : 1))
        .slice(0, limit + 1);
      const page = toPage(
        actions,
        limit,
        ({ id }) => encodeCursor(id),
        (def) => def,
      );
      const states = bundle ? await readActionStates(api.deps, bundle, page.data) : [];
      const data = bundle ? states.map((state) => toActionView(state, bundle)) : [];
      return { body: { data, nextCursor: page.nextCursor } };
    },
  }),
  defineOperation({
    id: 'getAction',
    method: 'get',
    path: '/v1/actions/{id}',
    tag,
    summary: 'One action: its guardrails, its share of exploration, and predicted against observed rewards',
    scope: 'read',
    query: actionQuery,
    replies: { 200: { description: 'The action, and its choices of the period', schema: actionDetail } },
    problems: [404],
    async handle({ api, workspace, params, query }) {
      const { bundle, action: def } = await requireAction(api.deps, workspace, params.id as string);
      const now = Date.now();
      const asked = { workspace, action: def.id, period: parsePeriod(query, now), now };
      const [state] = await readActionStates(api.deps, bundle, [def]);
      const evidence = await readActionEvidence(api.deps, asked, (period) =>
        requireKeptPeriod(api.deps.db, period, ['decisions']),
      );
      return { body: toActionDetailView(state as ActionState, evidence, bundle) };
    },
  }),
  defineOperation({
    id: 'getArbitration',
    method: 'get',
    path: '/v1/arbitration',
    tag,
    summary: 'The weights by which actions compete. POST /v1/what-if answers what others would change',
    scope: 'read',
    replies: { 200: { description: 'The weights of the active bundle', schema: arbitrationSettings } },
    problems: [404],
    async handle({ api, workspace }) {
      return { body: toArbitrationView(await requireActiveBundle(api.deps, workspace)) };
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
    replies,
    problems: [404, 422],
    handle: (call) =>
      changeAction(call, async (tx, def) => pauseActionByHand(tx, call.workspace, def, call.body)),
  }),
  defineOperation({
    id: 'resumeAction',
    method: 'post',
    path: '/v1/actions/{id}/resume',
    tag,
    summary: 'End the pause of an action; its guardrails start again from now',
    scope: 'configure',
    body: pauseBody,
    replies,
    problems: [404],
    handle: (call) =>
      changeAction(call, async (tx, { id: action }) => {
        const { reason, actor } = call.body;
        await resumeAction(tx, { workspace: call.workspace, action, by: actor, reason });
      }),
  }),
];

async function changeAction(
  call: Call,
  change: (tx: Tx, def: ActionDef) => Promise<void>,
): Promise<Reply<ActionView>> {
  const { api, workspace, params } = call;
  const { bundle, action: def } = await requireAction(api.deps, workspace, params.id as string);
  await call.once<null>(async (record) => {
    await api.deps.db.sql.begin(async (tx) => {
      await change(tx, def);
      await record(tx, null);
    });
    return null;
  });
  const states = await readActionStates(api.deps, bundle, [def]);
  return { body: toActionView(states[0] as ActionState, bundle) };
}

function isActionPlace(place: unknown[]): boolean {
  return place.length === 1 && typeof place[0] === 'string';
}
