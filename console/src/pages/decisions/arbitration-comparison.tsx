import { useMemo } from 'react';
import type { Names } from '../../../../src/sentences/create-sentences.ts';
import { Badge } from '../../components/badge.tsx';
import { Chart } from '../../components/chart/chart.tsx';
import { Table } from '../../components/table.tsx';
import { useFormat } from '../../format/use-format.ts';
import { useMessages } from '../../i18n/messages.ts';
import { useNames } from '../../names/use-names.ts';
import { messages } from './decision.messages.ts';
import { type Arbitration, type Candidate, DO_NOTHING } from './decision.ts';
import styles from './decisions.module.css';

/** Options that are drawn; the table has all of them. */
const DRAWN = 12;

interface Props {
  arbitration: Arbitration;
  /** Of the decision: rules score them, too. */
  candidates: readonly Candidate[];
}

/** The options of one arbitration side by side: how likely each was, and its score. */
export function ArbitrationComparison({ arbitration, candidates }: Props) {
  const t = useMessages(messages);
  const names = useNames();
  const { number, percent } = useFormat();
  const { arms, chosen, exclusions } = arbitration;
  const sorted = useMemo(() => [...arms].sort((a, b) => b.probability - a.probability), [arms]);
  const data = useMemo(() => {
    const drawn = sorted.slice(0, DRAWN);
    return {
      categories: drawn.map(({ arm }) => (arm === DO_NOTHING ? t.nothingArm : nameArm(arm, names))),
      series: [
        { id: 'probability', name: t.probability, values: drawn.map(({ probability }) => probability) },
      ],
    };
  }, [sorted, names, t]);
  return (
    <div className={styles.halves}>
      <Table caption={t.options}>
        <thead>
          <tr>
            <th scope="col">{t.arm}</th>
            <th scope="col" data-number>
              {t.score}
            </th>
            <th scope="col" data-number>
              {t.probability}
            </th>
          </tr>
        </thead>
        <tbody>
          {sorted.map(({ arm, probability, score }) => {
            const own = score ?? scoreOf(arm, candidates);
            return (
              <tr key={arm}>
                <th scope="row">
                  {arm === DO_NOTHING ? t.nothingArm : nameArm(arm, names)}{' '}
                  {arm === chosen && <Badge tone="success">{t.chosen}</Badge>}
                </th>
                <td data-number>{own === undefined ? '–' : number(own, 4)}</td>
                <td data-number>{percent(probability)}</td>
              </tr>
            );
          })}
          {exclusions.map(({ subject, code }) => (
            <tr key={`${subject} ${code}`}>
              <th scope="row">{nameArm(subject, names)}</th>
              <td colSpan={2}>
                {t.excluded}: {code}
              </td>
            </tr>
          ))}
        </tbody>
      </Table>
      <Chart title={t.probability} axis={t.arm} data={data} format={percent} max={1} horizontal />
    </div>
  );
}

/** `action/channel` as people read it. */
function nameArm(arm: string, names: Names): string {
  const end = arm.lastIndexOf('/');
  return end < 0 ? names.action(arm) : `${names.action(arm.slice(0, end))} · ${arm.slice(end + 1)}`;
}

/** What rules gave it, where no model scored it. */
function scoreOf(arm: string, candidates: readonly Candidate[]): number | undefined {
  return candidates.find(({ action, channel }) => `${action}/${channel}` === arm)?.score;
}
