import type { components } from '../../api/schema.d.ts';

type Report = components['schemas']['DeliveriesReport'];

/** One channel's messages, or the tasks of the agent desk. */
export interface ChannelEffects {
  channel: string;
  sent: number;
  failed: number;
  heldBack: number;
  open: number;
  clicked: number | null;
}

/** What became of an action's messages and tasks, by channel. */
export function listEffects({ deliveries, tasks }: Report, action: string): ChannelEffects[] {
  const rows = new Map<string, ChannelEffects>();
  const add = (channel: string, { clicked, ...counts }: Omit<ChannelEffects, 'channel'>) => {
    const known = rows.get(channel);
    if (!known) return rows.set(channel, { channel, clicked, ...counts });
    known.sent += counts.sent;
    known.failed += counts.failed;
    known.heldBack += counts.heldBack;
    known.open += counts.open;
    if (clicked !== null) known.clicked = (known.clicked ?? 0) + clicked;
    return rows;
  };
  for (const { action: id, channel, states, receipts } of deliveries) {
    if (id !== action) continue;
    add(channel, {
      sent: states.sent + states.unknown,
      failed: states.failed,
      heldBack: states.held + states.cancelled,
      open: states.planned + states.sending,
      clicked: receipts.clicked.deliveries,
    });
  }
  for (const { action: id, states } of tasks) {
    if (id !== action) continue;
    add('agent_desk', {
      sent: states.resolved,
      failed: states.expired,
      heldBack: states.withdrawn,
      open: states.planned + states.open + states.acknowledged,
      clicked: null,
    });
  }
  return [...rows.values()];
}
