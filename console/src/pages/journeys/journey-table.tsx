import { Link } from '@tanstack/react-router';
import { CircleDashed, CirclePlay, TriangleAlert } from 'lucide-react';
import { Badge, type Tone } from '../../components/badge.tsx';
import { Button } from '../../components/button.tsx';
import { Card } from '../../components/card.tsx';
import { type Column, DataTable } from '../../components/data-table.tsx';
import { Empty } from '../../components/empty.tsx';
import { SenderText } from '../../components/sender-text.tsx';
import { useFormat } from '../../format/use-format.ts';
import { useMessages } from '../../i18n/messages.ts';
import type { JourneyRow, JourneyState } from './journey-rows.ts';
import styles from './journeys.module.css';
import { messages } from './messages.ts';

interface Props {
  rows: readonly JourneyRow[];
  /** The bundle has no journeys at all. */
  isEmpty: boolean;
  onClear(): void;
}

/** The list of journeys. */
export function JourneyTable({ rows, isEmpty, onClear }: Props) {
  const t = useMessages(messages);
  const columns = useColumns();
  const empty = isEmpty ? (
    <Empty title={t.noBundle}>{t.noBundleText}</Empty>
  ) : (
    <Empty title={t.none} action={<Button onClick={onClear}>{t.clear}</Button>} />
  );
  return (
    <Card flush>
      <DataTable
        caption={t.caption}
        columns={columns}
        rows={rows}
        rowKey={({ journey }) => journey.id}
        empty={empty}
      />
    </Card>
  );
}

function useColumns(): Column<JourneyRow>[] {
  const t = useMessages(messages);
  const format = useFormat();
  const ofDays = (name: string) => (
    <span className={styles.ofDays}>
      {name}
      <small>{t.lastDays}</small>
    </span>
  );
  const count = (n: number | undefined) => (n === undefined ? '–' : format.number(n, 0));
  return [
    {
      id: 'name',
      header: t.name,
      rowHeader: true,
      cell: ({ journey }) => (
        <div className={styles.name}>
          <Link to="/journeys/$id" params={{ id: journey.id }}>
            {journey.name ?? journey.id}
          </Link>
          <span className={styles.entries}>
            {journey.name !== null && (
              <>
                <code>{journey.id}</code>
                {' · '}
              </>
            )}
            <SenderText text={journey.description ?? journey.entries.join(' · ')} limit={90} plain />
          </span>
        </div>
      ),
    },
    { id: 'state', header: t.state, cell: ({ state }) => <StateBadge state={state} /> },
    {
      id: 'goal',
      header: t.goal,
      cell: ({ journey: { goal } }) =>
        goal ? (
          <div className={styles.name}>
            <SenderText text={goal.on} limit={60} plain />
            <span className={styles.entries}>{goal.kpi}</span>
          </div>
        ) : (
          <span className={styles.entries}>{t.noGoal}</span>
        ),
    },
    {
      id: 'owner',
      header: t.owner,
      cell: ({ journey }) => (
        <div className={styles.name}>
          {journey.owner}
          <span className={styles.entries}>
            {journey.class === 'marketing' ? t.marketing : t.service}
            {journey.stage && ` · ${journey.stage}`}
          </span>
        </div>
      ),
    },
    {
      id: 'holdout',
      header: t.holdout,
      number: true,
      cell: ({ journey }) => (journey.holdout > 0 ? format.percent(journey.holdout) : '–'),
    },
    { id: 'now', header: t.now, number: true, cell: ({ now }) => count(now) },
    { id: 'entered', header: ofDays(t.entered), number: true, cell: ({ days }) => count(days?.entered) },
    { id: 'finished', header: ofDays(t.finished), number: true, cell: ({ days }) => count(days?.finished) },
    { id: 'left', header: ofDays(t.left), number: true, cell: ({ days }) => count(days?.left) },
  ];
}

const STATES: Record<JourneyState, { icon: typeof CirclePlay; tone: Tone }> = {
  running: { icon: CirclePlay, tone: 'success' },
  empty: { icon: CircleDashed, tone: 'neutral' },
  stuck: { icon: TriangleAlert, tone: 'warning' },
};

function StateBadge({ state }: { state: JourneyState }) {
  const t = useMessages(messages);
  const { icon: Icon, tone } = STATES[state];
  return (
    <Badge tone={tone} icon={<Icon aria-hidden="true" size={12} />}>
      {t[`state_${state}`]}
    </Badge>
  );
}
