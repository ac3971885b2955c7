import { Card } from '../../components/card.tsx';
import { type Column, DataTable } from '../../components/data-table.tsx';
import { Empty } from '../../components/empty.tsx';
import { Instant } from '../../components/instant.tsx';
import { SenderText } from '../../components/sender-text.tsx';
import { useMessages } from '../../i18n/messages.ts';
import { messages } from './action.messages.ts';
import { type ActionDetail, nameHarm } from './action.ts';
import styles from './decisions.module.css';

type Pause = ActionDetail['pauses'][number];

/** The pauses of the action: by whom, why, and until when. */
export function ActionPauses({ action: { pauses } }: { action: ActionDetail }) {
  const t = useMessages(messages);
  const columns: Column<Pause>[] = [
    { id: 'since', header: t.since, rowHeader: true, cell: ({ since }) => <Instant at={since} /> },
    {
      id: 'cause',
      header: t.cause,
      cell: ({ cause: { harm, reason, actor } }) => (
        <>
          {reason === null ? nameHarm(harm, t) : <SenderText text={reason} />}
          {actor !== null && (
            <span className={styles.muted}>
              <SenderText text={t.pausedBy({ actor })} plain />
            </span>
          )}
        </>
      ),
    },
    {
      id: 'lifted',
      header: t.lifted,
      cell: ({ liftedAt, liftedBy }) =>
        liftedAt === null ? (
          t.stillPaused
        ) : (
          <>
            <Instant at={liftedAt} />
            {liftedBy !== null && (
              <span className={styles.muted}>
                <SenderText text={t.pausedBy({ actor: liftedBy })} plain />
              </span>
            )}
          </>
        ),
    },
  ];
  return (
    <Card title={t.history} flush>
      <DataTable
        caption={t.pausesCaption}
        columns={columns}
        rows={pauses}
        rowKey={({ since }) => since}
        empty={<Empty title={t.noPauses} />}
      />
    </Card>
  );
}
