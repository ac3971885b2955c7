/** The period of a report on a workspace: from `from`, before `to`. */
export interface Span {
  workspace: string;
  from: number;
  to: number;
}
