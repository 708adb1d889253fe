/** A service file is one that the Serverless Framework reads; recognised before anything is loaded to read it. */
import type { Diagnostic } from "../../diagnostic.ts";
import { mentionsStateMachine } from "../cloudformation/machine-mention.ts";

/** The command whose output needs no evaluation here. */
export const MAKE_A_PACKAGE =
  "Run npx serverless package, and analyse .serverless/cloudformation-template-update-stack.json";

/** By name, so that no other YAML is taken for one. */
export function isServiceFile(file: string): boolean {
  return /(?:^|\/)serverless(?:[.-][^/]*)?\.(?:ya?ml|json)$/i.test(file);
}

/** A service written as a program: running it would be needed to read it. */
export function isServiceProgram(file: string): boolean {
  return /(?:^|\/)serverless\.[cm]?[jt]s$/i.test(file);
}

/** A cheap look: does the service use the plug-in at all, or add state machines as resources of CloudFormation? */
export function mayDeclareMachines(text: string): boolean {
  return (
    text.includes("stepFunctions") ||
    (/\bresources["']?\s*:/.test(text) &&
      (mentionsStateMachine(text) || /\bResources["']?\s*:\s*["']?\$\{file\(/.test(text)))
  );
}

export function serviceProgramDiagnostic(file: string): Diagnostic {
  return {
    code: "service-not-read",
    severity: "info",
    message: `${file} is a program, and nothing is run to read it; it mentions state machines, so it may declare state machines`,
    at: { file, line: 1, column: 1, pointer: "" },
    hint: MAKE_A_PACKAGE,
  };
}
