import type { Tx } from '../../../db/client.ts';
import type { OutboxRow } from '../../../db/events/outbox.ts';
import { type JourneyRow, lockJourney } from '../../../db/journeys/lock-journey.ts';
import { recordProcessed } from '../../../db/journeys/save-progress.ts';
import { readSinceParked } from '../../../db/journeys/since-parked.ts';
import { RETRY_COMMANDS } from '../../domain/event.ts';
import type { DecideAnswer, DecideRequest } from '../../domain/protocol.ts';
import { type Poison, upgradeState } from '../../domain/state.ts';
import { SECOND } from '../../domain/time/time.ts';
import { waitsForEndedEffects } from '../../engine/journey/decide/ended-effects.ts';
import { isTriedAgain } from '../../engine/journey/poison.ts';
import { acceptDirectEvents } from '../intake/direct-event.ts';
import { computeReachedSeq, type JourneySnapshot, loadJourney } from './load-journey.ts';
import { currentProgress } from './progress-answer.ts';
import { publishOutbox } from './publish-outbox.ts';
import { runEngine } from './run-engine.ts';
import { type JourneyDecision, saveJourneyDecision } from './save.ts';
import type { DecisionServices } from './services.ts';
import { traceDecision } from './trace-decision.ts';

/**
 * Decides the next best action of one customer (protocol: `DecideRequest`). One transaction processes the new events of
 * the log, runs the engine on one snapshot, and writes the decision, the planned effects and the progress, so that all
 * of them commit or none does. Events that the decision emits are appended to the log after that; if this fails, the
 * decision stays and the relay publishes them later.
 */
export async function decideNextBestAction(
  services: DecisionServices,
  request: DecideRequest,
): Promise<DecideAnswer> {
  await acceptDirectEvents(services, request, request);
  const decision = await services.db.sql.begin((tx) => decide(tx, services, request));
  const { answer, outbox, made } = decision as JourneyDecision;
  if (made) services.onDecided?.(made);
  if (outbox.length > 0) await publishSoon(services, outbox);
  return answer;
}

/** The customer was merged or erased: the workflow completes. */
const GONE: JourneyDecision = { answer: { kind: 'gone' }, outbox: [] };

async function decide(tx: Tx, services: DecisionServices, request: DecideRequest): Promise<JourneyDecision> {
  const row = await lockJourney(tx, request.customerId, request.workspace);
  const poison = row && (await findPoison(tx, request, row));
  const snapshot = row && (await loadJourney(tx, services, request, row, { events: !poison }));
  if (!snapshot) return GONE;
  const answer =
    answerWithoutDecision(request, snapshot) ??
    (poison || isIdle(request, snapshot) ? await confirmProgress(tx, request, snapshot, poison) : null);
  if (answer) return { answer, outbox: [] };
  return traceDecision(tx, request, snapshot, async () => {
    const run = await runEngine(tx, services, request, snapshot);
    return { run, saved: await saveJourneyDecision(tx, services, request, snapshot, run) };
  });
}

/** A repeated request gets the answer that is kept; a workflow that is behind gets the current progress. */
function answerWithoutDecision(
  { ordinal }: DecideRequest,
  { row, state, loaded }: JourneySnapshot,
): DecideAnswer | null {
  if (ordinal !== null && ordinal === row.ordinal && row.lastAnswer) return row.lastAnswer;
  const isBehind = ordinal === null ? row.ordinal > 0 : ordinal !== row.ordinal + 1;
  if (!isBehind) return null;
  const more = loaded.seq > loaded.processedSeq || loaded.checksRequested > loaded.checksDone;
  return { ...currentProgress(row, state, loaded), kind: 'resume', more };
}

/**
 * Whether there is nothing to decide: no new event, no effect that ended, no timer, no new definitions, no ticket that
 * went. Effects are looked at themselves: one may have ended while no workflow was there to notice.
 */
function isIdle(
  { effectsSettled }: DecideRequest,
  { row, state, loaded, bundle, now }: JourneySnapshot,
): boolean {
  const isDue = row.wakeAt !== null && row.wakeAt <= now;
  const definitionsChanged = bundle.version !== row.bundleVersion;
  if (loaded.events.length > 0 || effectsSettled || isDue || definitionsChanged) return false;
  return row.ordinal > 0 && !waitsForEndedEffects(state, loaded) && !isSilencedByLostTicket(state, loaded);
}

/** Whether a ticket that silences the customer is gone: it was erased with its owner, and no event says so. */
function isSilencedByLostTicket(
  { openTickets }: JourneySnapshot['state'],
  { tickets }: JourneySnapshot['loaded'],
): boolean {
  return openTickets.some(({ id, source }) => !tickets.some((t) => t.id === id && t.source === source));
}

/** Why the customer is parked, unless it is time to try again. */
async function findPoison(
  tx: Tx,
  { workspace, customerId, now: requestedNow }: DecideRequest,
  { state, lastNow }: JourneyRow,
): Promise<Poison | null> {
  const { poison } = upgradeState(state);
  if (!poison) return null;
  const now = Math.max(requestedNow, lastNow);
  const query = { workspace, customerId, seq: poison.seq, commands: RETRY_COMMANDS };
  return isTriedAgain(poison, { now, ...(await readSinceParked(tx, query)) }) ? null : poison;
}

/** @param poison the customer is parked: whatever happened since is not processed, and waits */
async function confirmProgress(
  tx: Tx,
  { customerId, workspace, rollingOver }: DecideRequest,
  { row, state, loaded, now }: JourneySnapshot,
  poison: Poison | null,
): Promise<DecideAnswer> {
  const more = await recordProcessed(tx, {
    customerId,
    workspace,
    processedSeq: poison ? loaded.processedSeq : computeReachedSeq(loaded),
    checksDone: loaded.checksRequested,
    holdBack: rollingOver,
    parkedForMs: poison && poison.until - now,
  });
  return { ...currentProgress(row, state, loaded), kind: 'decided', more };
}

/**
 * Publishes at once, and waits for it for a second at most. While acceptance waits behind a lock, publishing goes on in
 * the background; the relay publishes what fails.
 */
async function publishSoon(services: DecisionServices, outbox: OutboxRow[]): Promise<void> {
  const published = publishOutbox(services, outbox).catch((error) =>
    services.log?.warn(
      { err: error, events: outbox.length },
      'the relay will publish the events of a decision',
    ),
  );
  let timer: NodeJS.Timeout | undefined;
  const timeout = new Promise<void>((resolve) => {
    timer = setTimeout(resolve, SECOND);
  });
  await Promise.race([published, timeout]);
  clearTimeout(timer);
}
