/** One difference between two bundles, and what it means for customers. */
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
    | 'catalogue_changed'
    | 'cms_changed'
    | 'source_added'
    | 'source_removed'
    | 'source_changed'
    | 'policy_changed'
    | 'content_added'
    | 'content_removed'
    | 'content_changed';
  journey?: string;
  /** The message of an edit of content: `block` instead of an action and a channel for a block. */
  content?: {
    action?: string;
    channel?: string;
    block?: string;
    locale: string | null;
    variant: string | null;
  };
  /** What differs in the text of a content file, as a unified diff. */
  diff?: string;
  step?: string;
  /** What differs, in a few words: `step week: after 7d → after 2d`. */
  change: string;
  /** What happens to customers because of it, in one sentence. */
  consequence: string;
}
