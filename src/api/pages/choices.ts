import { type Consent, resolveConsent } from '../../domain/customer/consent.ts';
import type { Bundle } from '../../domain/definition.ts';

/** One topic on one channel: a box on the page. */
export interface ConsentCell {
  purpose: string;
  channel: string;
  /** `*` where the workspace has no topics. */
  topic: string;
}

/** A statement of consent before it has its place in the log. */
export type ConsentStatement = ConsentCell & { status: Consent['status'] };

/** Purposes that marketing is done for: that name itself, and those that actions name in its place. */
export function listMarketingPurposes(bundle: Bundle | null): string[] {
  const named = bundle?.actions.flatMap((action) => (action.class === 'marketing' ? [action.purpose] : []));
  return [...new Set(['marketing', ...(named ?? [])])];
}

/**
 * All boxes: the workspace's topics, each on the channels that its marketing goes through. A topic of no action yet can be
 * chosen by mail.
 */
export function listCells(bundle: Bundle | null): ConsentCell[] {
  const marketing = bundle?.actions.filter((action) => action.class === 'marketing') ?? [];
  const topics = bundle?.workspace.topics.length ? bundle.workspace.topics : ['*'];
  return listMarketingPurposes(bundle).flatMap((purpose) =>
    topics.flatMap((topic) => {
      const used = marketing.filter(
        (action) => action.purpose === purpose && (topic === '*' || action.topic === topic),
      );
      const channels = new Set(used.flatMap((action) => action.channels));
      return [...(channels.size === 0 ? ['email'] : channels)]
        .sort(byPlace)
        .map((channel) => ({ purpose, channel, topic }));
    }),
  );
}

/** Mail first and calls last, as people know them; others by name. */
function byPlace(a: string, b: string): number {
  const place = (channel: string) => (channel === 'email' ? 0 : channel === 'agent_desk' ? 2 : 1);
  return place(a) - place(b) || (a < b ? -1 : 1);
}

/** The name of a box: channel and purpose have no slash. */
export function formatCellName({ purpose, channel, topic }: ConsentCell): string {
  return JSON.stringify([purpose, channel, topic]);
}

export function isGranted(consents: Consent[], { purpose, channel, topic }: ConsentCell): boolean {
  return resolveConsent(consents, purpose, channel, topic)?.status === 'granted';
}

/** The statements that make exactly the ticked boxes granted: one for each box that changes. */
export function computeStatements(
  cells: ConsentCell[],
  ticked: ReadonlySet<string>,
  consents: Consent[],
): ConsentStatement[] {
  return cells
    .filter((cell) => isGranted(consents, cell) !== ticked.has(formatCellName(cell)))
    .map((cell) => ({ ...cell, status: ticked.has(formatCellName(cell)) ? 'granted' : 'withdrawn' }));
}
