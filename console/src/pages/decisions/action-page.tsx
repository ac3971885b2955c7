import { getRouteApi, Link } from '@tanstack/react-router';
import { useMemo } from 'react';
import { useApi } from '../../api/use-api.ts';
import { Badge } from '../../components/badge.tsx';
import { ButtonLink } from '../../components/button-link.tsx';
import { FilterBar } from '../../components/filter-bar.tsx';
import { PageHeader } from '../../components/page-header.tsx';
import { QueryState } from '../../components/query-state.tsx';
import { Select } from '../../components/select.tsx';
import { useMessages } from '../../i18n/messages.ts';
import { messages } from './action.messages.ts';
import type { ActionDetail } from './action.ts';
import { ActionCalibration } from './action-calibration.tsx';
import { ActionChoices } from './action-choices.tsx';
import { ActionFacts } from './action-facts.tsx';
import { ActionGuardrails } from './action-guardrails.tsx';
import { ActionPauses } from './action-pauses.tsx';
import { ActionResults } from './action-results.tsx';
import styles from './decisions.module.css';
import { PauseButton } from './pause-button.tsx';
import { PauseNotice } from './pause-notice.tsx';
import { periodOf, USUAL_DAYS } from './period.ts';

const route = getRouteApi('/shell/actions/$id');
const DAYS = ['7', '30', '90'];

/** What one action achieves, whether it does harm, and its pause. */
export function ActionPage() {
  const t = useMessages(messages);
  const { id } = route.useParams();
  const { days } = route.useSearch();
  const navigate = route.useNavigate();
  const query = useMemo(() => periodOf(days), [days]);
  const action = useApi(
    'get',
    '/v1/actions/{id}',
    { params: { path: { id }, query } },
    { keepPrevious: true },
  );
  return (
    <>
      <PageHeader
        back={<Link to="/actions">{t.back}</Link>}
        title={action.data?.name ?? id}
        lead={action.data && <State action={action.data} />}
        actions={
          <>
            <ButtonLink to="/decisions" search={{ action: id }}>
              {t.decisions}
            </ButtonLink>
            {action.data && <PauseButton action={action.data} />}
          </>
        }
      />
      <FilterBar label={t.period}>
        <Select
          label={t.period}
          value={days ?? USUAL_DAYS}
          options={DAYS.map((value) => ({ value, label: t.days({ days: value }) }))}
          onChange={(value) => void navigate({ search: { days: DAYS_OF[value] } })}
        />
      </FilterBar>
      <QueryState query={action}>{(data) => <Parts action={data} period={query} />}</QueryState>
    </>
  );
}

const DAYS_OF: Record<string, '7' | '30' | '90'> = { '7': '7', '30': '30', '90': '90' };

/** Whether it is paused, what it is for, and by which id it is known where it has a name. */
function State({ action: { id, name, description, state } }: { action: ActionDetail }) {
  const t = useMessages(messages);
  return (
    <>
      <Badge tone={state === 'paused' ? 'warning' : 'success'}>{t[state]}</Badge> {description}{' '}
      {name !== null && <code className={styles.mutedInline}>{id}</code>}
    </>
  );
}

function Parts({ action, period }: { action: ActionDetail; period: { from: string; to: string } }) {
  return (
    <div className={styles.parts}>
      <PauseNotice action={action} />
      <div className={styles.halves}>
        <ActionFacts action={action} />
        <ActionChoices action={action} />
      </div>
      <ActionCalibration action={action} />
      <ActionGuardrails action={action} />
      <ActionResults action={action.id} period={period} />
      <ActionPauses action={action} />
    </div>
  );
}
