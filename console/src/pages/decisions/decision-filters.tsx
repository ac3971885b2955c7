import { getRouteApi } from '@tanstack/react-router';
import { useApi } from '../../api/use-api.ts';
import { Button } from '../../components/button.tsx';
import { ButtonLink } from '../../components/button-link.tsx';
import { FilterBar } from '../../components/filter-bar.tsx';
import { Select } from '../../components/select.tsx';
import { useMessages } from '../../i18n/messages.ts';
import { useNames } from '../../names/use-names.ts';
import { GATES, useGateName } from '../../reasons/gate-names.ts';
import { messages } from './messages.ts';
import { USUAL_DAYS } from './period.ts';

const route = getRouteApi('/shell/decisions');
const DAYS = ['7', '30', '90'];
const OUTCOMES = ['acted', 'held', 'nothing', 'offered', 'fallback'] as const;

/** The filters of the page, in the URL. */
export function DecisionFilters() {
  const t = useMessages(messages);
  const names = useNames();
  const gateName = useGateName();
  const search = route.useSearch();
  const navigate = route.useNavigate();
  const actions = useApi('get', '/v1/arbitration').data?.actions ?? [];
  const journeys = useApi('get', '/v1/journeys').data?.data ?? [];
  const set = (name: string) => (value: string) =>
    void navigate({ search: (now) => ({ ...now, [name]: value === '' ? undefined : value }) });
  const all = (label: string) => ({ value: '', label });
  const named = (ids: string[], chosen: string | undefined, nameOf: (id: string) => string) =>
    [...new Set(chosen ? [...ids, chosen] : ids)].map((id) => ({ value: id, label: nameOf(id) }));
  const isFiltered = Boolean(search.action || search.journey || search.gate || search.outcome);
  return (
    <FilterBar label={t.filters}>
      <Select
        label={t.period}
        value={search.days ?? USUAL_DAYS}
        options={DAYS.map((days) => ({ value: days, label: t.days({ days }) }))}
        onChange={set('days')}
      />
      <Select
        label={t.journey}
        value={search.journey ?? ''}
        options={[
          all(t.allJourneys),
          ...named(
            journeys.map(({ id }) => id),
            search.journey,
            names.journey,
          ),
        ]}
        onChange={set('journey')}
      />
      <Select
        label={t.action}
        value={search.action ?? ''}
        options={[
          all(t.allActions),
          ...sortByLabel(
            named(
              actions.map(({ action }) => action),
              search.action,
              names.action,
            ),
          ),
        ]}
        onChange={set('action')}
      />
      <Select
        label={t.gate}
        value={search.gate ?? ''}
        options={[all(t.allGates), ...named([...GATES], search.gate, gateName)]}
        onChange={set('gate')}
      />
      <Select
        label={t.outcome}
        value={search.outcome ?? ''}
        options={[all(t.allOutcomes), ...OUTCOMES.map((value) => ({ value, label: t[value] }))]}
        onChange={set('outcome')}
      />
      {search.action && (
        <ButtonLink to="/actions/$id" params={{ id: search.action }}>
          {t.openAction({ action: names.action(search.action) })}
        </ButtonLink>
      )}
      {isFiltered && (
        <Button kind="quiet" onClick={() => void navigate({ search: ({ tab, days }) => ({ tab, days }) })}>
          {t.clear}
        </Button>
      )}
    </FilterBar>
  );
}

const sortByLabel = (options: { value: string; label: string }[]) =>
  options.sort((a, b) => a.label.localeCompare(b.label));
