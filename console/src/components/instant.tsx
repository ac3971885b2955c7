import { useFormat, viewerZone } from '../format/use-format.ts';
import { useMessages } from '../i18n/messages.ts';
import { messages } from './instant.messages.ts';
import styles from './instant.module.css';
import { Tooltip } from './tooltip.tsx';

interface Props {
  /** As the API writes it. */
  at: string;
  /** The zone of the customer; without it, that of the viewer. */
  zone?: string | undefined;
  /** How it is shown; the tooltip always has all of it. */
  as?: 'dateTime' | 'date' | 'time' | 'relative';
}

/** A point in time: in the customer's zone, with the viewer's in the tooltip. */
export function Instant({ at, zone = viewerZone, as = 'dateTime' }: Props) {
  const format = useFormat();
  const t = useMessages(messages);
  const shown = as === 'relative' ? format.relative(at) : format[as](at, zone);
  const there = t.zone({ time: format.exact(at, zone), zone });
  const here = t.zone({ time: format.exact(at, viewerZone), zone: viewerZone });
  return (
    <Tooltip text={zone === viewerZone ? there : `${there} · ${here}`}>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: the keyboard reaches the tooltip, too */}
      <time dateTime={at} tabIndex={0} className={styles.time}>
        {shown}
      </time>
    </Tooltip>
  );
}
