/** Work was given up because it exceeded a limit. Trying again gives the same, until its definitions or data change. */
export class LimitError extends Error {}
