import { Link } from '@tanstack/react-router';
import { Badge, type Tone } from '../../components/badge.tsx';
import { type Column, DataTable } from '../../components/data-table.tsx';
import type { Empty } from '../../components/empty.tsx';
import { useFormat } from '../../format/use-format.ts';
import { useMessages } from '../../i18n/messages.ts';
import type { ActionRow, Watch } from './action-rows.ts';
import { messages } from './actions.messages.ts';
import styles from './decisions.module.css';

const TONES: Record<Watch, Tone> = {
  clear: 'success',
  breached: 'danger',
  paused_by_guardrail: 'danger',
  paused_by_hand: 'warning',
  no_control: 'neutral',
  none: 'neutral',
};

interface Props {
  rows: readonly ActionRow[] | undefined;
  empty: ReturnType<typeof Empty>;
}

/** Actions, each leading to its page and to the decisions that held it back. */
export function ActionsTable({ rows, empty }: Props) {
  const t = useMessages(messages);
  const columns = useColumns();
  return (
    <DataTable
      caption={t.caption}
      columns={columns}
      rows={rows}
      rowKey={({ action }) => action.id}
      empty={empty}
    />
  );
}

function useColumns(): Column<ActionRow>[] {
  const t = useMessages(messages);
  const format = useFormat();
  const ofDays = (name: string) => (
    <>
      {name}
      <span className={styles.muted}>{t.lastDays}</span>
    </>
  );
  const count = (n: number | undefined) => (n === undefined ? '–' : format.number(n, 0));
  return [
    { id: 'action', header: t.action, rowHeader: true, cell: ({ action }) => <Name action={action} /> },
    {
      id: 'class',
      header: t.class,
      cell: ({ action }) => (
        <>
          {t[action.class]}
          {action.mode === 'human' && <span className={styles.muted}>{t.human}</span>}
        </>
      ),
    },
    {
      id: 'channels',
      header: t.channels,
      cell: ({ action }) =>
        action.channels.map((channel) => (channel === 'agent_desk' ? t.agentDesk : channel)).join(', '),
    },
    { id: 'stage', header: t.stage, cell: ({ stages }) => stages.join(', ') || '–' },
    { id: 'sent', header: ofDays(t.sent), number: true, cell: ({ sent }) => count(sent) },
    {
      id: 'held',
      header: ofDays(t.held),
      number: true,
      cell: ({ action, held }) =>
        held ? (
          <Link
            to="/decisions"
            search={{ action: action.id }}
            aria-label={`${count(held)}: ${t.heldOf({ action: action.name ?? action.id })}`}
          >
            {count(held)}
          </Link>
        ) : (
          count(held)
        ),
    },
    {
      id: 'explored',
      header: ofDays(t.explored),
      number: true,
      cell: ({ explored }) => (explored === null ? '–' : format.percent(explored)),
    },
    {
      id: 'watch',
      header: t.watch,
      cell: ({ watch }) => <Badge tone={TONES[watch]}>{t[`watch_${watch}`]}</Badge>,
    },
  ];
}

function Name({ action: { id, name, description } }: Pick<ActionRow, 'action'>) {
  return (
    <div className={styles.actionName}>
      <Link to="/actions/$id" params={{ id }}>
        {name ?? id}
      </Link>
      {name !== null && (
        <span className={styles.muted}>
          <code>{id}</code>
          {description !== null && ` · ${description}`}
        </span>
      )}
    </div>
  );
}
