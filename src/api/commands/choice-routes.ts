import type { z } from 'zod';
import { readProcessedPosition } from '../../../db/journeys/processed-position.ts';
import { buildEvent } from '../../app/commands/append-commands.ts';
import { readActiveBundle } from '../../app/config/active-bundle.ts';
import type { IncomingEvent } from '../../app/intake/incoming-event.ts';
import { EVENT } from '../../domain/event.ts';
import { parseInstant } from '../../domain/time/read-time.ts';
import { DAY, type Instant, iso, parseDuration } from '../../domain/time/time.ts';
import { resolveReference } from '../customers/customer-ref.ts';
import type { FieldError } from '../frame/http-error.ts';
import { type Call, defineOperation, type Operation } from '../frame/operation.ts';
import { checkChannel, checkTopic, rejectInvalidFields } from './check-scopes.ts';
import { runCommand } from './command.ts';
import { commandReplies as replies } from './routes.ts';
import { consentsBody, preferencesBody, snoozeBody } from './schema.ts';

const tag = 'Customers';
const problems = [404, 410];
const LONGEST_SNOOZE = 366 * DAY;

/** Choices of customers, recorded by support on their behalf (E-5). The customer pages append the same events. */
export const choiceOperations: Operation[] = [
  defineOperation({
    id: 'snoozeCustomer',
    method: 'post',
    path: '/v1/customers/{ref}/snooze',
    tag,
    summary: 'Stop marketing until a time: all of it, or some topics. The latest call applies',
    scope: 'act',
    body: snoozeBody,
    replies,
    problems,
    handle: (call) => runCommand(call, async () => [await buildSnooze(call)]),
  }),
  defineOperation({
    id: 'recordConsents',
    method: 'put',
    path: '/v1/customers/{ref}/consents',
    tag,
    summary: 'Record statements of consent, all in one commit',
    scope: 'act',
    body: consentsBody,
    replies,
    problems,
    handle: (call) => runCommand(call, () => buildConsents(call)),
  }),
  defineOperation({
    id: 'setPreferences',
    method: 'put',
    path: '/v1/customers/{ref}/preferences',
    tag,
    summary: 'Set the level of personalisation, from 0 (none) to 3',
    scope: 'act',
    body: preferencesBody,
    replies,
    problems,
    handle: (call) =>
      runCommand(call, async () => {
        const { personalisation, reason, actor } = call.body;
        const properties = { personalisation, actor, ...(reason === undefined ? {} : { reason }) };
        return [buildEvent(call, await resolveTarget(call), EVENT.preferencesChanged, properties)];
      }),
  }),
];

async function buildSnooze(call: Call<unknown, z.infer<typeof snoozeBody>>): Promise<IncomingEvent> {
  const { api, workspace, body } = call;
  const id = await resolveTarget(call);
  const { lastNow } = await readProcessedPosition(api.deps.db.sql, id);
  const now = Math.max(Date.now(), lastNow);
  const until = body.until === null ? null : computeSnoozeEnd(body, now);
  const bundle = await readActiveBundle(api.deps, workspace);
  rejectInvalidFields([
    until === null ? null : checkSnoozeEnd(until, now, body.duration === undefined ? 'until' : 'duration'),
    ...(body.topics ?? []).map((topic, i) => checkTopic(bundle, topic, `topics[${i}]`)),
  ]);
  const { topics, reason, actor } = body;
  const properties = {
    until: until === null ? null : iso(until),
    ...(topics ? { topics } : {}),
    reason,
    actor,
  };
  return buildEvent(call, id, EVENT.snoozed, properties);
}

async function buildConsents(call: Call<unknown, z.infer<typeof consentsBody>>): Promise<IncomingEvent[]> {
  const { consents, reason, actor } = call.body;
  const id = await resolveTarget(call);
  const bundle = await readActiveBundle(call.api.deps, call.workspace);
  rejectInvalidFields(
    consents.flatMap(({ channel, topic }, i) => [
      checkChannel(bundle, channel, `consents[${i}].channel`),
      checkTopic(bundle, topic, `consents[${i}].topic`),
    ]),
  );
  rejectInvalidFields(findContradictions(consents));
  const by = { actor, ...(reason === undefined ? {} : { reason }) };
  return consents.map((consent, i) => ({
    ...buildEvent(call, id, EVENT.consentChanged, { ...consent, ...by }),
    messageId: `${call.messageId}/${i}`,
  }));
}

function resolveTarget({ api, workspace, params }: Call): Promise<string> {
  return resolveReference(api.deps.db, workspace, params.ref as string);
}

/** `duration` counts in journey time, as the gate does. */
function computeSnoozeEnd(body: { until?: string | null; duration?: string }, now: Instant): Instant {
  if (typeof body.until === 'string') return parseInstant(body.until);
  return now + (parseDuration(body.duration ?? '') ?? 0);
}

function checkSnoozeEnd(until: Instant, now: Instant, path: string): FieldError | null {
  if (until <= now) return { path, code: 'in_the_past', detail: `${iso(until)} is past; null ends a snooze` };
  if (until <= now + LONGEST_SNOOZE) return null;
  return {
    path,
    code: 'too_far',
    detail: `${iso(until)} is more than a year ahead; withdraw the consent instead`,
  };
}

/** One scope twice in a list is refused: which statement applies would depend on chance. */
function findContradictions(
  consents: { purpose: string; channel: string; topic: string }[],
): (FieldError | null)[] {
  const seen = new Set<string>();
  return consents.map(({ purpose, channel, topic }, i) => {
    const scope = JSON.stringify([purpose, channel, topic]);
    if (!seen.has(scope)) {
      seen.add(scope);
      return null;
    }
    const detail = `${purpose}, ${channel}, ${topic} is in the list twice`;
    return { path: `consents[${i}]`, code: 'said_twice', detail };
  });
}
