import { Badge } from '../components/badge.tsx';
import { Card } from '../components/card.tsx';
import { DataTable } from '../components/data-table.tsx';
import { Instant } from '../components/instant.tsx';
import { SenderText } from '../components/sender-text.tsx';
import { useMessages } from '../i18n/messages.ts';
import { messages } from './messages.ts';
import type { Customer } from './types.ts';

type Consent = Customer['consents'][number];

/** What the customer has agreed to, by purpose, channel and topic. */
export function ConsentCard({ customer: { consents, timezone } }: { customer: Customer }) {
  const t = useMessages(messages);
  return (
    <Card title={t.consent} flush={consents.length > 0}>
      <DataTable<Consent>
        caption={t.consentTable}
        rows={consents}
        rowKey={({ purpose, channel, topic }) => JSON.stringify([purpose, channel, topic])}
        empty={<p>{t.noConsent}</p>}
        columns={[
          {
            id: 'purpose',
            header: t.purpose,
            rowHeader: true,
            cell: ({ purpose }) => <SenderText plain text={purpose} limit={60} />,
          },
          {
            id: 'channel',
            header: t.channel,
            cell: ({ channel }) =>
              channel === '*' ? t.everyChannel : <SenderText plain text={channel} limit={60} />,
          },
          {
            id: 'topic',
            header: t.topic,
            cell: ({ topic }) =>
              topic === '*' ? t.everyTopic : <SenderText plain text={topic} limit={60} />,
          },
          {
            id: 'status',
            header: t.status,
            cell: ({ status }) => (
              <Badge tone={status === 'granted' ? 'success' : 'warning'}>{t[status]}</Badge>
            ),
          },
          {
            id: 'since',
            header: t.since,
            cell: ({ since }) => <Instant at={since} zone={timezone} as="date" />,
          },
          {
            id: 'source',
            header: t.source,
            cell: ({ source }) => <SenderText plain text={source} limit={60} />,
          },
        ]}
      />
    </Card>
  );
}
