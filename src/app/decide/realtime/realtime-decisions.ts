import { readConfigVersion } from '../../../../db/config/active-bundle.ts';
import type { RealtimeReference } from '../../../../db/decisions/realtime-caller.ts';
import {
  deleteRealtimeDecision,
  type RealtimeDecisionRow,
} from '../../../../db/decisions/save-realtime-decisions.ts';
import { readPhoneKey } from '../../../domain/customer/phone-number.ts';
import type { Bundle, PlacementDef } from '../../../domain/definition.ts';
import { placementPolicy } from '../../../engine/policy.ts';
import { chooseList, type ListChoice, toFallbackItem } from '../../../engine/realtime/choose-list.ts';
import { createScoredRequest } from '../../../engine/request.ts';
import { DO_NOTHING } from '../../../learning/model/snapshot.ts';
import { runLimited, StepLimitError } from '../../../limits/limit-steps.ts';
import { TimeLimitError } from '../../../limits/run-within.ts';
import { REALTIME_STEPS } from '../decision-limits.ts';
import { buildVisitorFacts } from '../facts/build-facts.ts';
import type { LoadedCustomer } from '../load.ts';
import { toDecisionRow } from './decision-row.ts';
import { DecisionWriter } from './decision-writer.ts';
import { IdentityGuesses } from './identity-guesses.ts';
import { findAction, readRealtimeFacts } from './load-facts.ts';
import {
  type FallbackReason,
  type RealtimeAnswer,
  type RealtimeProgress,
  type RealtimeRequest,
  type RealtimeServices,
  UnknownPlacementError,
  WrongChannelError,
} from './realtime-request.ts';
import { renderList } from './render-list.ts';
import { saveWithRecord } from './save-with-record.ts';

/** Time for a decision that begins shortly before its deadline. */
const SHORTEST_MS = 20;
/** Answers that may wait for the database at the same time. Further requests get the fallback at once. */
const MAX_WAITING = 200;

/** A placement of the active bundle. */
interface ActivePlacement {
  bundle: Bundle;
  placement: PlacementDef;
}

/**
 * The real-time decisions of one process. They have the gates, the ranking and the facts of a journey's decision, but
 * lock no journey, count no ordinal and reserve nothing: only an action that was shown counts.
 *
 * An answer with a decision id is stored before it is returned. If it cannot be stored within the placement's deadline,
 * or the database is away, the caller gets the placement's fallback, which is not stored.
 */
export class RealtimeDecisions {
  private readonly active = new Map<string, Bundle>();
  private readonly guesses = new IdentityGuesses();
  private readonly writer: DecisionWriter;
  private readonly services: RealtimeServices;
  private waiting = 0;

  constructor(services: RealtimeServices) {
    this.services = services;
    this.writer = new DecisionWriter(services.db);
  }

  /** Answers that are being made. */
  get inProgress(): number {
    return this.waiting;
  }

  /** @throws UnknownPlacementError, WrongChannelError */
  async decide(request: RealtimeRequest): Promise<RealtimeAnswer> {
    const { log, isOutage } = this.services;
    const { workspace } = request;
    const active = await this.findPlacement(request);
    if (this.waiting >= MAX_WAITING) return this.fallBack(request, active, 'deadline');

    const progress: RealtimeProgress = { isLate: false, isCommitting: false };
    const deadline = startDeadline(active.placement.deadline, request.startedAt);
    this.waiting++;
    const work = this.answer(request, active, progress).finally(() => this.waiting--);
    try {
      const answer = await Promise.race([work, deadline.expired]);
      if (answer !== 'expired') return answer;
      if (progress.isCommitting) return await work;
      progress.isLate = true;
      work.catch((error) => log.warn({ err: error, workspace }, 'a decision failed after its deadline'));
      return await this.fallBack(request, active, 'deadline');
    } catch (error) {
      if (error instanceof TimeLimitError) return this.fallBack(request, active, 'deadline');
      if (error instanceof StepLimitError) {
        log.warn(
          { workspace, placement: active.placement.id },
          `a real-time decision fell back: ${error.message}`,
        );
        return this.fallBack(request, active, 'limit_exceeded');
      }
      // Whether a commit that was under way has taken effect is unknown; a repetition will find out.
      if (progress.isCommitting || !isOutage(error)) throw error;
      log.warn({ err: error, workspace }, 'a real-time decision fell back: the database is away');
      return this.fallBack(request, active, 'unavailable');
    } finally {
      deadline.clear();
    }
  }

