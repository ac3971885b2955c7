import { decideNextBestAction } from '../../src/activities/decide-next-best-action.ts';
import { type DeliverDeps, deliver } from '../../src/activities/deliver.ts';
import type { Channel, Outgoing, SendResult } from '../../src/channels/channel.ts';
import type { Answer, EffectResult, Held } from '../../src/domain/protocol.ts';
import { activityDeps } from '../../src/service/worker.ts';
import { type House, WORKSPACE } from './house.ts';

/** A channel that does what the test says, and counts what really went out. */
export function fakeChannel(
  send: (message: Outgoing) => Promise<SendResult> | SendResult,
  id = 'email',
): Channel & { outgoing: Outgoing[] } {
  const outgoing: Outgoing[] = [];
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

/** The activities called by hand, for tests that must stand between two of their steps. */
export interface Desk {
  deps: DeliverDeps;
  decide(customerId: string, ordinal: number | null, now?: number): Promise<Answer>;
  deliver(customerId: string, id: string, now?: number): Promise<EffectResult>;
  /** Decides once, and gives the first delivery that was planned. */
  plan(customerId: string): Promise<string>;
}

export function openDesk(house: House, channel: Channel | Channel[], workspace = WORKSPACE): Desk {
  const deps: DeliverDeps = activityDeps(house.service, [channel].flat());
  const owner = (customerId: string) => ({ workspace, customerId });
  const desk: Desk = {
    deps,
    decide: (customerId, ordinal, now = Date.now()) =>
      decideNextBestAction(deps, {
        ...owner(customerId),
        ordinal,
        now,
        direct: [],
        settled: false,
        rollingOver: false,
      }),
    deliver: (customerId, id, now = Date.now()) => deliver(deps, { ...owner(customerId), id, now }),
    async plan(customerId) {
      const answer = (await desk.decide(customerId, null)) as Held;
      const [effect] = answer.effects;
      if (!effect) throw new Error('nothing was planned');
      return effect.id;
    },
  };
  return desk;
}

/** A promise that the test resolves. */
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
