import { Link } from '@tanstack/react-router';
import { Card } from '../../components/card.tsx';
import { Instant } from '../../components/instant.tsx';
import { KeyValue } from '../../components/key-value.tsx';
import { SenderText } from '../../components/sender-text.tsx';
import { useFormat } from '../../format/use-format.ts';
import { useMessages } from '../../i18n/messages.ts';
import { messages } from './decision.messages.ts';
import type { Decision } from './decision.ts';
import styles from './decisions.module.css';

/** Who, when, what woke it, and under which versions. */
export function DecisionFacts({ decision, zone, name }: { decision: Decision; zone: string; name: string }) {
  const t = useMessages(messages);
  const { customerId, at, committedAt, ordinal, placement, expiresAt, versions, autonomy, policy } = decision;
  return (
    <Card title={t.facts}>
      <KeyValue
        items={[
          {
            key: 'customer',
            label: t.customer,
            value: (
              <Link to="/customers/$ref" params={{ ref: customerId }} title={customerId}>
                <SenderText plain text={name} limit={80} />
              </Link>
            ),
          },
          { key: 'at', label: t.at, value: <Instant at={at} zone={zone} /> },
          { key: 'committed', label: t.committed, value: <Instant at={committedAt} zone={zone} /> },
          { key: 'woken', label: t.wokenBy, value: <WokenBy decision={decision} zone={zone} /> },
          {
            key: 'bundle',
            label: t.bundle,
            value: t.versionOf({ version: versions.bundle.replace(/^b-/, '') }),
          },
          { key: 'model', label: t.model, value: versions.model ?? t.noModel },
          { key: 'scores', label: t.scoresVersion, value: versions.scores ?? t.noFit },
          { key: 'autonomy', label: t.autonomy, value: t[autonomy] },
          { key: 'policy', label: t.policy, value: t[policy] },
          ...(ordinal === null ? [] : [{ key: 'position', label: t.position, value: String(ordinal) }]),
          ...(placement === null ? [] : [{ key: 'placement', label: t.placement, value: placement }]),
          ...(expiresAt === null
            ? []
            : [{ key: 'expires', label: t.expires, value: <Instant at={expiresAt} zone={zone} /> }]),
        ]}
      />
    </Card>
  );
}

function WokenBy({ decision: { events = [], eventRange }, zone }: { decision: Decision; zone: string }) {
  const t = useMessages(messages);
  const { number } = useFormat();
  if (events.length === 0) return t.byTime;
  const earlier = eventRange.toSeq - eventRange.fromSeq - events.length;
  return (
    <ul>
      {events.map(({ id, name, at }) => (
        <li key={id}>
          <SenderText text={name} plain />{' '}
          <span className={styles.mutedInline}>
            <Instant at={at} zone={zone} />
          </span>
        </li>
      ))}
      {earlier > 0 && <li className={styles.muted}>{t.moreEvents({ count: number(earlier) })}</li>}
    </ul>
  );
}