  private async findPlacement({
    workspace,
    placement: id,
    channel,
  }: RealtimeRequest): Promise<ActivePlacement> {
    const known = this.active.get(workspace) ?? (await this.readActive(workspace));
    // A placement that is missing may have come with a bundle that this process has not read yet.
    const bundle = findPlacement(known, id) ? known : await this.readActive(workspace);
    const placement = findPlacement(bundle, id);
    if (!bundle || !placement) throw unknownPlacement(this.active.get(workspace) ?? null);
    if (channel !== null && channel !== placement.channel) throw new WrongChannelError(placement.channel);
    return { bundle, placement };
  }

  private async readActive(workspace: string): Promise<Bundle | null> {
    return this.activate(workspace, await readConfigVersion(this.services.db.sql, workspace));
  }

  private async activate(workspace: string, version: number): Promise<Bundle | null> {
    if (version === 0) return null;
    const bundle = await this.services.bundles(this.services.db.sql, workspace, version);
    this.active.set(workspace, bundle);
    return bundle;
  }

  private async answer(
    request: RealtimeRequest,
    active: ActivePlacement,
    progress: RealtimeProgress,
  ): Promise<RealtimeAnswer> {
    const { workspace } = request;
    const reference = readReference(request.reference, active.bundle);
    const guess = this.guesses.get(workspace, reference);
    const loaded = await readRealtimeFacts(this.services, { workspace, reference, guess, ...active });
    const { caller, customer, now } = loaded;
    if (caller.configVersion !== active.bundle.version) {
      const bundle = await this.activate(workspace, caller.configVersion);
      const placement = findPlacement(bundle, active.placement.id);
      if (!bundle || !placement) throw unknownPlacement(bundle);
      return this.answer(request, { bundle, placement }, progress);
    }
    this.guesses.remember(workspace, reference, caller.customerId);
    if (!customer) return this.fallBack(request, active, 'unknown_customer');

    const { facts, fitVersion } = customer;
    const { bundle, placement } = active;
    const { id } = request;
    const input = {
      limit: Math.min(request.limit ?? placement.limit, placement.limit),
      subject: caller.seed ?? facts.customerId,
      stage: caller.stage,
    };
    const choice = await this.choose(request, active, { customer, now, ...input });
    const at = Date.now();
    const row = toDecisionRow({ id, placement, bundle, facts, fit: fitVersion, input, now, at, choice });
    const render = async (): Promise<RealtimeAnswer> => ({
      decisionId: id,
      customerId: facts.customerId,
      placement,
      bundleVersion: bundle.version,
      actions: await renderList(this.services, request, { id, placement, bundle, facts, now, choice }),
      fallbackReason: findFallbackReason(choice),
      at,
    });
    return this.store(request, row, progress, render);
  }

  /** Stores the decision, unless it is a dry run. The answer names it only if it is stored. */
  private async store(
    { id, dryRun, inSameTransaction }: RealtimeRequest,
    row: RealtimeDecisionRow,
    progress: RealtimeProgress,
    render: () => Promise<RealtimeAnswer>,
  ): Promise<RealtimeAnswer> {
    const { db } = this.services;
    if (inSameTransaction && !dryRun) {
      const answer = await render();
      const isStored = await saveWithRecord(db, row, answer, inSameTransaction, progress);
      return isStored ? answer : { ...answer, decisionId: null };
    }
    const [answer, isStored] = await Promise.all([
      render(),
      dryRun ? false : this.writer.save(row, () => progress.isLate),
    ]);
    if (isStored && progress.isLate) await deleteRealtimeDecision(db.sql, id);
    return isStored ? answer : { ...answer, decisionId: null };
  }

