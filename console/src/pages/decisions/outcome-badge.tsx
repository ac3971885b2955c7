import { Badge, type Tone } from '../../components/badge.tsx';
import { useMessages } from '../../i18n/messages.ts';
import { messages } from './messages.ts';

const TONES = {
  acted: 'success',
  offered: 'success',
  held: 'warning',
  fallback: 'warning',
  nothing: 'neutral',
  moved: 'neutral',
} as const satisfies Record<string, Tone>;

export type Outcome = keyof typeof TONES;

/** What a decision came to. */
export function OutcomeBadge({ outcome }: { outcome: Outcome }) {
  return <Badge tone={TONES[outcome]}>{useMessages(messages)[outcome]}</Badge>;
}
