import { Link } from '@tanstack/react-router';
import { useApi } from '../../api/use-api.ts';
import { Badge } from '../../components/badge.tsx';
import { Card } from '../../components/card.tsx';
import { QueryState } from '../../components/query-state.tsx';
import { SenderText } from '../../components/sender-text.tsx';
import { Skeleton } from '../../components/skeleton.tsx';
import { nameByIdentity } from '../../customer/name.ts';
import type { Customer } from '../../customer/types.ts';
import { useFormat } from '../../format/use-format.ts';
import { useMessages } from '../../i18n/messages.ts';
import styles from './account-card.module.css';
import { messages } from './messages.ts';

/** Other members that are shown. */
const SHOWN = 5;

/** The company or household of a customer, and who else belongs to it. */
export function AccountCard({ customer }: { customer: Customer }) {
  const { account } = customer;
  return account && <Account id={account.id} name={account.name} memberId={customer.id} />;
}

function Account({ id, name, memberId }: { id: string; name: string | null; memberId: string }) {
  const t = useMessages(messages);
  const format = useFormat();
  const query = useApi('get', '/v1/accounts/{id}', {
    params: { path: { id }, query: { limit: SHOWN + 1 } },
  });
  return (
    <Card title={t.account}>
      <p className={styles.name}>
        <SenderText text={name ?? id} limit={80} />
      </p>
      {name !== null && (
        <p className={styles.note}>
          <SenderText plain text={id} limit={80} />
        </p>
      )}
      <QueryState query={query} loading={<Skeleton lines={3} />}>
        {({ members, memberCount }) => {
          const others = members.data.filter((member) => member.id !== memberId).slice(0, SHOWN);
          return (
            <>
              <h3 className={styles.title}>{t.otherMembers}</h3>
              {others.length === 0 && <p className={styles.note}>{t.noOtherMembers}</p>}
              <ul>
                {others.map((member) => (
                  <li key={member.id} className={styles.member}>
                    <Link to="/customers/$ref" params={{ ref: member.id }}>
                      <SenderText
                        plain
                        text={member.name ?? nameByIdentity(member.identities, member.id)}
                        limit={60}
                      />
                    </Link>
                    {member.openTickets > 0 && (
                      <Badge tone="warning">{t.openTickets({ count: member.openTickets })}</Badge>
                    )}
                  </li>
                ))}
              </ul>
              {memberCount > others.length + 1 && (
                <p className={styles.all}>
                  <Link to="/customers" search={{ account: id }}>
                    {t.allMembers({ count: format.number(memberCount, 0) })}
                  </Link>
                </p>
              )}
            </>
          );
        }}
      </QueryState>
    </Card>
  );
}
