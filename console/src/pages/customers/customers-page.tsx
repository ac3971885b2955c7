import { getRouteApi } from '@tanstack/react-router';
import { Search, Users } from 'lucide-react';
import { type KeyboardEvent, useEffect, useRef, useState } from 'react';
import { useApiPages } from '../../api/use-api.ts';
import { Button } from '../../components/button.tsx';
import { Card } from '../../components/card.tsx';
import { Empty } from '../../components/empty.tsx';
import { FilterBar } from '../../components/filter-bar.tsx';
import { PageHeader } from '../../components/page-header.tsx';
import { Pager } from '../../components/pager.tsx';
import { QueryState } from '../../components/query-state.tsx';
import { TextInput } from '../../components/text-input.tsx';
import { useMessages } from '../../i18n/messages.ts';
import { AccountFilter } from './account-filter.tsx';
import styles from './customers-page.module.css';
import { DefinedFilters } from './defined-filters.tsx';
import { messages } from './messages.ts';
import { Results } from './results.tsx';
import { StateFilters } from './state-filters.tsx';

const route = getRouteApi('/shell/customers');
/** Pause of typing after which the search is asked. */
const TYPING_MS = 250;

/** Search for customers. The search and its filters are in the URL. */
export function CustomersPage() {
  const t = useMessages(messages);
  const search = route.useSearch();
  const navigate = route.useNavigate();
  const list = useRef<HTMLDivElement>(null);
  const { q, stage, journey, segment, account, ticket, suppressed, parked } = search;
  const query = {
    limit: 30,
    ...(q ? { q } : {}),
    ...(stage ? { stage } : {}),
    ...(journey ? { journey } : {}),
    ...(segment ? { segment } : {}),
    ...(account ? { account } : {}),
    ...(ticket ? { ticketOpen: 'true' as const } : {}),
    ...(suppressed ? { suppressed: 'true' as const } : {}),
    ...(parked ? { parked: 'true' as const } : {}),
  };
  const found = useApiPages('/v1/customers', { params: { query } });
  const change = (next: Partial<typeof search>) =>
    void navigate({ search: (now) => ({ ...now, ...next }), replace: true });
  const isFiltered = Object.keys(search).length > 0;
  /** From the field into the list: down; from row to row: both. */
  const moveFocus = (event: KeyboardEvent) => {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step === undefined || (event.target as HTMLElement).role === 'combobox') return;
    const links = [...(list.current?.querySelectorAll<HTMLAnchorElement>('a[data-result]') ?? [])];
    const next = links[links.indexOf(document.activeElement as HTMLAnchorElement) + step];
    if (!next) return;
    event.preventDefault();
    next.focus();
  };
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: the arrow keys are a second way to what Tab reaches
    <div onKeyDown={moveFocus}>
      <PageHeader title={t.title} lead={t.lead} />
      <FilterBar label={t.filters}>
        <QueryField value={q ?? ''} onChange={(next) => change({ q: next || undefined })} />
        <DefinedFilters stage={stage} journey={journey} segment={segment} onChange={change} />
        <StateFilters {...{ ticket, suppressed, parked }} onChange={change} />
        {account && <AccountFilter id={account} onClear={() => change({ account: undefined })} />}
      </FilterBar>
      <div ref={list} className={styles.list}>
        <Card flush>
          <QueryState query={found}>
            {({ pages }) => {
              const rows = pages.flatMap(({ data }) => data);
              if (rows.length === 0)
                return (
                  <Empty
                    title={isFiltered ? t.noneFound : t.noneYet}
                    icon={<Users />}
                    action={
                      isFiltered && (
                        <Button onClick={() => void navigate({ search: {}, replace: true })}>
                          {t.clearFilters}
                        </Button>
                      )
                    }
                  >
                    {isFiltered ? t.noneFoundText : t.noneYetText}
                  </Empty>
                );
              return (
                <>
                  <Results rows={rows} />
                  <Pager
                    shown={rows.length}
                    hasMore={found.hasNextPage}
                    busy={found.isFetchingNextPage}
                    onMore={() => void found.fetchNextPage()}
                  />
                </>
              );
            }}
          </QueryState>
        </Card>
      </div>
    </div>
  );
}

/** The field of the search. What is typed goes into the URL after a short pause. */
function QueryField({ value, onChange }: { value: string; onChange(value: string): void }) {
  const t = useMessages(messages);
  const [typed, setTyped] = useState(value);
  const send = useRef(onChange);
  send.current = onChange;
  useEffect(() => setTyped(value), [value]);
  useEffect(() => {
    if (typed === value) return;
    const timer = setTimeout(() => send.current(typed), TYPING_MS);
    return () => clearTimeout(timer);
  }, [typed, value]);
  return (
    <div className={styles.query}>
      <Search className={styles.icon} aria-hidden="true" />
      <TextInput
        label={t.search}
        hideLabel
        hint={t.searchHint}
        type="search"
        autoFocus
        autoComplete="off"
        spellCheck={false}
        maxLength={500}
        placeholder={t.placeholder}
        value={typed}
        onChange={(event) => setTyped(event.target.value)}
      />
    </div>
  );
}
