import type { Answer } from '../../api/use-api.ts';
import { useApi } from '../../api/use-api.ts';
import { Card } from '../../components/card.tsx';
import { type Column, DataTable } from '../../components/data-table.tsx';
import { Empty } from '../../components/empty.tsx';
import { QueryState } from '../../components/query-state.tsx';
import { useFormat } from '../../format/use-format.ts';
import { useMessages } from '../../i18n/messages.ts';
import { messages } from './action.messages.ts';

type Report = Answer<'get', '/v1/reports/deliveries'>;

/** One channel's messages, or the tasks of the agent desk. */
interface Row {
  channel: string;
  sent: number;
  failed: number;
  heldBack: number;
  open: number;
  clicked: number | null;
}

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
  const columns: Column<Row>[] = [
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
            rows={listRows(data, action)}
            rowKey={({ channel }) => channel}
            empty={<Empty title={t.noResults} />}
          />
        )}
      </QueryState>
    </Card>
  );
}

function listRows({ deliveries, tasks }: Report, action: string): Row[] {
  const rows = new Map<string, Row>();
  const add = (channel: string, { clicked, ...counts }: Omit<Row, 'channel'>) => {
    const known = rows.get(channel);
    if (!known) return rows.set(channel, { channel, clicked, ...counts });
    known.sent += counts.sent;
    known.failed += counts.failed;
    known.heldBack += counts.heldBack;
    known.open += counts.open;
    if (clicked !== null) known.clicked = (known.clicked ?? 0) + clicked;
    return rows;
  };
  for (const { action: id, channel, states, receipts } of deliveries) {
    if (id !== action) continue;
    add(channel, {
      sent: states.sent + states.unknown,
      failed: states.failed,
      heldBack: states.held + states.cancelled,
      open: states.planned + states.sending,
      clicked: receipts.clicked.deliveries,
    });
  }
  for (const { action: id, states } of tasks) {
    if (id !== action) continue;
    add('agent_desk', {
      sent: states.resolved,
      failed: states.expired,
      heldBack: states.withdrawn,
      open: states.planned + states.open + states.acknowledged,
      clicked: null,
    });
  }
  return [...rows.values()];
}
