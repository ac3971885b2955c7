import type { Bundle } from '../../domain/definition.ts';
import { getOwn } from '../../domain/values/get-own.ts';
import { diffActions } from './actions.ts';
import { diffById, listChangedKeys } from './collections.ts';
import {
  ATTRIBUTE,
  CATALOGUE,
  CMS,
  DECISIONING_KEYS,
  PLACEMENT,
  POLICY,
  SEGMENT,
  SOURCE,
  STAGES,
} from './consequences.ts';
import { describeChanges } from './describe-changes.ts';
import type { BundleEdit } from './edit.ts';
import { equalJson } from './equal-json.ts';
import { diffJourneys } from './journeys.ts';

/**
 * Lists what an edit changes for customers.
 * @param before the active bundle; null for a workspace's first, which then consists of additions
 */
export function diffBundles(before: Bundle | null, after: Bundle): BundleEdit[] {
  return [
    ...diffJourneys(before?.journeys ?? [], after.journeys),
    ...diffActions(before?.actions ?? [], after.actions),
    ...diffSegments(before?.segments ?? [], after.segments),
    ...diffPlacements(before?.placements ?? [], after.placements),
    ...diffAttributes(before?.attributes ?? {}, after.attributes),
    ...diffCatalogue(before?.catalogue ?? null, after.catalogue ?? null),
    ...diffCms(before?.cms ?? [], after.cms ?? []),
    ...diffSources(before?.sources ?? [], after.sources ?? []),
    ...diffWorkspace(before?.workspace ?? null, after.workspace),
    ...diffGroup(before?.group ?? null, after.group),
  ];
}

function diffSegments(before: Bundle['segments'], after: Bundle['segments']): BundleEdit[] {
  return diffById(before, after, (id, change): BundleEdit => {
    return { kind: `segment_${change}`, change: `segment ${id}`, consequence: SEGMENT[change] };
  });
}

function diffPlacements(before: Bundle['placements'], after: Bundle['placements']): BundleEdit[] {
  return diffById(before, after, (id, change, previous, placement): BundleEdit => {
    const details = previous && placement ? describeChanges('placement', previous, placement) : [];
    return {
      kind: 'placement_changed',
      change: [`placement ${id} ${change}`, ...details].join(', '),
      consequence: PLACEMENT,
    };
  });
}

function diffAttributes(before: Bundle['attributes'], after: Bundle['attributes']): BundleEdit[] {
  return listChangedKeys(before, after).map((name) => {
    return { kind: 'attribute_changed', change: `attribute ${name}`, consequence: ATTRIBUTE };
  });
}

function diffCatalogue(before: Bundle['catalogue'] | null, after: Bundle['catalogue'] | null): BundleEdit[] {
  if (equalJson(before, after)) return [];
  const { products: had = [], ...settings } = before ?? {};
  const { products: has = [], ...newSettings } = after ?? {};
  const details = [
    ...diffById(had, has, (id, change) => `product ${id} ${change}`),
    ...describeChanges('catalogue', settings, newSettings),
  ];
  return [{ kind: 'catalogue_changed', change: `catalogue: ${details.join(', ')}`, consequence: CATALOGUE }];
}

function diffCms(before: NonNullable<Bundle['cms']>, after: NonNullable<Bundle['cms']>): BundleEdit[] {
  const named = (entries: NonNullable<Bundle['cms']>) =>
    entries.map((entry) => ({ ...entry, id: entry.file }));
  return diffById(named(before), named(after), (file, change): BundleEdit => {
    return { kind: 'cms_changed', change: `CMS entry of ${file} ${change}`, consequence: CMS };
  });
}

function diffSources(
  before: NonNullable<Bundle['sources']>,
  after: NonNullable<Bundle['sources']>,
): BundleEdit[] {
  return diffById(before, after, (id, change, previous, source): BundleEdit => {
    const details = previous && source ? describeChanges('source', previous, source) : [];
    return {
      kind: `source_${change}`,
      change: details.length === 0 ? `source ${id}` : `source ${id}: ${details.join(', ')}`,
      consequence: SOURCE[change],
    };
  });
}

function diffWorkspace(before: Bundle['workspace'] | null, after: Bundle['workspace']): BundleEdit[] {
  return listChangedKeys(before ?? {}, after).map((key): BundleEdit => {
    const consequence = getOwn(DECISIONING_KEYS, key);
    const details =
      before && consequence ? describeChanges(key, before[key], after[key], after.currency) : [];
    return {
      kind: 'policy_changed',
      change: `workspace ${key}${details.length === 0 ? '' : `: ${details.join(', ')}`}`,
      consequence: consequence ?? (key === 'stages' ? STAGES : POLICY),
    };
  });
}

function diffGroup(before: Bundle['group'], after: Bundle['group']): BundleEdit[] {
  if (equalJson(before, after)) return [];
  return [{ kind: 'policy_changed', change: 'group', consequence: POLICY }];
}
