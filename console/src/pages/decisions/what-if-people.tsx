import { Link } from '@tanstack/react-router';
import { type Column, DataTable } from '../../components/data-table.tsx';
import { useFormat } from '../../format/use-format.ts';
import { useMessages } from '../../i18n/messages.ts';
import { useNames } from '../../names/use-names.ts';
import { CustomerLink } from './customer-link.tsx';
import styles from './decisions.module.css';
import type { WhatIf } from './use-what-if.ts';
import { messages } from './weights.messages.ts';

type Example = WhatIf['gates']['examples'][number];

interface ChangedDecision {
  id: string;
  customerId: string;
  gets: string[];
  instead: string[];
}

const SHOWN = 20;

/** Whose choice would differ, and how. */
export function WhatIfPeople({ examples }: { examples: Example[] }) {
  const t = useMessages(messages);
  const names = useNames();
  const { number } = useFormat();
  const rows = listChanged(examples).slice(0, SHOWN);
  const write = (actions: string[]) =>
    actions.length === 0 ? t.nothing : actions.map(names.action).join(', ');
  const columns: Column<ChangedDecision>[] = [
    {
      id: 'customer',
      header: t.customer,
      rowHeader: true,
      cell: ({ customerId }) => <CustomerLink id={customerId} />,
    },
    { id: 'gets', header: t.gets, cell: ({ gets }) => write(gets) },
    { id: 'instead', header: t.instead, cell: ({ instead }) => write(instead) },
    {
      id: 'decision',
      header: <span className="visually-hidden">{t.decision}</span>,
      cell: ({ id }) => (
        <Link to="/decisions/$id" params={{ id }}>
          {t.decision}
        </Link>
      ),
    },
  ];
  return (
    <div>
      <h3 className={styles.subtitle}>{t.who}</h3>
      <DataTable
        caption={t.examples({ count: number(rows.length) })}
        columns={columns}
        rows={rows}
        rowKey={({ id }) => id}
        empty={null}
      />
    </div>
  );
}

/** The decisions that would choose something else, each with what is won and lost. */
function listChanged(examples: Example[]): ChangedDecision[] {
  const decisions = new Map<string, ChangedDecision>();
  for (const { decisionId, customerId, action, before, after } of examples) {
    const [was, is] = [before?.verdict === 'chosen', after?.verdict === 'chosen'];
    if (was === is) continue;
    const row = decisions.get(decisionId) ?? { id: decisionId, customerId, gets: [], instead: [] };
    (is ? row.gets : row.instead).push(action);
    decisions.set(decisionId, row);
  }
  return [...decisions.values()];
}
