import type { z } from 'zod';
import type {
  TimelineDecision,
  TimelineEffect,
  TimelineEvent,
  TimelineRow,
} from '../../../db/events/timeline.ts';
import type { GateVerdict } from '../../domain/candidate.ts';
import { classifyEvent, EVENT, toText } from '../../domain/event.ts';
import { readFactId } from '../../domain/fact-id.ts';
import { readTicket } from '../../domain/ticket.ts';
import { iso } from '../../domain/time/time.ts';
import type { JourneyChange } from '../../engine/journey/journey-change.ts';
import { describeChange } from '../../sentences/describe-change.ts';
import { describeEvent } from '../../sentences/describe-event.ts';
import { listSilence, type Silence } from '../../sentences/describe-silence.ts';
import { plainEnglish } from '../../sentences/plain-english.ts';
import { toVerdictViews } from '../frame/format.ts';
import type { timelineItem } from './timeline-schema.ts';

/** The ends of an attempt that had a message. */
const ATTEMPTS: readonly string[] = [EVENT.deliverySent, EVENT.deliveryFailed, EVENT.deliveryUnknown];

export type TimelineItemView = z.infer<typeof timelineItem>;

/** Commands whose properties are their effect. */
const DESCRIBED_COMMANDS: readonly string[] = [EVENT.snoozed, EVENT.preferencesChanged];

/** One item of the timeline as the API shows it. */
export function toTimelineItemView({ item }: TimelineRow): TimelineItemView {
  switch (item.of) {
    case 'event':
      return eventItem(item);
    case 'decision':
      return decisionItem(item);
    default:
      return effectItem(item);
  }
}

function eventItem(event: TimelineEvent): TimelineItemView {
  const ticket = readTicket(event);
  const p = event.properties;
  const refs = {
    ticketId: ticket?.id,
    orderId: readFactId(p.order_id),
    deliveryId: toText(p.delivery_id),
    content: linkToContent(event),
    taskId: toText(p.task_id),
    journey: event.name === EVENT.enrollmentRequested ? toText(p.journey) : undefined,
    repeats: event.repeats ?? undefined,
    memberId: event.from ?? undefined,
    mergedId: event.name === EVENT.merged ? toText(p.from) : (event.origin ?? undefined),
  };
  const changes = (event.changes ?? []).filter((change) => isCausedBy(change, event));
  return {
    id: event.id,
    seq: event.seq,
    at: iso(event.at),
    acceptedAt: iso(event.acceptedAt),
    kind: classifyEvent(event.name),
    source: event.source,
    title: event.name,
    enrollmentId: toText(p.enrollment_id) ?? null,
    decisionId: event.decisionId,
    refs: Object.fromEntries(
      Object.entries(refs).filter((entry): entry is [string, string] => entry[1] !== undefined),
    ),
    effects: [
      ...(event.repeats ? ['repeated'] : ticket?.status === 'open' ? ['suppressed'] : []),
      ...(DESCRIBED_COMMANDS.includes(event.name) ? [plainEnglish.write(describeEvent(event.name, p))] : []),
      ...changes.map(writeChange),
    ],
    changes,
    data: { ...p, ...(Object.keys(event.traits).length > 0 ? { traits: event.traits } : {}) },
    notes: event.notes ?? [],
    actorName: event.actorName,
    ...(event.withheld ? { withheld: event.withheld } : {}),
  };
}

function decisionItem(decision: TimelineDecision): TimelineItemView {
  const silence = decision.judged && listSilence(decision.judged).map(toSilenceView);
  const done = decision.chosen.length > 0 ? decision.chosen.join(', ') : decision.outcome;
  return {
    id: decision.id,
    seq: decision.seq,
    at: iso(decision.at),
    acceptedAt: iso(decision.acceptedAt),
    kind: 'decision',
    source: 'throughline',
    title: `Decided: ${done}`,
    enrollmentId: null,
    decisionId: decision.id,
    refs: {},
    effects: decision.changes.map(writeChange),
    changes: decision.changes,
    data: { outcome: decision.outcome, chosen: decision.chosen },
    notes: [],
    actorName: null,
    ...(silence ? { silence } : {}),
  };
}

function toSilenceView({ actions, channel, verdict }: Silence<GateVerdict>) {
  const [view] = toVerdictViews([verdict], null);
  return { actions: [...actions], channel, verdict: view as NonNullable<typeof view> };
}

function effectItem(effect: TimelineEffect): TimelineItemView {
  const { id, action, channel, state, error } = effect;
  const what = effect.of === 'task' ? 'Task' : 'Delivery';
  return {
    id,
    seq: null,
    at: iso(effect.at),
    acceptedAt: iso(effect.acceptedAt),
    kind: effect.of,
    source: 'throughline',
    title: `${what} ${state}: ${action}`,
    enrollmentId: effect.enrollmentId,
    decisionId: effect.decisionId,
    refs: effect.of === 'task' ? { taskId: id } : { deliveryId: id },
    effects: [],
    changes: [],
    data: { action, class: effect.class, channel, state, ...(error === null ? {} : { error }) },
    notes: [],
    actorName: null,
  };
}

/** Whether a change of the decision was caused by this event. */
function isCausedBy(change: JourneyChange, event: TimelineEvent): boolean {
  if ('event' in change) return change.event === event.id;
  if (change.kind === 'moved') return change.reason === event.name;
  if (change.kind === 'adopted') return event.name === EVENT.merged && change.from === event.properties.from;
  return change.kind === 'ended' && change.reason === `exit: ${event.name}`;
}

function writeChange(change: JourneyChange): string {
  return plainEnglish.write(describeChange(change));
}

/** Where to read what was sent, or may have been. */
function linkToContent({ name, properties }: TimelineEvent): string | undefined {
  const id = toText(properties.delivery_id);
  return id !== undefined && ATTEMPTS.includes(name) ? `/v1/deliveries/${id}/content` : undefined;
}
