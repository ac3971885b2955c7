import { describeReason } from '../../../../src/sentences/describe-reason.ts';
import { DataTable } from '../../components/data-table.tsx';
import { Empty } from '../../components/empty.tsx';
import { QueryState } from '../../components/query-state.tsx';
import { SenderText } from '../../components/sender-text.tsx';
import { useFormat } from '../../format/use-format.ts';
import { useMessages } from '../../i18n/messages.ts';
import { useSentences } from '../../sentences/use-sentences.ts';
import type { ReportQuery } from './funnel-tab.tsx';
import type { JourneyReport } from './journey-rows.ts';
import { messages } from './messages.ts';

interface Props {
  report: ReportQuery;
  figures: JourneyReport | undefined;
}

/** At which step customers left, and why, in words. */
export function DropoffTab({ report, figures }: Props) {
  const t = useMessages(messages);
  const format = useFormat();
  const sentences = useSentences();
  const entered = figures?.treated.entered ?? 0;
  const rows = (figures?.steps ?? [])
    .flatMap(({ step, ended }) => ended.map(({ reason, ended: customers }) => ({ step, reason, customers })))
    .sort((a, b) => b.customers - a.customers);
  return (
    <QueryState query={report}>
      {() => (
        <DataTable
          caption={t.dropCaption}
          rows={rows}
          rowKey={(row) => `${row.step} ${row.reason}`}
          empty={<Empty title={t.noDrop} />}
          columns={[
            {
              id: 'reason',
              header: t.reason,
              rowHeader: true,
              cell: ({ reason }) => <SenderText text={sentences.write(describeReason(reason))} />,
            },
            { id: 'step', header: t.atStep, cell: ({ step }) => step },
            {
              id: 'customers',
              header: t.customers,
              number: true,
              cell: ({ customers }) => format.number(customers, 0),
            },
            {
              id: 'share',
              header: t.share,
              number: true,
              cell: ({ customers }) => (entered > 0 ? format.percent(customers / entered) : '–'),
            },
          ]}
        />
      )}
    </QueryState>
  );
}
