import { Minus, Thermometer as ThermometerIcon, TrendingDown, TrendingUp } from 'lucide-react';
import { Badge } from '../components/badge.tsx';
import { Card } from '../components/card.tsx';
import { classNames } from '../components/class-names.ts';
import { Empty } from '../components/empty.tsx';
import { Instant } from '../components/instant.tsx';
import { useFormat } from '../format/use-format.ts';
import { useMessages } from '../i18n/messages.ts';
import { messages } from './messages.ts';
import styles from './thermometer.module.css';
import type { Customer } from './types.ts';
import { ValueAreas } from './value-areas.tsx';

type Value = NonNullable<Customer['valueThermometer']>;

const PARTS = [
  ['futureValue', 'partFuture', styles.future],
  ['margin', 'partMargin', styles.margin],
  ['advocacy', 'partAdvocacy', styles.advocacy],
  ['engagement', 'partEngagement', styles.engagement],
] as const;

const TONES = { cold: 'info', warm: 'warning', hot: 'success' } as const;

/** The value of the customer from 0 to 100, what it is made of, and how sure it is. */
export function Thermometer({ customer: { valueThermometer: value, timezone } }: { customer: Customer }) {
  const t = useMessages(messages);
  if (!value)
    return (
      <Card title={t.value}>
        <Empty title={t.noValue} icon={<ThermometerIcon />}>
          {t.noValueText}
        </Empty>
      </Card>
    );
  return (
    <Card title={t.value} aside={<Badge tone={TONES[value.band]}>{t[value.band]}</Badge>}>
      <div data-testid="thermometer">
        <p className={styles.head}>
          <span className={styles.value}>{value.value}</span>
          <span className={styles.of}>/ 100</span>
          <Change change={value.change} />
        </p>
        <Scale value={value} />
        {value.high > value.low && (
          <p className={styles.note}>{t.range({ low: value.low, high: value.high })}</p>
        )}
        <h3 className={styles.title}>{t.parts}</h3>
        <ul className={styles.parts}>
          {PARTS.map(([part, label, className]) => (
            <li key={part} className={styles.row}>
              <span className={classNames(styles.swatch, className)} aria-hidden="true" />
              {t[label]}
              <span className={styles.points}>{t.points({ points: value.parts[part] })}</span>
            </li>
          ))}
        </ul>
        <ValueAreas title={t.byCategory} areas={value.areas.category} />
        <ValueAreas title={t.byChannel} areas={value.areas.channel} />
        <p className={styles.foot}>
          {t.fittedAt} <Instant at={value.fittedAt} zone={timezone} />
        </p>
      </div>
    </Card>
  );
}

/** How much it rose or fell. */
function Change({ change }: { change: number }) {
  const t = useMessages(messages);
  const { locale } = useFormat();
  const Icon = change > 0 ? TrendingUp : change < 0 ? TrendingDown : Minus;
  const signed = new Intl.NumberFormat(locale, { signDisplay: 'exceptZero' }).format(change);
  return (
    <span
      className={classNames(styles.change, change > 0 ? styles.rises : change < 0 ? styles.falls : undefined)}
    >
      <Icon aria-hidden="true" />
      {change === 0 ? t.noChange : t.change({ change: signed })}
    </span>
  );
}

/** The parts one behind the other on a scale of 100, and below them the interval of the whole. */
function Scale({ value: { value, low, high, parts } }: { value: Value }) {
  const t = useMessages(messages);
  return (
    <>
      <div className={styles.bar} role="img" aria-label={t.valueOf({ value })}>
        {PARTS.map(([part, , className]) => (
          <span
            key={part}
            className={classNames(styles.part, className)}
            style={{ width: `${Math.max(0, parts[part])}%` }}
          />
        ))}
      </div>
      <div className={styles.range} aria-hidden="true">
        <span className={styles.interval} style={{ left: `${low}%`, width: `${Math.max(1, high - low)}%` }} />
      </div>
      <p className={styles.scale} aria-hidden="true">
        <span>0</span>
        <span>50</span>
        <span>100</span>
      </p>
    </>
  );
}
