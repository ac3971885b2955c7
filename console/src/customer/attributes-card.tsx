import { Badge } from '../components/badge.tsx';
import { Card } from '../components/card.tsx';
import { DataTable } from '../components/data-table.tsx';
import { Instant } from '../components/instant.tsx';
import { SenderText } from '../components/sender-text.tsx';
import { useMessages } from '../i18n/messages.ts';
import { messages } from './messages.ts';
import type { Customer } from './types.ts';
import { writeValue } from './write-value.ts';

type Attribute = Customer['attributes'][number];

/** What is known about the customer, who stated it, and how old it is. */
export function AttributesCard({ customer: { attributes, timezone } }: { customer: Customer }) {
  const t = useMessages(messages);
  return (
    <Card title={t.attributes} flush={attributes.length > 0}>
      <DataTable<Attribute>
        caption={t.attributeTable}
        rows={attributes}
        rowKey={({ name }) => name}
        empty={<p>{t.noAttributes}</p>}
        columns={[
          {
            id: 'name',
            header: t.attribute,
            rowHeader: true,
            cell: ({ name }) => <SenderText text={name} limit={60} />,
          },
          {
            id: 'value',
            header: t.attributeValue,
            cell: ({ value }) => <SenderText text={writeValue(value)} />,
          },
          {
            id: 'source',
            header: t.source,
            cell: ({ source }) => <SenderText plain text={source} limit={60} />,
          },
          {
            id: 'age',
            header: t.age,
            cell: ({ at, stale, withheld }) => (
              <>
                <Instant at={at} zone={timezone} as="relative" />{' '}
                {stale && <Badge tone="warning">{t.stale}</Badge>}{' '}
                {withheld?.marketing && <Badge>{t.notForMarketing}</Badge>}
              </>
            ),
          },
        ]}
      />
    </Card>
  );
}
