import type { BundleFile } from '../src/definitions/source/bundle-file.ts';

/** Adds `journeys` journeys and `actions` actions to the files of a bundle, each with conditions of its own. */
export function enlargeBundle(files: BundleFile[], journeys: number, actions: number): BundleFile[] {
  const each = Math.ceil(actions / journeys);
  const more = Array.from({ length: journeys }, (_, n) => {
    const ids = Array.from({ length: each }, (_, m) => `more-${n}-${m}`);
    return [
      { path: `journeys/more-${n}.yaml`, text: journeyText(n, ids) },
      { path: `actions/more-${n}.yaml`, text: ids.map((id, m) => actionText(id, n, m)).join('---\n') },
      ...ids.map((id) => ({
        path: `content/${id}/email.en.liquid`,
        text: `---\nsubject: About ${id}\n---\n<p>Dear {{ traits.firstName | default: "customer" }}, this is ${id}.</p>\n`,
      })),
    ];
  });
  return [...files, ...more.flat()];
}

function journeyText(n: number, ids: string[]): string {
  return `
id: more-${n}
class: service
owner: care
enter: { on: Thing ${n} Happened, when: "has(event.properties.value) && event.properties.value >= ${n}.0" }
key: thing_id
exit: [{ on: Thing ${n} Ended }, { after: 30d }]
steps:
  - { id: offer, decide: { actions: [${ids.join(', ')}], hold: 2d } }
  - { id: rest, wait: { until: [{ on: Thing ${n} Answered, next: exit }, { after: 7d }] } }
  - { id: again, decide: { actions: [${ids.join(', ')}] } }
`;
}

function actionText(id: string, n: number, m: number): string {
  return `
id: ${id}
class: service
channels: [email]
priority: ${m}
eligible: "!has(traits.level) || traits.level != 'l${n}'"
suitable: "count('Thing ${n} Answered') < ${m + 1}"
limit: [{ max: 1, every: ${m + 1}d, per: customer }]
`;
}
