import { describeReason } from '../../../../src/sentences/describe-reason.ts';
import { DataTable } from '../../components/data-table.tsx';
import { Empty } from '../../components/empty.tsx';
import { SenderText } from '../../components/sender-text.tsx';
import { useFormat } from '../../format/use-format.ts';
import { useMessages } from '../../i18n/messages.ts';
import { useSentences } from '../../sentences/use-sentences.ts';
import type { JourneyReport } from './journey-rows.ts';
import { messages } from './messages.ts';
import { ShareBar } from './share-bar.tsx';

/** At which step customers left, and why, in words. */
export function EndsTable({
  figures,
  step: wanted,
}: {
  figures: JourneyReport | undefined;
  step: string | undefined;
}) {
  const t = useMessages(messages);
  const format = useFormat();
  const sentences = useSentences();
  const entered = figures?.treated.entered ?? 0;
  const rows = (figures?.steps ?? [])
    .filter(({ step }) => wanted === undefined || step === wanted)
    .flatMap(({ step, ended }) => ended.map(({ reason, ended: customers }) => ({ step, reason, customers })))
    .sort((a, b) => b.customers - a.customers);
  return (
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
        {
          id: 'share',
          header: t.share,
          cell: ({ customers }) => <ShareBar part={customers} whole={entered} />,
        },
        {
          id: 'customers',
          header: t.customers,
          number: true,
          cell: ({ customers }) => format.number(customers, 0),
        },
        { id: 'step', header: t.atStep, cell: ({ step }) => step },
      ]}
    />
  );
}
