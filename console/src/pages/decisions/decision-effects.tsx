import { Link } from '@tanstack/react-router';
import { Badge, type Tone } from '../../components/badge.tsx';
import { Card } from '../../components/card.tsx';
import { Empty } from '../../components/empty.tsx';
import { Instant } from '../../components/instant.tsx';
import { useStateName } from '../../customer/state-name.ts';
import { useMessages } from '../../i18n/messages.ts';
import { useNames } from '../../names/use-names.ts';
import { messages } from './decision.messages.ts';
import type { Decision } from './decision.ts';
import styles from './decisions.module.css';

const TONES: Record<string, Tone> = {
  sent: 'success',
  failed: 'danger',
  unknown: 'warning',
  held: 'warning',
  cancelled: 'neutral',
};

/** The messages and tasks of the decision, with what became of them. */
export function DecisionEffects({ decision, zone }: { decision: Decision; zone: string }) {
  const t = useMessages(messages);
  const names = useNames();
  const stateName = useStateName();
  const { actions, customerId } = decision;
  const isEmpty = actions.every(({ deliveries, task }) => deliveries.length === 0 && !task);
  return (
    <Card title={t.effects}>
      {isEmpty ? (
        <Empty title={t.noEffects} />
      ) : (
        <ul className={styles.list}>
          {actions.flatMap(({ action, deliveries, task }) => [
            ...deliveries.map(({ id, channel, variant, sendAt, state }) => (
              <li key={id} className={styles.effect}>
                <div>
                  <Link to="/actions/$id" params={{ id: action }}>
                    {names.action(action)}
                  </Link>
                  <span className={styles.muted}>
                    {t.delivery({ channel })}
                    {variant !== null && `, ${t.variant({ variant })}`} · {t.dueAt}{' '}
                    <Instant at={sendAt} zone={zone} />
                  </span>
                </div>
                <Badge tone={TONES[state] ?? 'info'}>{stateName(state)}</Badge>
                <Link to="/customers/$ref" params={{ ref: customerId }}>
                  {t.timeline}
                </Link>
              </li>
            )),
            ...(task
              ? [
                  <li key={task.id} className={styles.effect}>
                    <div>
                      <Link to="/actions/$id" params={{ id: action }}>
                        {names.action(action)}
                      </Link>
                      <span className={styles.muted}>{t.openTask({ queue: task.queue })}</span>
                    </div>
                    <Link to="/tasks/$id" params={{ id: task.id }}>
                      {t.task}
                    </Link>
                  </li>,
                ]
              : []),
          ])}
        </ul>
      )}
    </Card>
  );
}
