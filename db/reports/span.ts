/** A workspace's time that a report is about: from `from` to before `to`. */
export interface Span {
  workspace: string;
  from: number;
  to: number;
}
