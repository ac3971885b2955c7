/** Builds the id of an arm, which is an action on a channel: `{action}/{channel}`. Ids of actions have no slash. */
export function buildArmId(action: string, channel: string): string {
  return `${action}/${channel}`;
}

export function actionOfArm(arm: string): string {
  return arm.slice(0, arm.indexOf('/'));
}
