import { useMemo } from 'react';
import { Card } from '../../components/card.tsx';
import { Chart } from '../../components/chart/chart.tsx';
import { Empty } from '../../components/empty.tsx';
import { Stat, Stats } from '../../components/stat.tsx';
import { useFormat } from '../../format/use-format.ts';
import { useMessages } from '../../i18n/messages.ts';
import { messages } from './action.messages.ts';
import type { ActionDetail } from './action.ts';
import { useAmount } from './amount.ts';
import styles from './decisions.module.css';

type Probabilities = NonNullable<ActionDetail['calibration']['probabilities']>;

/** Whether what was predicted for the action happened. */
export function ActionCalibration({ action: { calibration } }: { action: ActionDetail }) {
  const t = useMessages(messages);
  const { probabilities, amounts } = calibration;
  return (
    <Card title={t.calibration} note={t.calibrationNote}>
      {!probabilities && !amounts && <Empty title={t.noCalibration}>{t.noCalibrationText}</Empty>}
      <div className={styles.parts}>
        {probabilities && <Shares probabilities={probabilities} />}
        {amounts && <Amounts amounts={amounts} />}
      </div>
    </Card>
  );
}

function Shares({ probabilities }: { probabilities: Probabilities }) {
  const t = useMessages(messages);
  const { number, percent } = useFormat();
  const { cases, bins, ece, brier, brierOfMean, occurred } = probabilities;
  const data = useMemo(
    () => ({
      categories: bins.map((bin) => `${percent(bin.predicted)} · ${number(bin.cases)}`),
      series: [
        {
          id: 'observed',
          name: t.observedInterval,
          values: bins.map((bin) => bin.occurred),
          low: bins.map(({ low }) => low),
          high: bins.map(({ high }) => high),
        },
        {
          id: 'predicted',
          name: t.predicted,
          kind: 'line' as const,
          dashed: true,
          color: 2 as const,
          values: bins.map((bin) => bin.predicted),
        },
      ],
    }),
    [bins, number, percent, t],
  );
  return (
    <>
      <Stats>
        <Stat label={t.cases} value={number(cases)} />
        <Stat label={t.observed} value={percent(occurred)} />
        <Stat label={t.error} value={percent(ece)} />
        <Stat label={t.brier} value={number(brier, 3)} note={t.brierNote({ base: number(brierOfMean, 3) })} />
      </Stats>
      <Chart title={t.calibration} axis={t.group} data={data} format={percent} height={300} />
    </>
  );
}

function Amounts({ amounts }: { amounts: NonNullable<ActionDetail['calibration']['amounts']> }) {
  const t = useMessages(messages);
  const { number } = useFormat();
  const amount = useAmount();
  return (
    <Stats>
      <Stat label={t.cases} value={number(amounts.cases)} />
      <Stat label={t.amountsPredicted} value={amount(amounts.predicted)} />
      <Stat label={t.amountsObserved} value={amount(amounts.observed)} />
    </Stats>
  );
}
