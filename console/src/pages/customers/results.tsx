import { Link } from '@tanstack/react-router';
import type { Answer } from '../../api/use-api.ts';
import { Badge } from '../../components/badge.tsx';
import { DataTable } from '../../components/data-table.tsx';
import { Instant } from '../../components/instant.tsx';
import { SenderText } from '../../components/sender-text.tsx';
import { nameByIdentity } from '../../customer/name.ts';
import { useFormat } from '../../format/use-format.ts';
import { useMessages } from '../../i18n/messages.ts';
import { messages } from './messages.ts';
import styles from './results.module.css';

type Found = Answer<'get', '/v1/customers'>['data'][number];

/** Identities of a row beside the name. */
const SHOWN = 3;

/** Customers as a list, each a link to the customer's page. */
export function Results({ rows }: { rows: readonly Found[] }) {
  const t = useMessages(messages);
  const format = useFormat();
  return (
    <DataTable<Found>
      caption={t.results}
      rows={rows}
      rowKey={({ id }) => id}
      empty={null}
      columns={[
        {
          id: 'name',
          header: t.name,
          rowHeader: true,
          cell: ({ id, name, identities }) => (
            <Link to="/customers/$ref" params={{ ref: id }} data-result="" className={styles.link}>
              <SenderText plain text={name ?? nameByIdentity(identities, id)} limit={80} />
            </Link>
          ),
        },
        {
          id: 'identities',
          header: t.identities,
          cell: ({ identities }) => (
            <span className={styles.identities}>
              {identities.slice(0, SHOWN).map(({ type, value }) => (
                <span key={`${type} ${value}`}>
                  <SenderText plain text={value} limit={48} />
                </span>
              ))}
            </span>
          ),
        },
        { id: 'stage', header: t.stage, cell: ({ stage }) => stage ?? '–' },
        {
          id: 'state',
          header: t.state,
          cell: ({ openTickets, suppressed, paused, parked }) => (
            <span className={styles.badges}>
              {openTickets > 0 && <Badge tone="warning">{t.openTickets({ count: openTickets })}</Badge>}
              {suppressed && openTickets === 0 && <Badge tone="warning">{t.suppressed}</Badge>}
              {paused && <Badge tone="warning">{t.paused}</Badge>}
              {parked && <Badge tone="danger">{t.parked}</Badge>}
            </span>
          ),
        },
        { id: 'events', header: t.events, number: true, cell: ({ eventSeq }) => format.number(eventSeq, 0) },
        { id: 'since', header: t.since, cell: ({ createdAt }) => <Instant at={createdAt} as="date" /> },
      ]}
    />
  );
}
