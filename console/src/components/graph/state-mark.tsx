import { Equal, Minus, Plus, RefreshCw } from 'lucide-react';
import { useMessages } from '../../i18n/messages.ts';
import type { DiffState } from '../../journey-graph/graph.ts';
import { Badge, type Tone } from '../badge.tsx';
import { messages } from './messages.ts';

const MARKS: Record<DiffState, { icon: typeof Plus; tone: Tone }> = {
  added: { icon: Plus, tone: 'success' },
  removed: { icon: Minus, tone: 'danger' },
  changed: { icon: RefreshCw, tone: 'warning' },
  kept: { icon: Equal, tone: 'neutral' },
};

/** How a step differs from the other version: a sign, a word and a colour. */
export function StateMark({ state }: { state: DiffState }) {
  const t = useMessages(messages);
  const { icon: Icon, tone } = MARKS[state];
  return (
    <Badge tone={tone} icon={<Icon aria-hidden="true" size={12} />}>
      {t[state]}
    </Badge>
  );
}
