import {
  Flag,
  type LucideIcon,
  Mail,
  MousePointerClick,
  Scale,
  ShieldCheck,
  ShoppingBag,
  Terminal,
  Ticket,
  UserRound,
} from 'lucide-react';
import type { TimelineItem } from './types.ts';

/** Kinds of items, in the order in which the filter offers them. */
export const TIMELINE_KINDS = [
  'decision',
  'outcome',
  'ticket',
  'purchase',
  'behaviour',
  'consent',
  'command',
  'delivery',
  'task',
] as const satisfies TimelineItem['kind'][];

export const KIND_ICONS: Record<TimelineItem['kind'], LucideIcon> = {
  purchase: ShoppingBag,
  ticket: Ticket,
  consent: ShieldCheck,
  behaviour: MousePointerClick,
  outcome: Mail,
  command: Terminal,
  decision: Scale,
  delivery: Flag,
  task: UserRound,
};
