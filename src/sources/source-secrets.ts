/** Of which workspace a source is, and the secrets that its requests may be signed with. */
export interface ConfiguredSource {
  workspace: string;
  /** One, or two while the secret is being changed: both are live. */
  secrets: readonly string[];
}

/** The configured sources by id. They may change while the process runs. */
export interface SourceSecrets {
  find(id: string): ConfiguredSource | undefined;
}
