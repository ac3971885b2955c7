import { getRouteApi, Link } from '@tanstack/react-router';
import type { Answer } from '../../api/use-api.ts';
import { useApiPages } from '../../api/use-api.ts';
import { Badge } from '../../components/badge.tsx';
import { Button } from '../../components/button.tsx';
import { Card } from '../../components/card.tsx';
import { type Column, DataTable } from '../../components/data-table.tsx';
import { Empty } from '../../components/empty.tsx';
import { ErrorState } from '../../components/error-state.tsx';
import { Instant } from '../../components/instant.tsx';
import { Pager } from '../../components/pager.tsx';
import { SenderText } from '../../components/sender-text.tsx';
import { useFormat } from '../../format/use-format.ts';
import { useMessages } from '../../i18n/messages.ts';
import { useNames } from '../../names/use-names.ts';
import { useSentences } from '../../sentences/use-sentences.ts';
import { CustomerLink } from './customer-link.tsx';
import styles from './decisions.module.css';
import { messages } from './messages.ts';
import { OutcomeBadge } from './outcome-badge.tsx';
import { writeReason } from './write-reason.ts';

type Summary = Answer<'get', '/v1/decisions'>['data'][number];

const route = getRouteApi('/shell/decisions');
const PAGE = 25;

/** The newest decisions that match the filters. */
export function LatestDecisions({ period }: { period: { from: string; to: string } }) {
  const t = useMessages(messages);
  const { action, journey, gate, outcome } = route.useSearch();
  const filter = { from: period.from, to: period.to, action, journey, gate, outcome };
  const query = { ...withoutUndefined(filter), limit: PAGE };
  const list = useApiPages('/v1/decisions', { params: { query } });
  const columns = useColumns();
  const rows = list.data?.pages.flatMap(({ data }) => data);
  const more = () => void list.fetchNextPage();
  const next = (
    <Pager
      shown={rows?.length ?? 0}
      hasMore={list.hasNextPage}
      busy={list.isFetchingNextPage}
      onMore={more}
    />
  );
  const empty = (
    <Empty
      title={t.noDecisions}
      action={
        list.hasNextPage && (
          <Button busy={list.isFetchingNextPage} onClick={more}>
            {t.more}
          </Button>
        )
      }
    >
      {t.noDecisionsText}
    </Empty>
  );
  return (
    <Card title={t.latest} flush>
      {list.error && !rows ? (
        <ErrorState problem={list.error} retry={() => void list.refetch()} />
      ) : (
        <DataTable
          caption={t.latestCaption}
          columns={columns}
          rows={rows}
          rowKey={({ id }) => id}
          empty={empty}
          footer={next}
        />
      )}
    </Card>
  );
}

function useColumns(): Column<Summary>[] {
  const t = useMessages(messages);
  const names = useNames();
  const { number } = useFormat();
  const sentences = useSentences();
  return [
    {
      id: 'at',
      header: t.at,
      rowHeader: true,
      cell: ({ id, at }) => (
        <Link to="/decisions/$id" params={{ id }} className={styles.nowrap}>
          <Instant at={at} />
        </Link>
      ),
    },
    {
      id: 'customer',
      header: t.customer,
      cell: ({ customerId, customerName }) => <CustomerLink id={customerId} name={customerName} />,
    },
    {
      id: 'result',
      header: t.result,
      cell: ({ outcome, actions, explored, placement }) => (
        <span className={styles.wideCell}>
          <OutcomeBadge outcome={outcome} />
          {actions.map((item) => (
            <Link key={item.action} to="/actions/$id" params={{ id: item.action }}>
              <SenderText text={names.action(item.action)} plain />
            </Link>
          ))}
          {explored && <Badge tone="info">{t.explored}</Badge>}
          {placement !== null && <span className={styles.muted}>{t.realtime({ placement })}</span>}
        </span>
      ),
    },
    {
      id: 'stopped',
      header: t.stoppedBy,
      cell: ({ blockedBy }) => {
        const [first, ...others] = blockedBy;
        if (!first) return '–';
        return (
          <div className={styles.sentenceCell}>
            {writeReason(first.verdict, sentences, first.channel)}
            {others.length > 0 && <span className={styles.mutedInline}>{` +${others.length}`}</span>}
          </div>
        );
      },
    },
    {
      id: 'candidates',
      header: t.proposed,
      number: true,
      cell: ({ candidates: { judged, blocked } }) =>
        t.of({ part: number(judged - blocked), all: number(judged) }),
    },
  ];
}

function withoutUndefined<T extends object>(value: T): { [K in keyof T]: NonNullable<T[K]> } {
  return Object.fromEntries(Object.entries(value).filter(([, item]) => item !== undefined)) as never;
}
