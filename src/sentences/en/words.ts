import { after } from '../text/after.ts';

export { after };

/** ` by email`; an agent is a person. */
export function byChannel(channel: string | null): string {
  if (channel === null || channel === '*') return '';
  return channel === 'agent_desk' ? ' by a person' : ` by ${channel}`;
}

/** ` by email and a person`. */
export function byChannels(list: string): string {
  return ` by ${list.replace(/\bagent_desk\b/, 'a person')}`;
}

/** ` by kim`. */
export function byActor(actor: string | null): string {
  return after(' by ', actor);
}

/** `1 message`, `3 messages`. */
export function count(n: number, one: string, many = `${one}s`): string {
  return `${n} ${n === 1 ? one : many}`;
}