  /** @throws LimitError */
  private async choose(
    { workspace, id, startedAt }: RealtimeRequest,
    { bundle, placement }: ActivePlacement,
    input: { customer: LoadedCustomer; now: number; limit: number; subject: string; stage: string | null },
  ): Promise<ListChoice> {
    const { db, models, fits, evaluate } = this.services;
    const { facts, modelVersion, fitVersion } = input.customer;
    const [model, fitted] = await Promise.all([
      models(db.sql, workspace, modelVersion),
      fits(db.sql, workspace, fitVersion),
    ]);
    // Other requests wait meanwhile, and after the deadline nobody waits for the answer.
    const ms = Math.max(SHORTEST_MS, placement.deadline - (performance.now() - startedAt));
    return runLimited(evaluate, { steps: REALTIME_STEPS, ms }, (evaluate) => {
      const request = createScoredRequest({
        purpose: 'realtime',
        policy: placementPolicy(bundle, placement),
        facts,
        bundle,
        now: input.now,
        evaluate,
        fitted,
        seed: id,
        experimentSubject: input.subject,
        stage: input.stage,
      });
      return chooseList({ request, placement, limit: input.limit, model, fitted });
    });
  }

  /** The placement's fallback, without facts: the customer is unknown, or their facts did not come in time. */
  private async fallBack(
    request: RealtimeRequest,
    { bundle, placement }: ActivePlacement,
    fallbackReason: FallbackReason,
  ): Promise<RealtimeAnswer> {
    const { zones, content } = this.services;
    const now = Date.now();
    const facts = buildVisitorFacts({ bundle, zones, now });
    const action = findAction(bundle, placement.fallback);
    const fallback = action && toFallbackItem(action);
    const choice = { chosen: [], judgedCandidates: [], arbitrations: [], fallback, scores: {} };
    // After the deadline, and while the database is away, content must come from memory.
    const isAtHand =
      fallbackReason === 'unknown_customer' || content.isLoaded(request.workspace, bundle.version);
    const actions = await renderList(
      this.services,
      { content: request.content && isAtHand },
      { id: request.id, placement, bundle, facts, now, choice },
    );
    const { version: bundleVersion } = bundle;
    return { decisionId: null, customerId: null, placement, bundleVersion, actions, fallbackReason, at: now };
  }
}

/** A national phone number is one of the workspace's country. */
function readReference(reference: RealtimeReference | null, { workspace }: Bundle): RealtimeReference | null {
  if (reference?.type !== 'phone') return reference;
  return { type: 'phone', value: readPhoneKey(reference.value, workspace.country) ?? reference.value };
}

/** @param startedAt `performance.now()` of the request */
function startDeadline(deadline: number, startedAt: number): { expired: Promise<'expired'>; clear(): void } {
  let timer: NodeJS.Timeout | undefined;
  const expired = new Promise<'expired'>((resolve) => {
    timer = setTimeout(resolve, deadline - (performance.now() - startedAt), 'expired');
  });
  return { expired, clear: () => clearTimeout(timer) };
}

function findPlacement(bundle: Bundle | null, id: string): PlacementDef | undefined {
  return bundle?.placements.find((placement) => placement.id === id);
}

function unknownPlacement(bundle: Bundle | null): UnknownPlacementError {
  return new UnknownPlacementError(bundle?.placements.map(({ id }) => id) ?? []);
}

/** Null where something was chosen. `do_nothing`: actions were allowed, and doing nothing won. */
function findFallbackReason({ chosen, arbitrations }: ListChoice): FallbackReason | null {
  if (chosen.length > 0) return null;
  const lostToNothing = arbitrations.some((arbitration) => arbitration.chosen === DO_NOTHING);
  return lostToNothing ? 'do_nothing' : 'nothing_allowed';
}
