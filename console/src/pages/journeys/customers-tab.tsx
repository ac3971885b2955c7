import { Link } from '@tanstack/react-router';
import { useApiPages } from '../../api/use-api.ts';
import { DataTable } from '../../components/data-table.tsx';
import { Empty } from '../../components/empty.tsx';
import { ErrorState } from '../../components/error-state.tsx';
import { Instant } from '../../components/instant.tsx';
import { Pager } from '../../components/pager.tsx';
import { SenderText } from '../../components/sender-text.tsx';
import { useMessages } from '../../i18n/messages.ts';
import type { JourneyView } from './journey-page.tsx';
import styles from './journeys.module.css';
import { messages } from './messages.ts';
import { StepSelect } from './step-select.tsx';

interface Props {
  journey: JourneyView;
  /** Only customers at this step. */
  step: string | undefined;
  onStep(step: string | undefined): void;
}

/** Who is in the journey now, those first who have been at their step for longest. */
export function CustomersTab({ journey, step, onStep }: Props) {
  const t = useMessages(messages);
  const query = { ...(step ? { step } : {}), limit: 25 };
  const list = useApiPages('/v1/journeys/{id}/customers', { params: { path: { id: journey.id }, query } });
  const rows = list.data?.pages.flatMap((page) => page.data);
  return (
    <div className={styles.stack}>
      <StepSelect journey={journey} step={step} onStep={onStep} />
      {list.error && !rows ? (
        <ErrorState problem={list.error} retry={() => void list.refetch()} />
      ) : (
        <DataTable
          caption={t.customersCaption}
          rows={rows}
          rowKey={(row) => row.enrollmentId}
          empty={<Empty title={t.nobody} />}
          columns={[
            {
              id: 'customer',
              header: t.customer,
              rowHeader: true,
              cell: ({ customerId, customerName }) => (
                <Link to="/customers/$ref" params={{ ref: customerId }} title={customerId}>
                  <SenderText text={customerName ?? customerId} limit={60} plain />
                </Link>
              ),
            },
            { id: 'step', header: t.step, cell: (row) => row.step },
            { id: 'state', header: t.state, cell: ({ state }) => t.status({ state }) },
            { id: 'since', header: t.since, cell: ({ since }) => <Instant at={since} as="relative" /> },
            { id: 'entered', header: t.enteredAt, cell: ({ enteredAt }) => <Instant at={enteredAt} /> },
            {
              id: 'key',
              header: t.keyColumn,
              cell: ({ key }) => (key === null ? '–' : <SenderText text={key} limit={60} plain />),
            },
            { id: 'version', header: t.version, number: true, cell: ({ version }) => version },
          ]}
          footer={
            <Pager
              shown={rows?.length ?? 0}
              hasMore={list.hasNextPage}
              busy={list.isFetchingNextPage}
              onMore={() => void list.fetchNextPage()}
            />
          }
        />
      )}
    </div>
  );
}
