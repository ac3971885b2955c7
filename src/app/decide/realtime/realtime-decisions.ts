import { readConfigVersion } from '../../../../db/config/active-bundle.ts';
import { deleteRealtimeDecision } from '../../../../db/decisions/save-realtime-decisions.ts';
import type { Bundle, PlacementDef } from '../../../domain/definition.ts';
import type { ConditionFacts } from '../../../domain/facts.ts';
import type { Instant } from '../../../domain/time/time.ts';
import { placementPolicy } from '../../../engine/policy.ts';
import {
  chooseList,
  type ListChoice,
  type ListItem,
  toFallbackItem,
} from '../../../engine/realtime/choose-list.ts';
import { createScoredRequest } from '../../../engine/request.ts';
import { DO_NOTHING } from '../../../learning/model/snapshot.ts';
import { buildVisitorFacts } from '../facts/build-facts.ts';
import type { DecisionServices } from '../services.ts';
import { mintShownDeliveryId, toDecisionRow } from './decision-row.ts';
import { DecisionWriter } from './decision-writer.ts';
import { findAction, IdentityGuesses, readRealtimeFacts } from './load-facts.ts';
import {
  type FallbackReason,
  type RealtimeAction,
  type RealtimeAnswer,
  type RealtimeDeps,
  type RealtimeRequest,
  UnknownPlacementError,
  WrongChannelError,
} from './realtime-request.ts';
import { isRenderedByCaller, renderContent } from './render-content.ts';

/** What an answer's contents are rendered from: an unknown visitor has no more facts than conditions read. */
interface AnsweredList {
  id: string;
  placement: PlacementDef;
  bundle: Bundle;
  facts: ConditionFacts;
  now: Instant;
  choice: ListChoice;
}

/** Answers that wait for the database at most: behind them nobody else is made to wait. */
const WAITING = 200;

/**
 * Decisions on the spot, of one process. The same gates, ranking and facts as a journey's; no lock of it, no ordinal, no
 * reservation, since only what was shown counts. An answer that was given by its id is kept before it is given; one
 * that can't be had within the placement's deadline is the fallback, and isn't kept.
 */
export class RealtimeDecisions {
  private readonly active = new Map<string, Bundle>();
  private readonly guesses = new IdentityGuesses();
  private readonly store: DecisionWriter;
  private readonly deps: RealtimeDeps;
  private waiting = 0;

  constructor(deps: RealtimeDeps) {
    this.deps = deps;
    this.store = new DecisionWriter(deps.db);
  }

  /** @throws UnknownPlacement, WrongChannel */
  async decide(request: RealtimeRequest): Promise<RealtimeAnswer> {
    const { workspace, startedAt: began } = request;
    const bundle = this.active.get(workspace) ?? (await this.readActive(workspace));
    let placement = placementOf(bundle, request.placement);
    // It may have come with a bundle that this process hasn't seen.
    if (!placement) placement = placementOf(await this.readActive(workspace), request.placement);
    const asked = this.active.get(workspace);
    if (!placement || !asked) throw new UnknownPlacementError(asked?.placements.map(({ id }) => id) ?? []);
    if (request.channel !== null && request.channel !== placement.channel)
      throw new WrongChannelError(placement.channel);
    if (this.waiting >= WAITING) return this.withoutFacts(request, asked, placement, 'deadline');

    const given = { late: false };
    let timer: NodeJS.Timeout | undefined;
    const deadline = new Promise<'late'>((resolve) => {
      timer = setTimeout(resolve, placement.deadline - (performance.now() - began), 'late');
    });
    this.waiting++;
    const work = this.answer(request, asked, placement, () => given.late).finally(() => this.waiting--);
    try {
      const answer = await Promise.race([work, deadline]);
      if (answer !== 'late') return answer;
      given.late = true;
      work.catch((error) => this.deps.log.warn({ err: error, workspace }, 'a late decision failed, too'));
      return await this.withoutFacts(request, asked, placement, 'deadline');
    } catch (error) {
      if (!this.deps.isOutage(error)) throw error;
      this.deps.log.warn({ err: error, workspace }, 'a decision on the spot fell back');
      return this.withoutFacts(request, asked, placement, 'unavailable');
    } finally {
      clearTimeout(timer);
    }
  }

  private async readActive(workspace: string): Promise<Bundle | null> {
    const { bundles, db } = this.deps;
    return this.activate(workspace, await readConfigVersion(db.sql, workspace), bundles);
  }

  private async activate(
    workspace: string,
    version: number,
    bundles: DecisionServices['bundles'],
  ): Promise<Bundle | null> {
    if (version === 0) return null;
    const bundle = await bundles(this.deps.db.sql, workspace, version);
    this.active.set(workspace, bundle);
    return bundle;
  }

