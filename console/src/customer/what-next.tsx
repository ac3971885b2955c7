import { CalendarClock } from 'lucide-react';
import type { Names } from '../../../src/sentences/create-sentences.ts';
import { Card } from '../components/card.tsx';
import { Empty } from '../components/empty.tsx';
import { SenderText } from '../components/sender-text.tsx';
import { useFormat } from '../format/use-format.ts';
import { useMessages } from '../i18n/messages.ts';
import { useNames } from '../names/use-names.ts';
import { messages } from './messages.ts';
import { Moment } from './moment.tsx';
import { listNextSteps, type NextStep } from './next.ts';
import type { Customer } from './types.ts';
import styles from './what-next.module.css';
import { writeCoolDown } from './write-cool-down.ts';

/** Steps that are shown; a customer may be in very many journeys. */
const SHOWN = 12;

/** What happens to the customer next, and when: in their zone, and in the viewer's. */
export function WhatNext({ customer }: { customer: Customer }) {
  const t = useMessages(messages);
  const { timezone: zone } = customer;
  const steps = listNextSteps(customer);
  return (
    <Card title={t.next} note={t.nextNote({ zone })}>
      {steps.length === 0 ? (
        <Empty title={t.nothingNext} icon={<CalendarClock />}>
          {t.nothingNextText}
        </Empty>
      ) : (
        <ol className={styles.list} data-testid="what-next">
          {steps.slice(0, SHOWN).map((step, index) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: steps have no id that all kinds share
            <li key={index} className={styles.step}>
              {step.at === null ? (
                <span className={styles.note}>{t.whenever}</span>
              ) : (
                <Moment at={step.at} zone={zone} />
              )}
              <div className={styles.what}>
                <StepText step={step} silent={customer.suppressed.classes.includes('marketing')} />
              </div>
            </li>
          ))}
        </ol>
      )}
      {steps.length > SHOWN && <p className={styles.note}>{t.moreSteps({ count: steps.length - SHOWN })}</p>}
    </Card>
  );
}

function StepText({ step, silent }: { step: NextStep; silent: boolean }) {
  const t = useMessages(messages);
  const names = useNames();
  const { locale } = useFormat();
  const text = describeStep(nameStep(step, names), t, locale);
  const events =
    step.kind === 'enrollment'
      ? new Intl.ListFormat(locale, { type: 'disjunction' }).format(step.events)
      : '';
  return (
    <>
      <p>
        <SenderText plain text={text} />
      </p>
      {step.kind === 'enrollment' && step.state === 'held' && (
        <p className={styles.note}>{silent ? t.heldSilent : t.heldAgain}</p>
      )}
      {step.kind === 'enrollment' && step.state === 'waiting' && step.at === null && events === '' && (
        <p className={styles.note}>{t.onCondition}</p>
      )}
      {events !== '' && (
        <p className={styles.note}>
          <SenderText plain text={step.at === null ? t.on({ events }) : t.orOn({ events })} />
        </p>
      )}
    </>
  );
}

/** The step as people read it. */
function nameStep(step: NextStep, names: Names): NextStep {
  if ('action' in step) return { ...step, action: names.action(step.action) };
  return 'journey' in step ? { ...step, journey: names.journey(step.journey) } : step;
}

type Texts = ReturnType<typeof useMessages<(typeof messages)['en']>>;

function describeStep(step: NextStep, t: Texts, locale: string): string {
  switch (step.kind) {
    case 'delivery':
      if (step.state === 'sending') return t.nextSending(step);
      return step.state === 'held' ? t.nextHeld(step) : t.nextDelivery(step);
    case 'task':
      return step.state === 'acknowledged' ? t.nextTaskOpen(step) : t.nextTask(step);
    case 'enrollment':
      if (step.state === 'waiting') return t.nextWait(step);
      if (step.state === 'held') return t.nextDecide(step);
      return step.state === 'poison' ? t.nextPoison(step) : t.nextOther(step);
    case 'entry':
      return t.nextEntry(step);
    case 'lift':
      return t.nextLift({ id: step.ticketId });
    case 'close':
      return t.nextClose({ id: step.ticketId, coolDown: writeCoolDown(step.coolDown, locale) });
    default:
      return step satisfies never;
  }
}
