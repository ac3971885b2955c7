import { getRouteApi } from '@tanstack/react-router';
import { useMemo } from 'react';
import { Button } from '../../components/button.tsx';
import { Card } from '../../components/card.tsx';
import { Empty } from '../../components/empty.tsx';
import { ErrorState } from '../../components/error-state.tsx';
import { PageHeader } from '../../components/page-header.tsx';
import { useMessages } from '../../i18n/messages.ts';
import { ActionFilters } from './action-filters.tsx';
import { type ActionFilter, filterActions } from './action-rows.ts';
import { messages } from './actions.messages.ts';
import { ActionsTable } from './actions-table.tsx';
import { useActionRows } from './use-action-rows.ts';

const route = getRouteApi('/shell/actions');

/** All actions, with what was sent and held back lately, and the state of their guardrails. */
export function ActionsPage() {
  const t = useMessages(messages);
  const search = route.useSearch();
  const navigate = route.useNavigate();
  const { rows, isComplete, error, retry } = useActionRows();
  const shown = useMemo(() => filterActions(rows, search), [rows, search]);
  const empty =
    rows.length === 0 ? (
      <Empty title={t.noBundle}>{t.noBundleText}</Empty>
    ) : (
      <Empty
        title={t.none}
        action={<Button onClick={() => void navigate({ search: {} })}>{t.clear}</Button>}
      />
    );
  return (
    <>
      <PageHeader title={t.title} lead={t.lead} />
      <ActionFilters
        rows={rows}
        shown={shown.length}
        search={search}
        onChange={(change) =>
          void navigate({ search: (now) => clean({ ...now, ...change } as ActionFilter), replace: true })
        }
      />
      <Card flush>
        {error && rows.length === 0 ? (
          <ErrorState problem={error} retry={retry} />
        ) : (
          <ActionsTable rows={shown.length > 0 || isComplete ? shown : undefined} empty={empty} />
        )}
      </Card>
    </>
  );
}

/** An empty filter is not in the URL. */
function clean(search: ActionFilter): ActionFilter {
  return Object.fromEntries(Object.entries(search).filter(([, value]) => value));
}
