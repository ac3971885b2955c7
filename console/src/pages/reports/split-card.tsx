import type { components } from '../../api/schema.d.ts';
import { Badge } from '../../components/badge.tsx';
import { Card } from '../../components/card.tsx';
import { DataTable } from '../../components/data-table.tsx';
import { Empty } from '../../components/empty.tsx';
import { useFormat } from '../../format/use-format.ts';
import { useMessages } from '../../i18n/messages.ts';
import { readComparison } from './comparison.ts';
import { messages } from './messages.ts';

type Split = components['schemas']['ExperimentsReport']['splits'][number];

interface Props {
  title: string;
  split: Pick<Split, 'arms' | 'winner' | 'sampleRatio' | 'unknownArms'>;
}

/** The arms of one test, each against the first. */
export function SplitCard({ title, split }: Props) {
  const t = useMessages(messages);
  const format = useFormat();
  const percent = (value: number) => format.percent(value, 2);
  const interval = ({ low, high }: { low: number; high: number }) => t.interval(percent(low), percent(high));
  return (
    <Card
      title={title}
      aside={
        split.sampleRatio.verdict === 'invalid' ? (
          <Badge tone="warning">{t.invalid}</Badge>
        ) : (
          split.winner !== null && <Badge tone="success">{t.winner(split.winner)}</Badge>
        )
      }
      note={split.unknownArms > 0 ? t.unknownArms(format.number(split.unknownArms, 0)) : undefined}
      flush
    >
      <DataTable
        caption={t.figuresOf(title)}
        rows={split.arms}
        rowKey={(row) => row.arm}
        empty={<Empty title={t.nothing} />}
        columns={[
          { id: 'arm', header: t.arm, rowHeader: true, cell: (row) => row.arm },
          {
            id: 'customers',
            header: t.customers,
            number: true,
            cell: (row) => format.number(row.customers, 0),
          },
          {
            id: 'rate',
            header: t.goalRate,
            number: true,
            cell: ({ rate }) => (rate ? `${percent(rate.mean)} (${interval(rate)})` : '–'),
          },
          {
            id: 'difference',
            header: t.againstFirst,
            number: true,
            cell: ({ arm, comparison }) => {
              if (arm === split.arms[0]?.arm) return t.first;
              const read = comparison && readComparison(comparison);
              return read?.kind === 'measured' ? `${percent(read.difference)} (${interval(read)})` : '–';
            },
          },
        ]}
      />
    </Card>
  );
}
