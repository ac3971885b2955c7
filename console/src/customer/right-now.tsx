import { CircleCheck, OctagonAlert, VolumeX } from 'lucide-react';
import type { ReactNode } from 'react';
import { Card } from '../components/card.tsx';
import { classNames } from '../components/class-names.ts';
import { SenderText } from '../components/sender-text.tsx';
import { useFormat } from '../format/use-format.ts';
import { useMessages } from '../i18n/messages.ts';
import { useNames } from '../names/use-names.ts';
import { messages } from './messages.ts';
import styles from './right-now.module.css';
import { listSilenceReasons, type SilenceReason } from './silence.ts';
import { SilenceText } from './silence-text.tsx';
import type { Customer } from './types.ts';

const HEADLINES = {
  parked: 'silentParked',
  paused: 'silentPaused',
  ticket: 'silentTicket',
  cool_down: 'silentCoolDown',
  snoozed: 'silentSnoozed',
} as const satisfies Record<SilenceReason['kind'], string>;

interface Props {
  customer: Customer;
  /** The customer who opened a ticket, where it is another one: a link. */
  owner?: (id: string) => ReactNode;
  children?: ReactNode;
}

/** Whether messages reach the customer now; if not, why, and when that lifts. */
export function RightNow({ customer, owner, children }: Props) {
  const t = useMessages(messages);
  const names = useNames();
  const { locale } = useFormat();
  const reasons = listSilenceReasons(customer);
  const [first] = reasons;
  const tone = first === undefined ? 'success' : first.kind === 'parked' ? 'danger' : 'warning';
  const Icon = { success: CircleCheck, danger: OctagonAlert, warning: VolumeX }[tone];
  const { active, classes } = customer.suppressed;
  const controls = [
    ...new Set(customer.enrollments.filter(({ arm }) => arm === 'control').map((e) => e.journey)),
  ];
  const held = customer.enrollments
    .filter(({ arm, state }) => arm === 'treated' && state === 'held')
    .map((enrollment) => ({ ...enrollment, journey: names.journey(enrollment.journey) }));
  return (
    <Card title={t.rightNow}>
      <div className={classNames(styles.state, styles[tone])} data-testid="right-now">
        <p className={styles.head}>
          <Icon aria-hidden="true" />
          {first === undefined ? t.clear : t[HEADLINES[first.kind]]}
        </p>
        {first === undefined ? (
          <p className={styles.subject}>{t.clearText}</p>
        ) : (
          <ul className={styles.reasons}>
            {reasons.map((reason, index) => (
              // biome-ignore lint/suspicious/noArrayIndexKey: two reasons may be the same in all they have
              <li key={index} className={styles.reason}>
                <SilenceText reason={reason} zone={customer.timezone} styles={styles} owner={owner} />
              </li>
            ))}
          </ul>
        )}
        <div className={styles.foot}>
          {active && held.length > 0 && (
            <p className={styles.held}>
              <SenderText
                plain
                text={t.heldSteps({ steps: new Intl.ListFormat(locale).format(held.map(t.heldStep)) })}
              />
            </p>
          )}
          {active && !classes.includes('service') && <p>{t.stillLeaves}</p>}
          {controls.length > 0 && (
            <p>
              <SenderText
                plain
                text={t.controlOf({
                  journeys: new Intl.ListFormat(locale).format(controls.map(names.journey)),
                })}
              />
            </p>
          )}
          {children}
        </div>
      </div>
    </Card>
  );
}
