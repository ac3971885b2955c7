import { useMemo } from 'react';
import { QueryState } from '../../components/query-state.tsx';
import { useMessages } from '../../i18n/messages.ts';
import { EndsTable } from './ends-table.tsx';
import type { ReportQuery } from './funnel-tab.tsx';
import { listDecidingSteps } from './holds.ts';
import { HoldsTable } from './holds-table.tsx';
import type { JourneyView } from './journey-page.tsx';
import type { JourneyReport } from './journey-rows.ts';
import styles from './journeys.module.css';
import { messages } from './messages.ts';
import { StepSelect } from './step-select.tsx';

interface Props {
  journey: JourneyView;
  report: ReportQuery;
  figures: JourneyReport | undefined;
  step: string | undefined;
  onStep(step: string | undefined): void;
}

/** Which rules held customers back, and at which step customers left; of all steps, or of one. */
export function DropoffTab({ journey, report, figures, step, onStep }: Props) {
  const t = useMessages(messages);
  const deciding = useMemo(() => listDecidingSteps(journey.graph), [journey.graph]);
  const decides = step === undefined || deciding.some((item) => item.step === step);
  return (
    <div className={styles.stack}>
      <StepSelect journey={journey} step={step} onStep={onStep} />
      <h3>{t.holdsTitle}</h3>
      {decides ? (
        <HoldsTable journey={journey.id} steps={deciding} step={step} />
      ) : (
        <p className={styles.muted}>{t.decidesNothing}</p>
      )}
      <h3>{t.endsTitle}</h3>
      <QueryState query={report}>{() => <EndsTable figures={figures} step={step} />}</QueryState>
    </div>
  );
}
