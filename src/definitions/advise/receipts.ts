import { channelsOf } from '../../domain/action-channels.ts';
import { AGENT_DESK } from '../../domain/candidate.ts';
import type { ActionDef, Bundle, JourneyDef } from '../../domain/definition.ts';
import { isTrackedClass, kindOfReceiptEvent, type ReceiptKind } from '../../domain/receipt.ts';
import { getOwn } from '../../domain/values/get-own.ts';
import type { Problem } from '../source/problem.ts';

/** What each configured channel can report about its messages, by the channel's id. */
export type ChannelReceipts = Readonly<Record<string, readonly ReceiptKind[]>>;

type AdvisedBundle = Pick<Bundle, 'workspace' | 'actions' | 'journeys'>;

/**
 * Warns of rewards, goals, exits, waits and guardrails that wait for a report which no channel of the actions can give.
 * A channel that is not configured here says nothing, so nothing is said of it.
 */
export function adviseReceipts(bundle: AdvisedBundle, receipts: ChannelReceipts): Problem[] {
  const { workspace, actions, journeys } = bundle;
  const findSilent = (kind: ReceiptKind, asked: readonly ActionDef[]) =>
    findSilentChannels(kind, asked, workspace.tracking, receipts);
  const rewards = actions.flatMap((action) => {
    const kind = action.reward && kindOfReceiptEvent(action.reward.on);
    const silent = kind ? findSilent(kind, [action]) : null;
    return silent === null ? [] : [`'${action.id}' is rewarded by '${action.reward?.on}', and ${silent}`];
  });
  const waits = journeys.flatMap((journey) =>
    listAwaited(journey).flatMap((name) => {
      const kind = kindOfReceiptEvent(name);
      const silent = kind ? findSilent(kind, listOffered(journey, actions)) : null;
      return silent === null ? [] : [`the journey '${journey.id}' waits for '${name}', and ${silent}`];
    }),
  );
  const marketing = actions.filter((action) => action.class === 'marketing');
  const harms = workspace.guardrails?.harms ?? [];
  const silent = harms.includes('complaint') ? findSilent('complained', marketing) : null;
  const guardrail = silent === null ? [] : [`guardrails.harms has complaint, and ${silent}`];
  return [...rewards, ...waits, ...guardrail].map((message) => ({ file: '', path: '', message }));
}

/** Says that no channel of these actions reports something; null if one does, or may. */
function findSilentChannels(
  kind: ReceiptKind,
  actions: readonly ActionDef[],
  counted: Bundle['workspace']['tracking'],
  receipts: ChannelReceipts,
): string | null {
  const used = actions.flatMap((action) =>
    channelsOf(action)
      .filter((channel) => channel !== AGENT_DESK)
      .map((channel) => ({ channel, isTracked: channel === 'email' && isTrackedClass(action.class) })),
  );
  const isTracked = (kind === 'clicked' && counted.clicks) || (kind === 'opened' && counted.opens);
  const mayReport = used.some(
    (use) => (isTracked && use.isTracked) || (getOwn(receipts, use.channel)?.includes(kind) ?? true),
  );
  if (used.length === 0 || mayReport) return null;
  const channels = [...new Set(used.map(({ channel }) => channel))].join(', ');
  const isTrackable = (kind === 'clicked' || kind === 'opened') && used.some((use) => use.isTracked);
  const tracking = isTrackable
    ? `set tracking.${kind === 'clicked' ? 'clicks' : 'opens'} in workspace.yaml, `
    : '';
  return `${channels} can't report it: ${tracking}use a provider that does, or name another event`;
}

function listAwaited({ goal, exit, steps }: JourneyDef): string[] {
  const exits = exit.flatMap((each) => (each.kind === 'event' ? [each.trigger.on] : []));
  const waits = steps.flatMap((step) =>
    step.kind === 'wait'
      ? step.until.flatMap((each) => (each.kind === 'event' ? [each.trigger.on] : []))
      : [],
  );
  return [...new Set([...(goal ? [goal.on] : []), ...exits, ...waits])];
}

function listOffered({ steps }: JourneyDef, actions: readonly ActionDef[]): ActionDef[] {
  const offered = new Set(steps.flatMap((step) => (step.kind === 'decide' ? step.actions : [])));
  return actions.filter(({ id }) => offered.has(id));
}
