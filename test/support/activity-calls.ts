import { decideNextBestAction } from '../../src/app/decide/journey.ts';
import { type DeliverDeps, deliver } from '../../src/app/deliver/deliver.ts';
import type { Channel, OutgoingMessage, SendResult } from '../../src/channels/channel.ts';
import type { DecideAnswer, EffectResult, ProgressAnswer } from '../../src/domain/protocol.ts';
import { createActivityDeps } from '../../src/service/activity-deps.ts';
import { type TestSystem, WORKSPACE } from './system.ts';

/** A channel that returns what the test decides, and records the messages that it was given. */
export function fakeChannel(
  send: (message: OutgoingMessage) => Promise<SendResult> | SendResult,
  id = 'email',
): Channel & { outgoing: OutgoingMessage[] } {
  const outgoing: OutgoingMessage[] = [];
  return {
    id,
    concurrency: 5,
    outgoing,
    async send(message) {
      outgoing.push(message);
      return send(message);
    },
    close: async () => {},
  };
}

/** Calls the activities directly, for tests that act between two of their steps. */
export interface ActivityCalls {
  deps: DeliverDeps;
  decide(customerId: string, ordinal: number | null, now?: number): Promise<DecideAnswer>;
  deliver(customerId: string, id: string, now?: number): Promise<EffectResult>;
  /** Decides once. Returns the id of the first planned delivery. */
  planDelivery(customerId: string): Promise<string>;
}

export function createActivityCalls(
  system: TestSystem,
  channel: Channel | Channel[],
  workspace = WORKSPACE,
): ActivityCalls {
  const deps: DeliverDeps = createActivityDeps(system.service, [channel].flat());
  const owner = (customerId: string) => ({ workspace, customerId });
  const calls: ActivityCalls = {
    deps,
    decide: (customerId, ordinal, now = Date.now()) =>
      decideNextBestAction(deps, {
        ...owner(customerId),
        ordinal,
        now,
        directEvents: [],
        effectsSettled: false,
        rollingOver: false,
      }),
    deliver: (customerId, id, now = Date.now()) => deliver(deps, { ...owner(customerId), id, now }),
    async planDelivery(customerId) {
      const answer = (await calls.decide(customerId, null)) as ProgressAnswer;
      const [effect] = answer.effects;
      if (!effect) throw new Error('nothing was planned');
      return effect.id;
    },
  };
  return calls;
}

/** A point at which code under test waits until the test opens it. */
export function barrier(): { reached: Promise<void>; arrive(): void; open(): void; wait: Promise<void> } {
  let arrive = () => {};
  let open = () => {};
  const reached = new Promise<void>((resolve) => {
    arrive = resolve;
  });
  const wait = new Promise<void>((resolve) => {
    open = resolve;
  });
  return { reached, arrive: () => arrive(), open: () => open(), wait };
}
