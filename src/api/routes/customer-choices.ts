import { readTaken } from '../../../db/queries/read-taken.ts';
import { EVENT } from '../../domain/event.ts';
import { DAY, type Instant, iso, parseDuration } from '../../domain/time.ts';
import { activeBundle } from '../active-bundle.ts';
import { command, eventAbout } from '../command.ts';
import { resolveRef } from '../customer-ref.ts';
import type { FieldError } from '../http-error.ts';
import { refuse, unknownChannel, unknownTopic } from '../known-scopes.ts';
import { type Call, type Operation, operation } from '../operation.ts';
import { consentsBody, preferencesBody, snoozeBody } from '../schemas/command.ts';
import { commandReplies as replies } from './customer-commands.ts';

const tag = 'Customers';
const problems = [404, 410];
const LONGEST_SNOOZE = 366 * DAY;

/** What customers choose, said for them by those whom they told (E-5). Their own pages append the same events. */
export const choiceOperations: Operation[] = [
  operation({
    method: 'post',
    path: '/v1/customers/{ref}/snooze',
    tag,
    summary: 'No marketing until then: none, or none about these topics. What was said last holds',
    scope: 'act',
    body: snoozeBody,
    replies,
    problems,
    async handle(call) {
      const { api, workspace, body } = call;
      const id = await ownerOf(call);
      const { lastNow } = await readTaken(api.deps.db.sql, id);
      const now = Math.max(Date.now(), lastNow);
      const until = body.until === null ? null : untilOf(body, now);
      const bundle = await activeBundle(api, workspace);
      refuse([
        until === null ? null : outOfBounds(until, now, body.for === undefined ? 'until' : 'for'),
        ...(body.topics ?? []).map((topic, i) => unknownTopic(bundle, topic, `topics[${i}]`)),
      ]);
      const { topics, reason, actor } = body;
      const said = {
        until: until === null ? null : iso(until),
        ...(topics ? { topics } : {}),
        reason,
        actor,
      };
      return command(call, [eventAbout(call, id, EVENT.snoozed, said)]);
    },
  }),
  operation({
    method: 'put',
    path: '/v1/customers/{ref}/consents',
    tag,
    summary:
      'Statements of consent, all in one commit. The list of statements only grows; what holds is in the view',
    scope: 'act',
    body: consentsBody,
    replies,
    problems,
    async handle(call) {
      const { consents, reason, actor } = call.body;
      const id = await ownerOf(call);
      const bundle = await activeBundle(call.api, call.workspace);
      refuse(
        consents.flatMap(({ channel, topic }, i) => [
          unknownChannel(bundle, channel, `consents[${i}].channel`),
          unknownTopic(bundle, topic, `consents[${i}].topic`),
        ]),
      );
      refuse(contradictions(consents));
      const by = { actor, ...(reason === undefined ? {} : { reason }) };
      const events = consents.map((consent, i) => ({
        ...eventAbout(call, id, EVENT.consentChanged, { ...consent, ...by }),
        messageId: `${call.messageId}/${i}`,
      }));
      return command(call, events);
    },
  }),
  operation({
    method: 'put',
    path: '/v1/customers/{ref}/preferences',
    tag,
    summary: 'How personal it may get, from 0 (nothing about the person) to 3',
    scope: 'act',
    body: preferencesBody,
    replies,
    problems,
    async handle(call) {
      const { personalisation, reason, actor } = call.body;
      const said = { personalisation, actor, ...(reason === undefined ? {} : { reason }) };
      return command(call, [eventAbout(call, await ownerOf(call), EVENT.preferencesChanged, said)]);
    },
  }),
];

function ownerOf({ api, workspace, params }: Call): Promise<string> {
  return resolveRef(api.deps.db, workspace, params.ref as string);
}

/** `for` counts in journey time, as the gate does. */
function untilOf(body: { until?: string | null; for?: string }, now: Instant): Instant {
  if (typeof body.until === 'string') return Date.parse(body.until);
  return now + (parseDuration(body.for ?? '') ?? 0);
}

function outOfBounds(until: Instant, now: Instant, path: string): FieldError | null {
  if (until <= now) return { path, code: 'in_the_past', detail: `${iso(until)} is past; null ends a snooze` };
  if (until <= now + LONGEST_SNOOZE) return null;
  return {
    path,
    code: 'too_far',
    detail: `${iso(until)} is more than a year ahead; withdraw the consent instead`,
  };
}

/** The same scope twice in one list: whichever held would be chance. */
function contradictions(
  consents: { purpose: string; channel: string; topic: string }[],
): (FieldError | null)[] {
  const seen = new Set<string>();
  return consents.map(({ purpose, channel, topic }, i) => {
    const scope = JSON.stringify([purpose, channel, topic]);
    if (!seen.has(scope)) {
      seen.add(scope);
      return null;
    }
    const detail = `${purpose}, ${channel}, ${topic} stands in the list twice`;
    return { path: `consents[${i}]`, code: 'said_twice', detail };
  });
}
