import { describeItem } from '../../../../src/sentences/describe-item.ts';
import { type Answer, useApi } from '../../api/use-api.ts';
import { Instant } from '../../components/instant.tsx';
import { QueryState } from '../../components/query-state.tsx';
import { useSentences } from '../../customer/use-sentences.ts';
import styles from './person-panel.module.css';

type Item = Answer<'get', '/v1/customers/{ref}/timeline'>['data'][number];

const SHOWN = 10;

/** The newest items of a customer's timeline, as sentences. */
export function Happenings({ customerId, zone }: { customerId: string; zone: string }) {
  const params = { path: { ref: customerId }, query: { limit: SHOWN } };
  const timeline = useApi('get', '/v1/customers/{ref}/timeline', { params });
  return (
    <QueryState query={timeline}>
      {({ data }) => (
        <ol className={styles.items}>
          {data.map((item) => (
            <li key={`${item.kind} ${item.id} ${item.title}`} className={styles.item}>
              <Instant at={item.acceptedAt} zone={zone} as="time" />
              <span dir="auto" className={item.source === 'throughline' ? styles.own : undefined}>
                <Sentence item={item} zone={zone} />
              </span>
            </li>
          ))}
        </ol>
      )}
    </QueryState>
  );
}

function Sentence({ item, zone }: { item: Item; zone: string }) {
  const { write } = useSentences(zone);
  return write(describeItem(item));
}
