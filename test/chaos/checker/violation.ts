/** The columns of the report. `other` is every broken promise that has no column of its own. */
export const VIOLATION_KINDS = ['lost', 'doubled', 'late', 'stuck', 'other'] as const;
type ViolationKind = (typeof VIOLATION_KINDS)[number];

/** A promise that was broken, with what shows it. */
export interface Violation {
  kind: ViolationKind;
  /** Stable: which rule of the checker. */
  rule: string;
  /** Whom or what it is about: a message id, a delivery, a customer. */
  subject: string;
  detail: string;
}

export function formatViolation({ kind, rule, subject, detail }: Violation): string {
  return `${kind} (${rule}) ${subject}: ${detail}`;
}
