import { after } from '../text/after.ts';

export { after };

/** ` lewat email`; an agent is a person. */
export function byChannel(channel: string | null): string {
  if (channel === null || channel === '*') return '';
  return channel === 'agent_desk' ? ' oleh petugas' : ` lewat ${channel}`;
}

/** ` lewat email dan petugas`. */
export function byChannels(list: string): string {
  return ` lewat ${list.replace(/\bagent_desk\b/, 'petugas')}`;
}

/** ` oleh kim`. */
export function byActor(actor: string | null): string {
  return after(' oleh ', actor);
}
