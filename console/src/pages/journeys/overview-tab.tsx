import type { ReactNode } from 'react';
import { Instant } from '../../components/instant.tsx';
import { KeyValue } from '../../components/key-value.tsx';
import { SenderText } from '../../components/sender-text.tsx';
import { Stat, Stats } from '../../components/stat.tsx';
import { useFormat } from '../../format/use-format.ts';
import { useMessages } from '../../i18n/messages.ts';
import type { JourneyView } from './journey-page.tsx';
import { type JourneyReport, summarize } from './journey-rows.ts';
import styles from './journeys.module.css';
import { messages } from './messages.ts';
import { readRules } from './read-rules.ts';

interface Props {
  journey: JourneyView;
  figures: JourneyReport | undefined;
}

/** What a journey is for, who owns it, who enters it and what it has brought. */
export function OverviewTab({ journey, figures }: Props) {
  const t = useMessages(messages);
  const format = useFormat();
  const { goal, counts, graph } = journey;
  const rules = readRules(journey.definition);
  const days = figures && summarize(figures);
  const count = (n: number | undefined) => (n === undefined ? '–' : format.number(n, 0));
  const labels = (kind: string) => graph.nodes.filter((node) => node.kind === kind).map(({ label }) => label);
  const reenter =
    rules.reenter === 'never'
      ? t.reenter_never
      : rules.reenter === 'always'
        ? t.reenter_always
        : t.reenter_after({ time: format.duration(rules.reenter) });
  const item = (key: string, label: string, value: ReactNode) => ({ key, label, value });
  return (
    <div className={styles.stack}>
      <Stats>
        <Stat
          label={t.now}
          value={format.number(counts.treated.open, 0)}
          note={`+ ${format.number(counts.control.open, 0)} ${t.controls}`}
        />
        <Stat label={t.entered} value={count(days?.entered)} note={t.lastDays} />
        <Stat label={t.finished} value={count(days?.finished)} note={t.lastDays} />
        <Stat label={t.left} value={count(days?.left)} note={t.lastDays} />
      </Stats>
      <KeyValue
        items={[
          item(
            'goal',
            t.goal,
            goal ? t.within({ event: goal.on, time: format.duration(goal.within) }) : t.noGoal,
          ),
          ...(goal ? [item('kpi', t.kpi, goal.kpi)] : []),
          ...(goal ? [item('effect', t.effect, <Effect figures={figures} />)] : []),
          item('owner', t.owner, journey.owner),
          item('class', t.class, journey.class === 'marketing' ? t.marketing : t.service),
          ...(journey.stage ? [item('stage', t.stage, journey.stage)] : []),
          item(
            'holdout',
            t.holdout,
            journey.holdout > 0 ? t.control({ share: format.percent(journey.holdout) }) : t.noControl,
          ),
          item('entries', t.entries, <Items texts={labels('enter')} />),
          item('exits', t.exits, <Items texts={labels('leave')} />),
          item('key', t.key, rules.key ?? t.oncePerCustomer),
          item('reenter', t.reenter, reenter),
          item('whileOpen', t.whileOpen, t[`whileOpen_${rules.whileOpen}`]),
          item('versions', t.versionsRule, t[`versions_${rules.versions}`]),
          ...(journey.activeSince
            ? [item('since', t.activeSince, <Instant at={journey.activeSince} />)]
            : []),
        ]}
      />
    </div>
  );
}

function Items({ texts }: { texts: string[] }) {
  return (
    <ul className={styles.items}>
      {texts.map((text) => (
        <li key={text}>
          <SenderText text={text} />
        </li>
      ))}
    </ul>
  );
}

/** What the journey adds to the goal, against its controls. */
function Effect({ figures }: { figures: JourneyReport | undefined }) {
  const t = useMessages(messages);
  const format = useFormat();
  const goal = figures?.goal;
  if (!goal || !('difference' in goal)) return t.effectUnknown;
  const points = (share: number) => format.number(share * 100);
  return t.effectValue({
    difference: points(goal.difference),
    low: points(goal.low),
    high: points(goal.high),
  });
}
