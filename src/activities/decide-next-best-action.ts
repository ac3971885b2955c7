import type { Tx } from '../../db/client.ts';
import { type JourneyRow, lockJourney } from '../../db/queries/lock-journey.ts';
import { type FactsRead, readFacts } from '../../db/queries/read-facts.ts';
import { saveDecision, savePlan } from '../../db/queries/save-decision.ts';
import { saveProgress, takeWake } from '../../db/queries/save-progress.ts';
import { choose } from '../decisioning/choose.ts';
import { scoresOf } from '../decisioning/scores.ts';
import { advanceSafely } from '../domain/advance/advance-safely.ts';
import type { Evaluate } from '../domain/context.ts';
import type { Bundle } from '../domain/definition.ts';
import { type Answer, type DecideRequest, type Held, shownState } from '../domain/protocol.ts';
import { type JourneyState, upgradeState } from '../domain/state.ts';
import type { Instant } from '../domain/time.ts';
import type { Intake } from '../intake/commit.ts';
import { directIncoming } from '../intake/direct.ts';
import { acceptOrSplit } from '../intake/gather.ts';
import { actionsOf, effectsOf, standing } from './answer.ts';
import { idsOf } from './ids.ts';
import { factsOf } from './situation.ts';
import { wantedFacts } from './wanted-facts.ts';
import type { ZoneTable } from './zone-table.ts';

export interface DecideDeps extends Intake {
  evaluate: Evaluate;
  zones: ZoneTable;
}

/**
 * Asks for the next best action of one customer. One transaction: it takes the events of the log, runs the core on
 * one snapshot, and writes decision, planned effects and progress, so that they stand or fall together.
 */
export async function decideNextBestAction(deps: DecideDeps, request: DecideRequest): Promise<Answer> {
  if (request.direct.length > 0) {
    // One that can't be stored goes to the rejected list; thrown, it would come again with every try, for ever.
    const direct = request.direct.map((event) => directIncoming(event, request));
    await acceptOrSplit(deps, direct);
  }
  return (await deps.db.sql.begin((tx) => decide(tx, deps, request))) as Answer;
}

async function decide(tx: Tx, deps: DecideDeps, request: DecideRequest): Promise<Answer> {
  const { customerId, workspace } = request;
  const row = await lockJourney(tx, customerId, workspace);
  const state = upgradeState(row.state);
  const bundleOf = (version: number) => deps.bundles(tx, workspace, version);
  let bundle = row.bundleVersion > 0 ? await bundleOf(row.bundleVersion) : null;
  let read = await readFacts(tx, wantedFacts(customerId, row, state, bundle, request.now));
  if (!read) return { kind: 'gone' };
  if (read.configVersion > (bundle?.version ?? 0)) {
    bundle = await bundleOf(read.configVersion);
    read = (await readFacts(tx, wantedFacts(customerId, row, state, bundle, request.now))) as FactsRead;
  }
  if (!bundle) throw new Error(`workspace ${workspace} has no bundle: apply one first`);

  const repeated = request.ordinal !== null && request.ordinal === row.ordinal;
  if (repeated && row.lastAnswer) return row.lastAnswer;
  const behind = request.ordinal === null ? row.ordinal > 0 : request.ordinal !== row.ordinal + 1;
  if (behind) return { ...standing(row, state, read), kind: 'resume', more: read.seq > read.tookSeq };

  const now = Math.max(request.now, row.lastNow);
  const due = row.wakeAt !== null && row.wakeAt <= now;
  const edited = bundle.version !== row.bundleVersion;
  if (read.events.length === 0 && !request.settled && !due && !edited && row.ordinal > 0) {
    const more = await takeWake(tx, {
      customerId,
      workspace,
      tookSeq: reached(read),
      holdBack: request.rollingOver,
    });
    return { ...standing(row, state, read), kind: 'decided', more };
  }
  return decideAfresh(tx, deps, request, { row, state, read, bundle, now });
}

interface Found {
  row: JourneyRow;
  state: JourneyState;
  read: FactsRead;
  bundle: Bundle;
  now: Instant;
}

async function decideAfresh(tx: Tx, deps: DecideDeps, request: DecideRequest, found: Found): Promise<Answer> {
  const { customerId, workspace } = request;
  const { row, state, read, bundle, now } = found;
  const ordinal = row.ordinal + 1;
  const { ref, decisionId } = idsOf(customerId, row.epoch, ordinal);
  const facts = factsOf(request, read, bundle, deps.zones, now);
  const { currency, valueHalf } = bundle.workspace;
  const scores = scoresOf(facts.profile, currency, valueHalf);
  const advanced = advanceSafely({
    state,
    events: read.events,
    tookSeq: read.tookSeq,
    facts,
    bundle,
    now,
    evaluate: deps.evaluate,
    choose,
    scores,
    ref,
    ends: read.ends,
    edited: bundle.version !== row.bundleVersion,
  });

  const tookSeq = reached(read);
  const answer: Held = {
    kind: 'decided',
    ordinal,
    tookSeq,
    state: shownState(advanced.state),
    effects: effectsOf(facts, advanced),
    wakeAt: advanced.wakeAt,
    more: false,
  };
  // In this order: acceptance, too, takes tickets before wakes.
  const [, , more] = await Promise.all([
    saveDecision(tx, {
      id: decisionId,
      customer_id: customerId,
      workspace,
      epoch: row.epoch,
      ordinal,
      at: now,
      from_seq: read.tookSeq,
      to_seq: tookSeq,
      bundle_version: bundle.version,
      outcome: advanced.outcome,
      actions: actionsOf(advanced),
      candidates: advanced.judged,
      changes: advanced.changes,
      context: advanced.judged.length > 0 ? { facts, scores } : null,
    }),
    savePlan(tx, advanced.plan, {
      customerId,
      workspace,
      decisionId,
      bundleVersion: bundle.version,
      now,
      action: (id) => bundle.actions.find((a) => a.id === id),
    }),
    takeWake(tx, { customerId, workspace, tookSeq, holdBack: request.rollingOver }),
  ]);
  answer.more = more;
  await saveProgress(tx, {
    customerId,
    ordinal,
    tookSeq,
    state: advanced.state,
    bundleVersion: bundle.version,
    lastNow: now,
    wakeAt: advanced.wakeAt,
    answer,
  });
  return answer;
}

/** How far this read reaches: to its last event, or to the end of the log. */
function reached(read: FactsRead): number {
  return read.events.at(-1)?.seq ?? Math.max(read.seq, read.tookSeq, read.wantSeq);
}
