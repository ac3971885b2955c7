import { proxyActivities, workflowInfo } from '@temporalio/workflow';
import type { Activities } from '../activities/index.ts';
import type { EffectRequest, EffectResult, PendingEffect } from '../domain/protocol.ts';
import { type Instant, SECOND } from '../domain/time/time.ts';
import { buildChannelQueue } from './identifiers.ts';
import type { Inbox } from './inbox.ts';
import type { JourneyInput } from './messages.ts';

/** Pause after an attempt whose worker died. The lease of its claim then says what the next attempt may do. */
const RETRY_AFTER_FAILURE = 5 * SECOND;

/**
 * Runs the effects that answers name. The workflow's loop never awaits one: a result arrives through the inbox. Each
 * activity has a single attempt; a retry is scheduled as a new activity with its own start time, because Temporal never
 * renews the arguments of an activity.
 */
export class EffectRunner {
  private readonly running = new Set<string>();
  private readonly postponedEffects = new Map<string, { effect: PendingEffect; at: Instant }>();
  private readonly input: JourneyInput;
  private readonly inbox: Inbox;
  /** An effect was postponed since the loop last read this: the timer isn't set for it yet. */
  postponed = false;

  constructor(input: JourneyInput, inbox: Inbox) {
    this.input = input;
    this.inbox = inbox;
  }

  /**
   * Starts every effect that is due and not running yet. Effects with a later hour are postponed, and dropped when a
   * later answer no longer names them. Marketing doesn't start while the inbox holds a notice that might silence it.
   */
  start(effects: PendingEffect[]): void {
    const named = new Set(effects.map((effect) => effect.id));
    for (const { effect } of [...this.postponedEffects.values()])
      if (plannedAt(effect) !== null && !named.has(effect.id)) this.postponedEffects.delete(effect.id);
    for (const effect of effects) {
      if (this.running.has(effect.id) || this.postponedEffects.has(effect.id)) continue;
      if (this.isSilenced(effect)) continue;
      const at = plannedAt(effect);
      if (at !== null && at > Date.now()) this.postponedEffects.set(effect.id, { effect, at });
      else this.schedule(effect);
    }
  }

  /** Starts the postponed effects that have become due. */
  retryDue(): void {
    this.postponed = false;
    for (const { effect, at } of [...this.postponedEffects.values()]) {
      if (at > Date.now()) continue;
      // Silence holds back planned hours only. Other retries ignore it, as in every history recorded so far.
      if (plannedAt(effect) !== null && this.isSilenced(effect)) continue;
      this.postponedEffects.delete(effect.id);
      this.schedule(effect);
    }
  }

  /** The instant at which the next postponed effect is due, or null. */
  get nextRetry(): Instant | null {
    const instants = [...this.postponedEffects.values()].map(({ at }) => at);
    return instants.length === 0 ? null : Math.min(...instants);
  }

  get inFlight(): string[] {
    return [...this.running, ...this.postponedEffects.keys()];
  }

  private isSilenced(effect: PendingEffect): boolean {
    return effect.class === 'marketing' && this.inbox.silencesMarketing;
  }

  private schedule(effect: PendingEffect): void {
    this.running.add(effect.id);
    const { workspace, customerId } = this.input;
    this.run(effect, { workspace, customerId, id: effect.id, now: Date.now() }).then(
      (result) => this.finish(effect, result?.retryAt ?? null),
      () => this.finish(effect, Date.now() + RETRY_AFTER_FAILURE),
    );
  }

  private run(effect: PendingEffect, request: EffectRequest): Promise<EffectResult> {
    const { taskQueue } = workflowInfo();
    const options = { startToCloseTimeout: '25s', retry: { maximumAttempts: 1 } } as const;
    if (effect.kind === 'raise_agent_task')
      return proxyActivities<Activities>(options).raiseAgentTask(request);
    const channelQueue = buildChannelQueue(taskQueue, effect.channel);
    return proxyActivities<Activities>({ ...options, taskQueue: channelQueue }).deliver(request);
  }

  private finish(effect: PendingEffect, retryAt: Instant | null): void {
    this.running.delete(effect.id);
    if (retryAt === null) return this.inbox.markSettled();
    this.postponedEffects.set(effect.id, { effect, at: retryAt });
    this.postponed = true;
  }
}

/** The hour for which a delivery is planned; null for effects that are due at once. */
function plannedAt(effect: PendingEffect): Instant | null {
  return effect.kind === 'deliver' ? (effect.notBefore ?? null) : null;
}
