import { Thermometer as ThermometerIcon } from 'lucide-react';
import { Badge } from '../components/badge.tsx';
import { Card } from '../components/card.tsx';
import { Empty } from '../components/empty.tsx';
import { Instant } from '../components/instant.tsx';
import { SenderText } from '../components/sender-text.tsx';
import { useFormat } from '../format/use-format.ts';
import { useMessages } from '../i18n/messages.ts';
import { messages } from './messages.ts';
import styles from './thermometer.module.css';
import type { Customer } from './types.ts';

const PARTS = [
  ['futureValue', 'partFuture', styles.future],
  ['margin', 'partMargin', styles.margin],
  ['advocacy', 'partAdvocacy', styles.advocacy],
  ['engagement', 'partEngagement', styles.engagement],
] as const;

const TONES = { cold: 'info', warm: 'warning', hot: 'success' } as const;
const SHOWN_AREAS = 5;

/** The value of the customer from 0 to 100, what it is made of, and how sure it is. */
export function Thermometer({ customer: { valueThermometer: value, timezone } }: { customer: Customer }) {
  const t = useMessages(messages);
  const format = useFormat();
  if (!value)
    return (
      <Card title={t.value}>
        <Empty title={t.noValue} icon={<ThermometerIcon />}>
          {t.noValueText}
        </Empty>
      </Card>
    );
  const sign = new Intl.NumberFormat(format.locale, { signDisplay: 'exceptZero' }).format(value.change);
  const areas = [...value.areas.category, ...value.areas.channel].slice(0, SHOWN_AREAS);
  return (
    <Card title={t.value} aside={<Badge tone={TONES[value.band]}>{t[value.band]}</Badge>}>
      <p className={styles.head}>
        <span className={styles.value}>{value.value}</span>
        <span className={styles.of}>/ 100</span>
        <span className={styles.of}>{t.change({ change: sign })}</span>
      </p>
      <div className={styles.bar} role="img" aria-label={t.valueOf({ value: value.value })}>
        {PARTS.map(([part, , className]) => (
          <span
            key={part}
            className={`${styles.part} ${className}`}
            style={{ width: `${Math.max(0, value.parts[part])}%` }}
          />
        ))}
      </div>
      <div className={styles.range} aria-hidden="true">
        <span
          className={styles.interval}
          style={{ left: `${value.low}%`, width: `${Math.max(1, value.high - value.low)}%` }}
        />
      </div>
      <p className={styles.scale} aria-hidden="true">
        <span>0</span>
        <span>50</span>
        <span>100</span>
      </p>
      <p className={styles.note}>{t.range({ low: value.low, high: value.high })}</p>
      <ul className={styles.parts}>
        {PARTS.map(([part, label, className]) => (
          <li key={part} className={styles.row}>
            <span className={`${styles.swatch} ${className}`} aria-hidden="true" />
            {t[label]}
            <span className={styles.points}>{t.points({ points: value.parts[part] })}</span>
          </li>
        ))}
      </ul>
      {areas.length > 0 && (
        <div className={styles.areas}>
          <h3>{t.areas}</h3>
          {areas.map(({ kind, name, share }) => (
            <div key={`${kind} ${name}`} className={styles.area}>
              <SenderText plain text={name} limit={60} />
              <span className={styles.points}>{share === null ? '–' : format.percent(share / 100, 0)}</span>
            </div>
          ))}
        </div>
      )}
      <p className={styles.note}>
        {t.fittedAt} <Instant at={value.fittedAt} zone={timezone} />
      </p>
    </Card>
  );
}