  private async answer(
    request: RealtimeRequest,
    bundle: Bundle,
    placement: PlacementDef,
    isLate: () => boolean,
  ): Promise<RealtimeAnswer> {
    const { workspace, ref } = request;
    const guess = this.guesses.get(workspace, ref);
    const { caller, customer, now } = await readRealtimeFacts(this.deps, workspace, ref, guess, {
      bundle,
      placement,
    });
    if (caller.configVersion !== bundle.version) {
      const newer = await this.activate(workspace, caller.configVersion, this.deps.bundles);
      const moved = placementOf(newer, placement.id);
      if (!newer || !moved) throw new UnknownPlacementError(newer?.placements.map(({ id }) => id) ?? []);
      return this.answer(request, newer, moved, isLate);
    }
    this.guesses.remember(workspace, ref, caller.customerId);
    if (!customer) return this.withoutFacts(request, bundle, placement, 'unknown_customer');

    const { facts, fitVersion, modelVersion } = customer;
    const { customerId } = facts;
    const limit = Math.min(request.limit ?? placement.limit, placement.limit);
    const input = { limit, subject: caller.seed ?? customerId, stage: caller.stage };
    const { id } = request;
    const { sql } = this.deps.db;
    const [model, fitted] = await Promise.all([
      this.deps.models(sql, workspace, modelVersion),
      this.deps.fits(sql, workspace, fitVersion),
    ]);
    const decision = createScoredRequest({
      purpose: 'realtime',
      policy: placementPolicy(bundle, placement),
      facts,
      bundle,
      now,
      evaluate: this.deps.evaluate,
      fitted,
      seed: id,
      experimentSubject: input.subject,
      stage: input.stage,
    });
    const choice = chooseList({ request: decision, placement, limit, model, fitted });
    const answered = { id, placement, bundle, facts, now, at: Date.now(), choice };
    const row = () => toDecisionRow({ ...answered, input, fit: fitVersion });
    const [actions, stored] = await Promise.all([
      this.actionsOf(request, answered),
      request.dryRun ? false : this.store.save(row(), isLate),
    ]);
    if (stored && isLate()) await deleteRealtimeDecision(this.deps.db.sql, request.id);
    return {
      decisionId: stored ? request.id : null,
      customerId,
      placement,
      bundleVersion: bundle.version,
      actions,
      why: whyNot(choice),
      at: answered.at,
    };
  }

  /** The fallback for somebody of whom nothing is known: not at all, or not in time. Nothing is kept. */
  private async withoutFacts(
    request: RealtimeRequest,
    bundle: Bundle,
    placement: PlacementDef,
    why: FallbackReason,
  ): Promise<RealtimeAnswer> {
    const now = Date.now();
    const facts = buildVisitorFacts({ bundle, zones: this.deps.zones, now });
    const fallback = findAction(bundle, placement.fallback);
    const choice: ListChoice = {
      chosen: [],
      judged: [],
      arbitrated: [],
      fallback: fallback && toFallbackItem(fallback),
      scores: {},
    };
    const answered = { id: request.id, placement, bundle, facts, now, choice };
    // The database mustn't be waited for any more.
    const atHand =
      why === 'unknown_customer' || this.deps.content.isLoaded(request.workspace, bundle.version);
    const actions = await this.actionsOf({ ...request, content: request.content && atHand }, answered);
    const { version: bundleVersion } = bundle;
    return { decisionId: null, customerId: null, placement, bundleVersion, actions, why, at: now };
  }

  private async actionsOf(request: RealtimeRequest, answered: AnsweredList): Promise<RealtimeAction[]> {
    const { choice } = answered;
    const chosen = choice.chosen.length > 0 ? choice.chosen : choice.fallback ? [choice.fallback] : [];
    return Promise.all(
      chosen.map(async (place, index) => ({
        ...place,
        rank: index + 1,
        content: await this.contentOf(request, answered, place, index),
      })),
    );
  }

  private async contentOf(
    request: RealtimeRequest,
    { id, placement, bundle, facts, now }: AnsweredList,
    { action, variant }: ListItem,
    index: number,
  ): Promise<RealtimeAction['content']> {
    const { channel } = placement;
    if (!request.content || !isRenderedByCaller(bundle, channel)) return undefined;
    const deliveryId = mintShownDeliveryId(id, index);
    const wanted = { facts, bundle, channel, action, variant, deliveryId, now };
    const rendered = await renderContent(this.deps, wanted);
    if (!('unsendable' in rendered)) return rendered;
    const { id: workspace } = bundle.workspace;
    this.deps.log.warn({ workspace, action: action.id, channel }, `no content: ${rendered.unsendable}`);
    return null;
  }
}

function placementOf(bundle: Bundle | null, id: string): PlacementDef | undefined {
  return bundle?.placements.find((placement) => placement.id === id);
}

/** Null where there is an answer. Where actions were allowed and doing nothing won, nobody looks for a gate that blocks. */
function whyNot({ chosen, arbitrated }: ListChoice): FallbackReason | null {
  if (chosen.length > 0) return null;
  return arbitrated.some((one) => one.chosen === DO_NOTHING) ? 'do_nothing' : 'nothing_allowed';
}
