import { Link } from '@tanstack/react-router';
import type { Names } from '../../../../src/sentences/create-sentences.ts';
import { Alert } from '../../components/alert.tsx';
import { Badge, type Tone } from '../../components/badge.tsx';
import { Card } from '../../components/card.tsx';
import { type Column, DataTable } from '../../components/data-table.tsx';
import { Empty } from '../../components/empty.tsx';
import { Instant } from '../../components/instant.tsx';
import { SenderText } from '../../components/sender-text.tsx';
import type { Format } from '../../format/format.ts';
import { useFormat } from '../../format/use-format.ts';
import { useMessages } from '../../i18n/messages.ts';
import { useNames } from '../../names/use-names.ts';
import { messages } from './messages.ts';
import styles from './operations.module.css';
import type { Status } from './status.ts';

type Channel = Status['channels'][number];
type Delivery = Status['troubled'][number];
type Texts = ReturnType<typeof useMessages<(typeof messages)['en']>>;

/** What became of the newest messages of each channel, and those that did not leave. */
export function ChannelsSection({ status }: { status: Status }) {
  const t = useMessages(messages);
  const names = useNames();
  const format = useFormat();
  const { channels, troubled, unknownDeliveries } = status;
  return (
    <>
      <Card title={t.channels} note={t.channelsNote} flush>
        <DataTable<Channel>
          caption={t.channels}
          rows={channels}
          rowKey={({ channel }) => channel}
          empty={<Empty title={t.noChannels} />}
          columns={channelColumns(t, format)}
        />
      </Card>
      {unknownDeliveries.count > 0 && (
        <Alert tone="warning">{t.unknownTotal({ count: format.number(unknownDeliveries.count, 0) })}</Alert>
      )}
      <Card title={t.troubled} flush={troubled.length > 0}>
        <DataTable<Delivery>
          caption={t.troubled}
          rows={troubled}
          rowKey={({ id }) => id}
          empty={<p className={styles.none}>{t.noTroubled}</p>}
          columns={deliveryColumns(t, names)}
        />
      </Card>
    </>
  );
}

function channelColumns(t: Texts, format: Format): Column<Channel>[] {
  const number = (id: 'sent' | 'failed' | 'unknown' | 'retrying' | 'due') => ({
    id,
    header: t[id],
    number: true,
    cell: (row: Channel) => format.number(row[id], 0),
  });
  return [
    { id: 'channel', header: t.channel, rowHeader: true, cell: ({ channel }) => channel },
    { id: 'state', header: t.state, cell: (row) => <State channel={row} /> },
    number('sent'),
    { id: 'rate', header: t.perMinute, number: true, cell: ({ perMinute }) => format.number(perMinute) },
    number('due'),
    number('retrying'),
    number('failed'),
    number('unknown'),
    {
      id: 'last',
      header: t.lastSent,
      cell: ({ lastSentAt }) => (lastSentAt === null ? '–' : <Instant at={lastSentAt} as="relative" />),
    },
    {
      id: 'error',
      header: t.lastError,
      cell: ({ lastError, lastErrorAt }) =>
        lastError === null || lastErrorAt === null ? (
          '–'
        ) : (
          <div className={styles.error}>
            <SenderText text={lastError} />{' '}
            <span className={styles.small}>
              <Instant at={lastErrorAt} as="relative" />
            </span>
          </div>
        ),
    },
  ];
}

/** As the doctor judges it: a channel fails while its newest attempt did. */
function State({ channel }: { channel: Channel }) {
  const t = useMessages(messages);
  const [tone, text] = judge(channel, t);
  return <Badge tone={tone}>{text}</Badge>;
}

function judge({ lastSentAt, lastErrorAt }: Channel, t: Texts): [Tone, string] {
  if (lastErrorAt !== null && (lastSentAt === null || lastErrorAt > lastSentAt)) return ['danger', t.fails];
  if (lastSentAt === null) return ['neutral', t.idle];
  return lastErrorAt === null ? ['success', t.works] : ['warning', t.losses];
}

function deliveryColumns(t: Texts, names: Names): Column<Delivery>[] {
  return [
    { id: 'action', header: t.action, rowHeader: true, cell: ({ action }) => names.action(action) },
    { id: 'channel', header: t.channel, cell: ({ channel }) => channel },
    {
      id: 'state',
      header: t.state,
      cell: ({ state }) => (
        <Badge tone={state === 'failed' ? 'danger' : 'warning'}>
          {state === 'failed' || state === 'unknown' ? t[state] : t.retrying}
        </Badge>
      ),
    },
    {
      id: 'customer',
      header: t.customer,
      cell: ({ customerId }) => (
        <Link to="/customers/$ref" params={{ ref: customerId }}>
          {customerId}
        </Link>
      ),
    },
    { id: 'at', header: t.at, cell: ({ at }) => <Instant at={at} as="relative" /> },
    {
      id: 'error',
      header: t.error,
      cell: ({ error }) => (
        <div className={styles.error}>
          <SenderText text={error} />
        </div>
      ),
    },
  ];
}
