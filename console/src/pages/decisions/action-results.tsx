import { useApi } from '../../api/use-api.ts';
import { Card } from '../../components/card.tsx';
import { type Column, DataTable } from '../../components/data-table.tsx';
import { Empty } from '../../components/empty.tsx';
import { QueryState } from '../../components/query-state.tsx';
import { useFormat } from '../../format/use-format.ts';
import { useMessages } from '../../i18n/messages.ts';
import { messages } from './action.messages.ts';
import { type ChannelEffects, listEffects } from './list-effects.ts';

/** What became of the action's messages and tasks. */
export function ActionResults({ action, period }: { action: string; period: { from: string; to: string } }) {
  const t = useMessages(messages);
  const { number } = useFormat();
  const report = useApi(
    'get',
    '/v1/reports/deliveries',
    { params: { query: period } },
    { keepPrevious: true },
  );
  const columns: Column<ChannelEffects>[] = [
    {
      id: 'channel',
      header: t.channel,
      rowHeader: true,
      cell: ({ channel }) => (channel === 'agent_desk' ? t.agentDesk : channel),
    },
    { id: 'sent', header: t.sent, number: true, cell: ({ sent }) => number(sent) },
    { id: 'open', header: t.open, number: true, cell: ({ open }) => number(open) },
    { id: 'held', header: t.heldBack, number: true, cell: ({ heldBack }) => number(heldBack) },
    { id: 'failed', header: t.failed, number: true, cell: ({ failed }) => number(failed) },
    {
      id: 'clicked',
      header: t.clicked,
      number: true,
      cell: ({ clicked }) => (clicked === null ? '–' : number(clicked)),
    },
  ];
  return (
    <Card title={t.results} flush>
      <QueryState query={report}>
        {(data) => (
          <DataTable
            caption={t.resultsCaption}
            columns={columns}
            rows={listEffects(data, action)}
            rowKey={({ channel }) => channel}
            empty={<Empty title={t.noResults} />}
          />
        )}
      </QueryState>
    </Card>
  );
}
