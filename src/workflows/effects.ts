import { proxyActivities, workflowInfo } from '@temporalio/workflow';
import type { Activities } from '../activities/index.ts';
import type { EffectResult, PendingEffect } from '../domain/protocol.ts';
import { type Instant, SECOND } from '../domain/time/time.ts';
import type { Inbox } from './inbox.ts';
import type { JourneyInput } from './messages.ts';

/** An attempt whose worker died is looked at again after this; its claim's lease says what may be done then. */
const AFTER_FAILURE = 5 * SECOND;

/**
 * The effects on their way. The loop never awaits one: its result is an item of the inbox. One attempt each; the
 * next is issued afresh with the time of its own beginning, since Temporal never renews an activity's arguments.
 */
export class EffectRunner {
  private readonly running = new Set<string>();
  private readonly later = new Map<string, { effect: PendingEffect; at: Instant }>();
  private readonly input: JourneyInput;
  private readonly inbox: Inbox;
  /** A retry was put off since the loop last looked: its timer doesn't know yet. */
  postponed = false;

  constructor(input: JourneyInput, inbox: Inbox) {
    this.input = input;
    this.inbox = inbox;
  }

  /**
   * Starts what isn't on its way yet and is due; the rest waits in the timer, and is forgotten when a later answer no
   * longer names it. Marketing waits while there is news that might silence it.
   */
  start(effects: PendingEffect[]): void {
    const open = new Set(effects.map((effect) => effect.id));
    for (const { effect } of [...this.later.values()])
      if (dueAt(effect) !== null && !open.has(effect.id)) this.later.delete(effect.id);
    for (const effect of effects) {
      if (this.running.has(effect.id) || this.later.has(effect.id)) continue;
      if (this.isSilenced(effect)) continue;
      const at = dueAt(effect);
      if (at !== null && at > Date.now()) this.later.set(effect.id, { effect, at });
      else this.issue(effect);
    }
  }

  /** Issues again what is due. */
  retryDue(): void {
    this.postponed = false;
    for (const { effect, at } of [...this.later.values()]) {
      if (at > Date.now()) continue;
      // Only what was put off by plan: others are issued as they always were, or histories would no longer replay.
      if (dueAt(effect) !== null && this.isSilenced(effect)) continue;
      this.later.delete(effect.id);
      this.issue(effect);
    }
  }

  /** When the next retry is due. */
  get nextRetry(): Instant | null {
    const times = [...this.later.values()].map((l) => l.at);
    return times.length === 0 ? null : Math.min(...times);
  }

  get inFlight(): string[] {
    return [...this.running, ...this.later.keys()];
  }

  private isSilenced(effect: PendingEffect): boolean {
    return effect.class === 'marketing' && this.inbox.silencesMarketing;
  }

  private issue(effect: PendingEffect): void {
    this.running.add(effect.id);
    const { workspace, customerId } = this.input;
    this.run(effect, { workspace, customerId, id: effect.id, now: Date.now() }).then(
      (result) => this.ended(effect, result?.retryAt ?? null),
      () => this.ended(effect, Date.now() + AFTER_FAILURE),
    );
  }

  private run(effect: PendingEffect, request: Parameters<Activities['deliver']>[0]): Promise<EffectResult> {
    const { taskQueue } = workflowInfo();
    const options = { startToCloseTimeout: '25s', retry: { maximumAttempts: 1 } } as const;
    if (effect.kind === 'raise_agent_task')
      return proxyActivities<Activities>(options).raiseAgentTask(request);
    return proxyActivities<Activities>({ ...options, taskQueue: `${taskQueue}-${effect.channel}` }).deliver(
      request,
    );
  }

  private ended(effect: PendingEffect, retryAt: Instant | null): void {
    this.running.delete(effect.id);
    if (retryAt === null) return this.inbox.markSettled();
    this.later.set(effect.id, { effect, at: retryAt });
    this.postponed = true;
  }
}

/** When it was planned for; null where that isn't told. */
function dueAt(effect: PendingEffect): Instant | null {
  return effect.kind === 'deliver' ? (effect.notBefore ?? null) : null;
}
