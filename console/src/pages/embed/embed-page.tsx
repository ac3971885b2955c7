import { getRouteApi } from '@tanstack/react-router';
import { useEffect, useMemo, useState } from 'react';
import { ClientProvider, createApiClient } from '../../api/client.ts';
import { useApi } from '../../api/use-api.ts';
import { Alert } from '../../components/alert.tsx';
import { QueryState } from '../../components/query-state.tsx';
import { useMessages } from '../../i18n/messages.ts';
import styles from './embed-page.module.css';
import { EmbeddedCustomer } from './embedded-customer.tsx';
import { messages } from './messages.ts';

const route = getRouteApi('/embed/customers/$ref');

/** One customer inside of a support tool: to read only, by a token that ends. */
export function EmbedPage() {
  const t = useMessages(messages);
  const { token } = route.useSearch();
  const [isExpired, setExpired] = useState(false);
  const client = useMemo(
    () => createApiClient({ csrfToken: () => null, bearer: token ?? '', onExpired: () => setExpired(true) }),
    [token],
  );
  useEffect(() => {
    document.title = `${t.title} · Throughline`;
  }, [t.title]);
  return (
    <main className={styles.page}>
      {token === undefined || isExpired ? (
        <Notice
          title={token === undefined ? t.noToken : t.expired}
          text={token === undefined ? t.noTokenText : t.expiredText}
        />
      ) : (
        <ClientProvider value={client}>
          <Loaded token={token} />
        </ClientProvider>
      )}
    </main>
  );
}

/** Why there is no customer to show. */
function Notice({ title, text }: { title: string; text: string }) {
  const t = useMessages(messages);
  return (
    <>
      <h1 className="visually-hidden">{t.title}</h1>
      <Alert tone="warning" title={title} live>
        {text}
      </Alert>
    </>
  );
}

function Loaded({ token }: { token: string }) {
  const t = useMessages(messages);
  const { ref } = route.useParams();
  const customer = useApi('get', '/v1/customers/{ref}', { params: { path: { ref } } });
  const status = customer.error?.status;
  if (status === 404 || status === 410)
    return (
      <Notice
        title={status === 410 ? t.erased : t.unknown}
        text={status === 410 ? t.erasedText : t.unknownText}
      />
    );
  return (
    <QueryState query={customer}>{(data) => <EmbeddedCustomer customer={data} token={token} />}</QueryState>
  );
}
