import { SenderText } from '../components/sender-text.tsx';
import { useFormat } from '../format/use-format.ts';
import { useMessages } from '../i18n/messages.ts';
import { messages } from './messages.ts';
import styles from './thermometer.module.css';
import type { Customer } from './types.ts';

type Area = NonNullable<Customer['valueThermometer']>['areas']['category'][number];

const SHOWN = 4;
/** How the API names what has no category or channel. */
const OTHER = 'other';

/** Where the money came from, the largest first, and what service took of it. */
export function ValueAreas({ title, areas }: { title: string; areas: readonly Area[] }) {
  const t = useMessages(messages);
  const format = useFormat();
  if (areas.length === 0) return null;
  // The cost of service is the last one.
  const shown = areas.length > SHOWN ? [...areas.slice(0, SHOWN - 1), ...areas.slice(-1)] : areas;
  return (
    <section className={styles.areas}>
      <h3 className={styles.title}>{title}</h3>
      <ul>
        {shown.map((area) => (
          <li key={`${area.kind} ${area.name}`} className={styles.area}>
            <span className={styles.name}>
              {area.kind === 'service' ? (
                t.serviceCost
              ) : area.name === OTHER ? (
                t.otherArea
              ) : (
                <SenderText plain text={area.name} limit={60} />
              )}
            </span>
            <span className={styles.amount}>{format.amount(area.amount.amount, area.amount.currency)}</span>
            <span className={styles.share}>
              {area.share === null ? '–' : format.percent(area.share / 100, 0)}
            </span>
          </li>
        ))}
      </ul>
      {areas.length > shown.length && (
        <p className={styles.note}>{t.moreAreas({ count: areas.length - shown.length })}</p>
      )}
    </section>
  );
}
