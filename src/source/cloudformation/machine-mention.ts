/** A machine's mention in a template is worth the reading of it: templates and their YAML take the longest to load and to parse. */

/** A cheap look: does the text declare a state machine at all? */
export function mentionsStateMachine(text: string): boolean {
  return /AWS::(?:Serverless|StepFunctions)::StateMachine(?![A-Za-z])/.test(text);
}
