import { Link } from '@tanstack/react-router';
import { useApi } from '../../api/use-api.ts';
import { type Column, DataTable } from '../../components/data-table.tsx';
import { Empty } from '../../components/empty.tsx';
import { QueryState } from '../../components/query-state.tsx';
import { useFormat } from '../../format/use-format.ts';
import { useMessages } from '../../i18n/messages.ts';
import { useNames } from '../../names/use-names.ts';
import { useGateName } from '../../reasons/gate-names.ts';
import { useReasonName } from '../../reasons/reason-names.ts';
import { type DecidingStep, type HoldRow, listHoldRows } from './holds.ts';
import styles from './journeys.module.css';
import { messages } from './messages.ts';
import { ShareBar } from './share-bar.tsx';
import { usePeriod } from './use-period.ts';

/** Places that one row names. */
const SHOWN = 4;

interface Props {
  journey: string;
  steps: readonly DecidingStep[];
  step: string | undefined;
}

/** How many decisions of the journey each rule held back, at which steps; each leads to those decisions. */
export function HoldsTable({ journey, steps, step }: Props) {
  const t = useMessages(messages);
  const format = useFormat();
  const period = usePeriod();
  const query = { ...period, journey };
  const report = useApi('get', '/v1/reports/holds', { params: { query } });
  const columns = useColumns({ journey, step, all: report.data?.decisions.decisions ?? 0 });
  const count = (n: number) => format.number(n, 0);
  return (
    <QueryState query={report}>
      {(data) => (
        <>
          <p className={styles.muted}>
            {t.holdsNote({ decisions: count(data.decisions.decisions), held: count(data.decisions.held) })}
            {data.sampled && ` ${t.holdsSampled}`}
          </p>
          <DataTable
            caption={t.holdsCaption}
            columns={columns}
            rows={listHoldRows(data, steps, step)}
            rowKey={({ gate, code, rule, places }) => [gate, code, rule, step && places[0]?.action].join(' ')}
            empty={<Empty title={t.noHolds} />}
          />
        </>
      )}
    </QueryState>
  );
}

interface ColumnProps {
  journey: string;
  step: string | undefined;
  /** Decisions of the journey. */
  all: number;
}

/** Of one step, each row is about one action, which stands with the reason. */
function useColumns({ journey, step, all }: ColumnProps): Column<HoldRow>[] {
  const t = useMessages(messages);
  const format = useFormat();
  const reasonName = useReasonName();
  const gateName = useGateName();
  return [
    {
      id: 'reason',
      header: t.reason,
      rowHeader: true,
      cell: ({ gate, code, rule, places: [place] }) => (
        <div className={styles.name}>
          <Link to="/decisions" search={{ journey, gate }}>
            {reasonName({ gate, code })}
          </Link>
          {step !== undefined && place && <ActionLink id={place.action} />}
          <span className={styles.entries}>
            {gateName(gate)}
            {rule !== null && (
              <>
                {' · '}
                <code>{rule}</code>
              </>
            )}
          </span>
        </div>
      ),
    },
    { id: 'share', header: t.shareOfDecisions, cell: ({ held }) => <ShareBar part={held} whole={all} /> },
    { id: 'held', header: t.heldBack, number: true, cell: ({ held }) => format.number(held, 0) },
    {
      id: 'decisions',
      header: t.blockedIn,
      number: true,
      cell: ({ decisions }) => format.number(decisions, 0),
    },
    ...(step === undefined
      ? [{ id: 'places', header: t.atStep, cell: ({ places }: HoldRow) => <Places places={places} /> }]
      : []),
  ];
}

function Places({ places }: { places: HoldRow['places'] }) {
  const t = useMessages(messages);
  const format = useFormat();
  const more = places.length - SHOWN;
  return (
    <ul className={styles.items}>
      {places.slice(0, SHOWN).map(({ step, action, decisions }) => (
        <li key={`${step} ${action}`}>
          {step ?? t.removedStep} · <ActionLink id={action} />{' '}
          <span className={styles.entries}>{format.number(decisions, 0)}</span>
        </li>
      ))}
      {more > 0 && <li className={styles.entries}>{t.morePlaces({ count: format.number(more, 0) })}</li>}
    </ul>
  );
}

function ActionLink({ id }: { id: string }) {
  const names = useNames();
  return (
    <Link to="/actions/$id" params={{ id }}>
      {names.action(id)}
    </Link>
  );
}
