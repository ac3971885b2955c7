import { Instant } from '../components/instant.tsx';
import { useFormat, viewerZone } from '../format/use-format.ts';
import { useMessages } from '../i18n/messages.ts';
import { messages } from './messages.ts';
import styles from './moment.module.css';

/** A future instant: in the customer's zone, in how long, and in the viewer's zone where that is another time. */
export function Moment({ at, zone }: { at: string; zone: string }) {
  const format = useFormat();
  const t = useMessages(messages);
  const here = format.dateTime(at, viewerZone);
  const isElsewhere = here !== format.dateTime(at, zone);
  return (
    <span className={styles.moment}>
      <Instant at={at} zone={zone} />
      <span className={styles.note}>{format.relative(at)}</span>
      {isElsewhere && <span className={styles.note}>{t.yourTime({ time: here })}</span>}
    </span>
  );
}
