import { useMemo } from 'react';
import { Card } from '../../components/card.tsx';
import { Chart } from '../../components/chart/chart.tsx';
import { useFormat } from '../../format/use-format.ts';
import { useMessages } from '../../i18n/messages.ts';
import { type Funnel, STAGES, sumStages } from './funnel.ts';
import { messages } from './messages.ts';

/** How many candidates got how far, as bars. */
export function FunnelCard({ report, csv }: { report: Funnel; csv: string }) {
  const t = useMessages(messages);
  const format = useFormat();
  const { total, examined, sampled } = report.decisions;
  const data = useMemo(() => {
    const sums = sumStages(report);
    const values = sums.candidates === 0 ? [] : STAGES.map((stage) => sums[stage]);
    return {
      categories: STAGES.map((stage) => t[stage]),
      series: [{ id: 'candidates', name: t.candidates, values }],
    };
  }, [report, t]);
  const note = sampled
    ? t.sampled({ examined: format.number(examined), total: format.number(total) })
    : t.funnelNote({ decisions: format.number(total) });
  return (
    <Card
      title={t.funnel}
      note={note}
      aside={
        <a href={csv} download>
          {t.csv}
        </a>
      }
    >
      <Chart
        title={t.funnel}
        axis={t.stage}
        data={data}
        formatAxis={format.compact}
        horizontal
        height={232}
      />
    </Card>
  );
}
