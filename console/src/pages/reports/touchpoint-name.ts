import { useMessages } from '../../i18n/messages.ts';
import { useNames } from '../../names/use-names.ts';
import { messages } from './messages.ts';
import type { TOUCHPOINTS } from './search.ts';

/** Names what got credit: a channel, an action, an action on a channel, or a journey; null: nothing did. */
export function useTouchpointName() {
  const t = useMessages(messages);
  const names = useNames();
  return (touchpoint: string | null, by: (typeof TOUCHPOINTS)[number]): string => {
    if (touchpoint === null) return t.direct;
    switch (by) {
      case 'channel':
        return touchpoint;
      case 'action':
        return names.action(touchpoint);
      case 'action_on_channel': {
        const end = touchpoint.lastIndexOf('@');
        return `${names.action(touchpoint.slice(0, end))} · ${touchpoint.slice(end + 1)}`;
      }
      case 'journey':
        return names.journey(touchpoint);
      default:
        return by satisfies never;
    }
  };
}
