import { useMemo, useState } from 'react';
import { useCan } from '../../app/session.tsx';
import { Alert } from '../../components/alert.tsx';
import { Button } from '../../components/button.tsx';
import { Card } from '../../components/card.tsx';
import { Select } from '../../components/select.tsx';
import { Slider } from '../../components/slider.tsx';
import { useFormat } from '../../format/use-format.ts';
import { useMessages } from '../../i18n/messages.ts';
import { useAmount } from './amount.ts';
import styles from './decisions.module.css';
import { LeverTable } from './lever-table.tsx';
import { useWhatIf } from './use-what-if.ts';
import { messages } from './weights.messages.ts';
import { type Arbitration, countChanges, toChange, toDraft } from './weights.ts';
import { WhatIfResult } from './what-if-result.tsx';

const SAMPLES = [100, 300, 1_000];
/** Largest cost of a contact that the slider offers, in the currency of the workspace. */
const MOST_FATIGUE = 2;
const MOST_EXPLORE = 0.3;

/** Sliders for the weights, and beside them what they would change. */
export function WeightsForm({ active }: { active: Arbitration }) {
  const t = useMessages(messages);
  const { number, percent } = useFormat();
  const amount = useAmount();
  const isAllowed = useCan('configure');
  const [draft, setDraft] = useState(() => toDraft(active));
  const [limit, setLimit] = useState(SAMPLES[1] as number);
  const change = useMemo(() => toChange(draft, active), [draft, active]);
  const run = useWhatIf(change, limit);
  const changes = countChanges(change);
  const { currency } = active.fatigue;
  return (
    <div className={styles.parts}>
      {!isAllowed && <Alert>{t.needsConfigure}</Alert>}
      <div className={styles.halves}>
        <Card
          title={t.title}
          note={t.note({ version: String(active.version) })}
          aside={
            <Button size="sm" disabled={changes === 0} onClick={() => setDraft(toDraft(active))}>
              {t.reset}
            </Button>
          }
        >
          <div className={styles.form}>
            <Select
              label={t.mode}
              value={draft.mode}
              disabled={!isAllowed}
              options={[
                { value: 'uplift', label: t.uplift },
                { value: 'pcvl', label: t.pcvl },
              ]}
              onChange={(mode) => setDraft({ ...draft, mode: mode === 'pcvl' ? 'pcvl' : 'uplift' })}
            />
            <Slider
              label={t.fatigue}
              hint={t.fatigueHint}
              min={0}
              max={Math.max(MOST_FATIGUE, draft.fatigue)}
              step={0.01}
              value={draft.fatigue}
              disabled={!isAllowed}
              text={amount({ amount: String(draft.fatigue), currency })}
              onChange={(fatigue) => setDraft({ ...draft, fatigue })}
            />
            <Slider
              label={t.explore}
              hint={t.exploreHint}
              min={0}
              max={Math.max(MOST_EXPLORE, draft.explore)}
              step={0.005}
              value={draft.explore}
              disabled={!isAllowed}
              text={percent(draft.explore)}
              onChange={(explore) => setDraft({ ...draft, explore })}
            />
          </div>
          <h3 className={styles.subtitle}>{t.levers}</h3>
          <p className={styles.muted}>{t.leversNote}</p>
          <LeverTable active={active} draft={draft} disabled={!isAllowed} onChange={setDraft} />
        </Card>
        <Card
          title={t.result}
          note={changes === 0 ? t.unchanged : t.changed({ count: changes })}
          aside={
            <Select
              label={t.sample}
              hideLabel
              value={String(limit)}
              options={SAMPLES.map((count) => ({
                value: String(count),
                label: t.newest({ count: number(count) }),
              }))}
              onChange={(value) => setLimit(Number(value))}
            />
          }
        >
          <WhatIfResult run={run} basedOn={active.version} />
        </Card>
      </div>
    </div>
  );
}
