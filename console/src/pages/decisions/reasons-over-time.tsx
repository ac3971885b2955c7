import { useMemo } from 'react';
import { Card } from '../../components/card.tsx';
import { Chart } from '../../components/chart/chart.tsx';
import { useFormat } from '../../format/use-format.ts';
import { useMessages } from '../../i18n/messages.ts';
import { useReasonName } from '../../reasons/reason-names.ts';
import { blockedBy, type Funnel, fillDays, sumReasons } from './funnel.ts';
import { messages } from './messages.ts';

/** Reasons with a colour of their own; the others are one. */
const SHOWN = 5;

/** What blocked candidates, day by day. */
export function ReasonsOverTime({ report }: { report: Funnel }) {
  const t = useMessages(messages);
  const format = useFormat();
  const reasonName = useReasonName();
  const data = useMemo(() => {
    const reasons = sumReasons(report);
    const [shown, others] = [reasons.slice(0, SHOWN), reasons.slice(SHOWN)];
    const days = reasons.length === 0 ? [] : fillDays(report);
    const series = shown.map((reason) => ({
      id: `${reason.gate} ${reason.code}`,
      name: reasonName(reason),
      values: days.map((day) => blockedBy(day, reason)),
      stack: 'reasons',
    }));
    const rest = {
      id: 'others',
      name: t.other,
      values: days.map((day) => others.reduce((sum, reason) => sum + blockedBy(day, reason), 0)),
      stack: 'reasons',
      color: 'muted' as const,
    };
    return {
      categories: days.map(({ day }) => format.day(day)),
      series: others.length > 0 ? [...series, rest] : series,
    };
  }, [report, t, reasonName, format]);
  return (
    <Card title={t.reasonsOverTime}>
      <Chart title={t.reasonsOverTime} axis={t.day} data={data} formatAxis={format.compact} />
    </Card>
  );
}
