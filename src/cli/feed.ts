export async function feedCommand(
  _file: string,
  _options: { historical?: boolean; limit?: string },
): Promise<void> {
  throw new Error('not there yet');
}
