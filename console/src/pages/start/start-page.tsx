import { useApi } from '../../api/use-api.ts';
import { useLive } from '../../api/use-live.ts';
import { useCan } from '../../app/session.tsx';
import { LiveSign } from '../../components/live-sign.tsx';
import { PageHeader } from '../../components/page-header.tsx';
import { QueryState } from '../../components/query-state.tsx';
import { useMessages } from '../../i18n/messages.ts';
import { Checklist } from './checklist.tsx';
import { ExampleCard } from './example-card.tsx';
import { LatestEvents } from './latest-events.tsx';
import { messages } from './messages.ts';
import { RejectedEvents } from './rejected-events.tsx';
import { SnippetCard } from './snippet-card.tsx';
import styles from './start.module.css';

/** What may differ after a change. What a message has sent never does. */
const CHANGING = [
  '/v1/start',
  '/v1/events',
  '/v1/rejected',
  '/v1/customers/{ref}',
  '/v1/customers/{ref}/timeline',
  '/v1/customers/{ref}/deliveries',
];

/** What this is, what came in last, and what to try next. */
export function StartPage() {
  const t = useMessages(messages);
  const state = useLive({ topics: ['events', 'rejected', 'deliveries', 'tasks'] }, CHANGING);
  const start = useApi('get', '/v1/start');
  const mayOperate = useCan('operate');
  return (
    <>
      <PageHeader title={t.title} lead={t.lead} actions={<LiveSign state={state} />} />
      <QueryState query={start}>
        {({ done, example }) => (
          <div className={styles.columns}>
            <div className={styles.column}>
              {example && mayOperate && <ExampleCard />}
              <RejectedEvents />
              <LatestEvents />
            </div>
            <div className={styles.column}>
              <Checklist done={done} />
              <SnippetCard />
            </div>
          </div>
        )}
      </QueryState>
    </>
  );
}
