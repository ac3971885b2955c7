import { uuidv7 } from 'uuidv7';
import type { RealtimeReference } from '../../../db/decisions/realtime-caller.ts';
import {
  type RealtimeAnswer,
  UnknownPlacementError,
  WrongChannelError,
} from '../../app/decide/realtime/realtime-request.ts';
import { type OutcomeAnswer, recordOutcome } from '../../app/decide/realtime/record-outcome.ts';
import type { InSameTransaction } from '../../app/in-same-transaction.ts';
import { normaliseEmailAddress } from '../../domain/customer/email-address.ts';
import { readPhoneKey } from '../../domain/customer/phone-number.ts';
import { parseInstant } from '../../domain/time/read-time.ts';
import { iso } from '../../domain/time/time.ts';
import { HttpError, notFound } from '../frame/http-error.ts';
import { defineOperation, type Operation } from '../frame/operation.ts';
import { outcomeBody, outcomeRecorded, realtimeDecision, realtimeDecisionBody } from './schema.ts';
import { type RealtimeDecisionView, toRealtimeDecisionView } from './view.ts';

const tag = 'Decisions';

/** Real-time decisions for a page, a chat bot or a telephone menu. */
export const realtimeOperations: Operation[] = [
  defineOperation({
    id: 'requestDecision',
    method: 'post',
    path: '/v1/decisions',
    tag,
    summary:
      'Request a real-time decision: the actions to show now. Answers within the deadline of the placement',
    scope: 'decide',
    body: realtimeDecisionBody,
    replies: { 200: { description: 'The actions to show', schema: realtimeDecision } },
    problems: [422],
    async handle({ api, workspace, body, once, isRepeatable }) {
      const startedAt = performance.now();
      const { customer, placement, dryRun, content } = body;
      const id = `dec_${uuidv7().replaceAll('-', '')}`;
      const ref = customer === null ? null : parseReference(customer);
      const { limit = null, channel = null } = body;
      const request = {
        workspace,
        reference: ref,
        placement,
        channel,
        limit,
        dryRun,
        content,
        id,
        startedAt,
      };
      try {
        const view = await once<RealtimeDecisionView>(async (record) => {
          const inSameTransaction: InSameTransaction<RealtimeAnswer> = (tx, answer) =>
            record(tx, toRealtimeDecisionView(answer));
          const keyed = isRepeatable ? { inSameTransaction } : {};
          return toRealtimeDecisionView(await api.realtime.decide({ ...request, ...keyed }));
        });
        return { body: view, headers: { 'Cache-Control': 'no-store' } };
      } catch (error) {
        if (error instanceof UnknownPlacementError) throw unknownPlacement(placement, error.placements);
        if (error instanceof WrongChannelError) throw wrongChannel(error.channel);
        throw error;
      }
    },
  }),
  defineOperation({
    id: 'reportOutcome',
    method: 'post',
    path: '/v1/decisions/{id}/outcomes',
    tag,
    summary: 'Report the outcome of an offered action. Only shown actions count as contacts',
    scope: 'decide',
    body: outcomeBody,
    replies: {
      200: { description: 'Recorded; repeating the call changes nothing', schema: outcomeRecorded },
    },
    problems: [404, 422],
    async handle({ api, workspace, params, body, once }) {
      const decisionId = params.id as string;
      const { actionId, kind } = body;
      const at = body.at === undefined ? null : parseInstant(body.at);
      const outcome = { workspace, decisionId, actionId, kind, at };
      const answer = await once<OutcomeAnswer>((record) =>
        recordOutcome(api.decisionServices, outcome, record),
      );
      if (answer.kind === 'unknown_decision') throw notFound('decision');
      if (answer.kind === 'unknown_action') throw unknownAction(actionId, answer.offered);
      api.notifyRelays();
      const { recorded } = answer;
      const when = iso(recorded.at);
      return { body: { decisionId, actionId, kind, ...recorded, at: when } };
    },
  }),
];

/** Bodies are not logged, so an address may identify the customer here. Text that is no address identifies no customer. */
function parseReference(text: string): RealtimeReference | null {
  const [, type, value] = /^(user|anon|ext|email|phone):(.+)$/s.exec(text) ?? [];
  if (type === undefined || value === undefined) return { type: 'id', value: text };
  if (type === 'ext') return { type: 'external', value };
  if (type === 'email') return toReference('email', normaliseEmailAddress(value));
  if (type === 'phone') return toReference('phone', readPhoneKey(value));
  return { type: type as 'user' | 'anon', value };
}

function toReference(type: RealtimeReference['type'], value: string | undefined): RealtimeReference | null {
  return value === undefined ? null : { type, value };
}

function unknownPlacement(placement: string, placements: string[]): HttpError {
  const detail =
    placements.length === 0
      ? 'the bundle has no placements: add placements.yaml and apply it'
      : `there is no placement ${placement}: ${placements.join(', ')}`;
  return new HttpError(422, 'unknown_placement', detail, {
    errors: [{ path: 'placement', code: 'unknown_placement' }],
  });
}

function wrongChannel(channel: string): HttpError {
  return new HttpError(422, 'wrong_channel', `the placement is of the channel ${channel}`, {
    errors: [{ path: 'channel', code: 'wrong_channel' }],
  });
}

function unknownAction(action: string, offered: string[]): HttpError {
  const detail =
    offered.length === 0
      ? 'this decision offered nothing'
      : `this decision did not offer ${action}: ${offered.join(', ')}`;
  return new HttpError(422, 'unknown_action', detail, {
    errors: [{ path: 'actionId', code: 'unknown_action' }],
  });
}
