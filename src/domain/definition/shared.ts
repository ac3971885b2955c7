/** Source of a CEL expression. */
export type Cel = string;

/** What people read. It decides nothing. */
export interface Labels {
  /** Instead of the id. */
  name?: string;
  description?: string;
}

/** Classes of actions, in descending precedence. */
export const ACTION_CLASSES = ['mandatory', 'transactional', 'service', 'marketing'] as const;
export type ActionClass = (typeof ACTION_CLASSES)[number];

/** An event that opens, ends or continues an enrollment, or counts for it. */
export interface Trigger {
  on: string;
  when: Cel | null;
  /** `key`: the event's key property equals the enrollment's key. `account`: an event of any member of the account. */
  match: 'key' | 'customer' | 'account';
}

/** Whether rules decide (`rules_only`), the model ranks (`ai_rank`), or the model decides (`ai_auto`). */
export const AUTONOMY = ['rules_only', 'ai_rank', 'ai_auto'] as const;
export type Autonomy = (typeof AUTONOMY)[number];
