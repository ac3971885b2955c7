import { useMemo } from 'react';
import { useMessages } from '../../i18n/messages.ts';
import type { JourneyWords } from '../../journey-graph/from-journey.ts';
import { useNames } from '../../names/use-names.ts';
import { messages } from './messages.ts';

/** The words of a picture of a journey, in the user's language. */
export function useJourneyWords(): JourneyWords {
  const t = useMessages(messages);
  const names = useNames();
  return useMemo(
    () => ({
      enter: t.words_enter,
      goal: t.words_goal,
      leave: t.words_leave,
      end: t.words_end,
      human: t.words_human,
      action: names.action,
    }),
    [t, names],
  );
}
