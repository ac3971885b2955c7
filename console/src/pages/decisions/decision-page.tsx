import { getRouteApi, Link } from '@tanstack/react-router';
import { useApi } from '../../api/use-api.ts';
import { PageHeader } from '../../components/page-header.tsx';
import { QueryState } from '../../components/query-state.tsx';
import { useMessages } from '../../i18n/messages.ts';
import { useZoneOf } from './customer-zone.ts';
import { messages } from './decision.messages.ts';
import type { Decision } from './decision.ts';
import { DecisionCandidates } from './decision-candidates.tsx';
import { DecisionChanges } from './decision-changes.tsx';
import { DecisionEffects } from './decision-effects.tsx';
import { DecisionEvidence } from './decision-evidence.tsx';
import { DecisionFacts } from './decision-facts.tsx';
import { DecisionLead } from './decision-lead.tsx';
import { DecisionRecord } from './decision-record.tsx';
import { DecisionWhy } from './decision-why.tsx';
import styles from './decisions.module.css';
import { OutcomeBadge } from './outcome-badge.tsx';

const route = getRouteApi('/shell/decisions/$id');

/** One decision: what woke it, every candidate with its verdicts, and what followed. */
export function DecisionPage() {
  const t = useMessages(messages);
  const { id } = route.useParams();
  const decision = useApi('get', '/v1/decisions/{id}', { params: { path: { id } } });
  return (
    <>
      <PageHeader
        back={<Link to="/decisions">{t.back}</Link>}
        title={t.title}
        lead={<span className={styles.id}>{id}</span>}
        actions={decision.data && <OutcomeBadge outcome={decision.data.outcome} />}
      />
      <QueryState query={decision}>{(data) => <Parts decision={data} />}</QueryState>
    </>
  );
}

function Parts({ decision }: { decision: Decision }) {
  const { zone, name, journeyOf } = useZoneOf(decision.customerId);
  return (
    <div className={styles.parts}>
      <DecisionLead decision={decision} zone={zone} />
      <div className={styles.halves}>
        <DecisionFacts decision={decision} zone={zone} name={name} />
        <DecisionEffects decision={decision} zone={zone} />
      </div>
      <DecisionWhy decision={decision} />
      <DecisionCandidates decision={decision} zone={zone} journeyOf={journeyOf} />
      <div className={styles.halves}>
        <DecisionEvidence decision={decision} zone={zone} />
        <DecisionChanges changes={decision.changes} zone={zone} />
      </div>
      <DecisionRecord decision={decision} />
    </div>
  );
}
