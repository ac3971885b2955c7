import { DataTable } from '../../components/data-table.tsx';
import { SenderText } from '../../components/sender-text.tsx';
import { Stat, Stats } from '../../components/stat.tsx';
import { useFormat } from '../../format/use-format.ts';
import { useMessages } from '../../i18n/messages.ts';
import { useNames } from '../../names/use-names.ts';
import styles from './edit.module.css';
import { editMessages } from './edit-messages.ts';
import { summarizeImpact } from './impact.ts';
import type { Preview } from './use-preview.ts';

/** What an edit would do, before it is made: each edit with its rule, and the customers whom it concerns. */
export function ImpactPanel({ preview }: { preview: Preview }) {
  const t = useMessages(editMessages);
  const names = useNames();
  const format = useFormat();
  const { rows, touched, untouched } = summarizeImpact(preview.affected);
  return (
    <div className={styles.panelStack}>
      <Stats>
        <Stat label={t.edits} value={format.number(preview.edits.length, 0)} />
        <Stat label={t.touched} value={format.number(touched, 0)} />
        <Stat label={t.untouched} value={format.number(untouched, 0)} />
      </Stats>
      {preview.edits.length === 0 && <p className={styles.muted}>{t.noEdits}</p>}
      <ul className={styles.edits} aria-label={t.edits}>
        {preview.edits.map((edit, index) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: the list is replaced as a whole
          <li key={index}>
            <strong>
              {edit.journey && <>{names.journey(edit.journey)}: </>}
              <SenderText text={edit.change} limit={300} />
            </strong>
            <p>
              <SenderText text={edit.consequence} limit={300} />
            </p>
          </li>
        ))}
      </ul>
      {rows.length > 0 && (
        <DataTable
          caption={t.affected}
          rows={rows}
          rowKey={(row) => JSON.stringify(row)}
          empty={null}
          columns={[
            {
              id: 'at',
              header: t.at,
              rowHeader: true,
              cell: ({ journey, step }) => `${names.journey(journey)} · ${step}`,
            },
            {
              id: 'customers',
              header: t.customers,
              number: true,
              cell: ({ customers }) => format.number(customers, 0),
            },
            { id: 'rule', header: t.rule, cell: ({ rule }) => <SenderText text={rule} limit={300} /> },
          ]}
        />
      )}
    </div>
  );
}
