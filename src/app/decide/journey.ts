import type { Tx } from '../../../db/client.ts';
import { type LoadedFacts, readFacts } from '../../../db/decisions/read-facts.ts';
import type { OutboxRow } from '../../../db/events/outbox.ts';
import { type JourneyRow, lockJourney } from '../../../db/journeys/lock-journey.ts';
import { recordProcessed } from '../../../db/journeys/save-progress.ts';
import type { Bundle } from '../../domain/definition.ts';
import type { DecideAnswer, DecideRequest } from '../../domain/protocol.ts';
import { type JourneyState, upgradeState } from '../../domain/state.ts';
import { SECOND } from '../../domain/time/time.ts';
import { acceptOrSplit } from '../intake/batcher.ts';
import { toIncomingEvent } from '../intake/direct-event.ts';
import { buildJourneyQuery } from './facts/facts-query.ts';
import { computeReachedSeq, type JourneyDecision, makeDecision } from './journey-decision.ts';
import { loadPinnedBundles } from './pinned-bundles.ts';
import { currentProgress } from './progress-answer.ts';
import { publishOutbox } from './publish-outbox.ts';
import type { DecisionServices } from './services.ts';

/**
 * Asks for the next best action of one customer. One transaction: it takes the events of the log, runs the core on
 * one snapshot, and writes decision, planned effects and progress, so that they stand or fall together. What the
 * decision says is appended to the log after that; should this fail the decision stands, and the relay does it later.
 */
export async function decideNextBestAction(
  deps: DecisionServices,
  request: DecideRequest,
): Promise<DecideAnswer> {
  if (request.directEvents.length > 0) {
    // One that can't be stored goes to the rejected list; thrown, it would come again with every try, for ever.
    const direct = request.directEvents.map((event) => toIncomingEvent(event, request));
    await acceptOrSplit(deps, direct);
  }
  const { answer, outbox } = (await deps.db.sql.begin((tx) => decide(tx, deps, request))) as JourneyDecision;
  if (outbox.length > 0) await publishSoon(deps, outbox);
  return answer;
}

/** A decision is told at once; who waits behind a lock publishes on, and what fails is the relay's. */
async function publishSoon(deps: DecisionServices, outbox: OutboxRow[]): Promise<void> {
  const published = publishOutbox(deps, outbox).catch((error) =>
    deps.log?.warn({ err: error, events: outbox.length }, 'the relay will publish what a decision said'),
  );
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<void>((resolve) => {
    timer = setTimeout(resolve, SECOND);
  });
  await Promise.race([published, late]);
  clearTimeout(timer);
}

async function decide(tx: Tx, deps: DecisionServices, request: DecideRequest): Promise<JourneyDecision> {
  const { customerId, workspace } = request;
  const row = await lockJourney(tx, customerId, workspace);
  if (!row) return GONE;
  const state = upgradeState(row.state);
  let bundle = row.bundleVersion > 0 ? await deps.bundles(tx, workspace, row.bundleVersion) : null;
  let read = await readAll(tx, deps, request, { row, state, bundle });
  if (!read) return GONE;
  if (read.configVersion > (bundle?.version ?? 0)) {
    bundle = await deps.bundles(tx, workspace, read.configVersion);
    read = await readAll(tx, deps, request, { row, state, bundle });
    if (!read) return GONE;
  }
  if (!bundle) throw new Error(`workspace ${workspace} has no bundle: apply one first`);
  const told = (answer: DecideAnswer): JourneyDecision => ({ answer, outbox: [] });

  const repeated = request.ordinal !== null && request.ordinal === row.ordinal;
  if (repeated && row.lastAnswer) return told(row.lastAnswer);
  const behind = request.ordinal === null ? row.ordinal > 0 : request.ordinal !== row.ordinal + 1;
  if (behind)
    return told({ ...currentProgress(row, state, read), kind: 'resume', more: read.seq > read.processedSeq });

  const now = Math.max(request.now, row.lastNow);
  const due = row.wakeAt !== null && row.wakeAt <= now;
  const edited = bundle.version !== row.bundleVersion;
  if (read.events.length === 0 && !request.effectsSettled && !due && !edited && row.ordinal > 0) {
    const more = await recordProcessed(tx, {
      customerId,
      workspace,
      processedSeq: computeReachedSeq(read),
      holdBack: request.rollingOver,
    });
    return told({ ...currentProgress(row, state, read), kind: 'decided', more });
  }
  return makeDecision(tx, deps, request, { row, state, read, bundle, now });
}

/** Merged or erased: the workflow completes. */
const GONE: JourneyDecision = { answer: { kind: 'gone' }, outbox: [] };

async function readAll(
  tx: Tx,
  { bundles }: DecisionServices,
  { customerId, workspace, now }: DecideRequest,
  { row, state, bundle }: { row: JourneyRow; state: JourneyState; bundle: Bundle | null },
): Promise<LoadedFacts | null> {
  const older = await loadPinnedBundles(tx, bundles, workspace, state.enrollments, bundle?.version ?? 0);
  const known = { active: bundle, older: older.values() };
  return readFacts(tx, buildJourneyQuery(customerId, row, state, known, Math.max(now, row.lastNow)));
}
