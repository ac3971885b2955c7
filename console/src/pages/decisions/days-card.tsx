import { useMemo } from 'react';
import { Card } from '../../components/card.tsx';
import { Chart } from '../../components/chart/chart.tsx';
import { useFormat } from '../../format/use-format.ts';
import { useMessages } from '../../i18n/messages.ts';
import { type Funnel, fillDays, STAGES } from './funnel.ts';
import { messages } from './messages.ts';

/** How far candidates got, day by day. */
export function DaysCard({ report }: { report: Funnel }) {
  const t = useMessages(messages);
  const format = useFormat();
  const data = useMemo(() => {
    const days = report.days.length === 0 ? [] : fillDays(report);
    return {
      categories: days.map(({ day }) => format.day(day)),
      series: STAGES.map((stage) => ({
        id: stage,
        name: t[stage],
        kind: 'line' as const,
        values: days.map((day) => day[stage]),
      })),
    };
  }, [report, t, format]);
  return (
    <Card title={t.overTime}>
      <Chart title={t.overTime} axis={t.day} data={data} formatAxis={format.compact} />
    </Card>
  );
}
