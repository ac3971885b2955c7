/** One difference between two bundles, and what it means for those who are in. */
export interface BundleEdit {
  kind:
    | 'journey_added'
    | 'journey_removed'
    | 'step_added'
    | 'step_removed'
    | 'step_changed'
    | 'wait_changed'
    | 'entry_changed'
    | 'goal_changed'
    | 'exit_changed'
    | 'holdout_changed'
    | 'versions_changed'
    | 'journey_changed'
    | 'action_added'
    | 'action_removed'
    | 'action_changed'
    | 'segment_added'
    | 'segment_removed'
    | 'segment_changed'
    | 'placement_changed'
    | 'attribute_changed'
    | 'policy_changed';
  journey?: string;
  step?: string;
  /** What differs, in a few words. */
  change: string;
  /** What happens to customers because of it, in a sentence. */
  consequence: string;
}

/** What an edit of a journey that pins means for those inside. */
export const PINNED_CONSEQUENCE =
  'those inside end under the version that they entered; it holds for who enters from now on';
