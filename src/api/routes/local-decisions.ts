import { uuidv7 } from 'uuidv7';
import type { LocalRef } from '../../../db/queries/read-local-caller.ts';
import { recordOutcome } from '../../activities/decide-locally/outcome.ts';
import { UnknownPlacement, WrongChannel } from '../../activities/decide-locally/question.ts';
import { phoneNumber } from '../../domain/address.ts';
import { emailAddress } from '../../domain/email-address.ts';
import { HttpError, notFound } from '../http-error.ts';
import { type Operation, operation } from '../operation.ts';
import { localDecision, localDecisionBody, outcomeBody, outcomeRecorded } from '../schemas/local-decision.ts';
import { localDecisionView } from '../views/local-decision.ts';

const tag = 'Decisions';

/** Asked on the spot, by a page, a chat bot, a telephone menu. */
export const localDecisionOperations: Operation[] = [
  operation({
    method: 'post',
    path: '/v1/decisions',
    tag,
    summary:
      'The next best action here and now. Whoever it is, there is an answer within the placement’s deadline',
    scope: 'decide',
    body: localDecisionBody,
    replies: { 200: { description: 'What to show', schema: localDecision } },
    problems: [422],
    async handle({ api, workspace, body }) {
      const began = performance.now();
      const { customer, placement, dryRun, content } = body;
      const id = `dec_${uuidv7().replaceAll('-', '')}`;
      const ref = customer === null ? null : refOf(customer);
      const { limit = null, channel = null } = body;
      const asked = { workspace, ref, placement, channel, limit, dryRun, content, id, began };
      try {
        const answer = await api.local.decide(asked);
        return { body: localDecisionView(answer), headers: { 'Cache-Control': 'no-store' } };
      } catch (error) {
        if (error instanceof UnknownPlacement) throw unknownPlacement(placement, error.known);
        if (error instanceof WrongChannel) throw wrongChannel(error.channel);
        throw error;
      }
    },
  }),
  operation({
    method: 'post',
    path: '/v1/decisions/{id}/outcomes',
    tag,
    summary: 'What became of an action that was offered. Only what was shown counts as a contact',
    scope: 'decide',
    body: outcomeBody,
    replies: { 200: { description: 'Recorded; the same again changes nothing', schema: outcomeRecorded } },
    problems: [404, 422],
    async handle({ api, workspace, params, body }) {
      const decisionId = params.id as string;
      const { actionId, kind } = body;
      const at = body.at === undefined ? null : Date.parse(body.at);
      const answer = await recordOutcome(api.decide, { workspace, decisionId, actionId, kind, at });
      if (answer.kind === 'unknown_decision') throw notFound('decision');
      if (answer.kind === 'unknown_action') throw unknownAction(actionId, answer.offered);
      api.notify();
      const { recorded } = answer;
      const when = new Date(recorded.at).toISOString();
      return { body: { decisionId, actionId, kind, ...recorded, at: when } };
    },
  }),
];

/** Bodies don't end in logs, so an address may name somebody here. One that can't be an address names nobody. */
function refOf(text: string): LocalRef | null {
  const [, type, value] = /^(user|anon|ext|email|phone):(.+)$/s.exec(text) ?? [];
  if (type === undefined || value === undefined) return { type: 'id', value: text };
  if (type === 'ext') return { type: 'external', value };
  if (type === 'email') return named('email', emailAddress(value));
  if (type === 'phone') return named('phone', phoneNumber(value));
  return { type: type as 'user' | 'anon', value };
}

function named(type: LocalRef['type'], value: string | undefined): LocalRef | null {
  return value === undefined ? null : { type, value };
}

function unknownPlacement(placement: string, known: string[]): HttpError {
  const detail =
    known.length === 0
      ? 'the bundle has no placements: add placements.yaml and apply it'
      : `there is no placement ${placement}: ${known.join(', ')}`;
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
