import { useMemo, useState } from 'react';
import { StillGraph } from '../../components/graph/still-graph.tsx';
import { Select } from '../../components/select.tsx';
import { useMessages } from '../../i18n/messages.ts';
import { countStates, diffGraphs } from '../../journey-graph/diff.ts';
import { toGraph } from '../../journey-graph/from-journey.ts';
import { useNames } from '../../names/use-names.ts';
import styles from './edit.module.css';
import { editMessages } from './edit-messages.ts';
import { useJourneyWords } from './journey-words.ts';
import type { Preview } from './use-preview.ts';

/** The journeys that an edit changes, as pictures: what was added, removed and changed. */
export function PicturePanel({ preview, wanted }: { preview: Preview; wanted: string | undefined }) {
  const t = useMessages(editMessages);
  const names = useNames();
  const words = useJourneyWords();
  const [chosen, setChosen] = useState<string | null>(null);
  const { graphs } = preview;
  const edited =
    graphs.find(({ journey }) => journey === chosen) ??
    graphs.find(({ journey }) => journey === wanted) ??
    graphs[0];
  const graph = useMemo(() => {
    if (!edited) return null;
    const { before, after, journey } = edited;
    const facts = new Map<string, { count: number }>();
    for (const group of preview.affected) {
      if (group.journey !== journey || group.state === 'control') continue;
      facts.set(group.step, { count: (facts.get(group.step)?.count ?? 0) + group.customers });
    }
    const changed = new Set(
      preview.edits.flatMap((edit) => (edit.journey === journey && edit.step ? [edit.step] : [])),
    );
    return diffGraphs(
      before && toGraph(before, words, facts),
      after && toGraph(after, words, facts),
      changed,
    );
  }, [edited, preview, words]);
  if (!edited || !graph) return <p className={styles.muted}>{t.noPicture}</p>;
  return (
    <div className={styles.panelStack}>
      {graphs.length > 1 && (
        <Select
          label={t.journey}
          value={edited.journey}
          options={graphs.map(({ journey }) => ({ value: journey, label: names.journey(journey) }))}
          onChange={setChosen}
        />
      )}
      <p role="status">{t.pictureSummary({ name: names.journey(edited.journey), ...countStates(graph) })}</p>
      <StillGraph label={t.picture({ name: names.journey(edited.journey) })} graph={graph} height={480} />
    </div>
  );
}
