/** Unread sources are files that look as if they made state machines, in forms that are not read in a folder: each is told, with what to do. */
import pMap from "p-map";
import type { Diagnostic } from "../diagnostic.ts";
import { isCalledAsl, mentionsStates } from "./asl-file.ts";
import { NO_FINDINGS } from "./findings.ts";
import type { Findings } from "./findings.ts";
import type { SearchTarget } from "./search-targets.ts";

/** Endings of templates that a build fills in: of Terraform, Go, Jinja, Ruby, Mustache. */
const TEMPLATE = /\.(?:tpl|tftpl|tmpl|j2|jinja2?|erb|mustache)$/i;

/** Of a search that finds no machine: a template is read only by its name, because most are of something else. */
export async function unfilledTemplates({ tree, files, named }: SearchTarget): Promise<Findings> {
  const templates = files.filter((file) => TEMPLATE.test(file) && !named.has(file));
  const texts = await pMap(templates, (file) => tree.load(file), { concurrency: 16 });
  const likely = templates.filter(
    (file, index) => isCalledAsl(file.replace(TEMPLATE, "")) || mentionsStates(texts[index] ?? ""),
  );
  const [first] = likely;
  if (first === undefined) return NO_FINDINGS;
  const more = likely.length === 1 ? "" : ` and ${likely.length - 1} more`;
  const message = `${first}${more} ${likely.length === 1 ? "looks" : "look"} like a definition that is still to be filled in, and such files are read by their names alone`;
  return {
    ...NO_FINDINGS,
    diagnostics: [
      told(
        "template-not-read",
        message,
        first,
        "Name the file itself: what is named is read, whatever it is called.",
      ),
    ],
  };
}

/** https://www.pulumi.com/registry/packages/aws/api-docs/sfn/statemachine/ */
export function isPulumiProgram(file: string, text: string): boolean {
  return (
    /(?:^|\/)Pulumi(?:\.[^/]+)?\.ya?ml$/.test(file) && /aws:sfn(?:\/stateMachine)?:StateMachine/.test(text)
  );
}

export function unreadPulumi(file: string): Findings {
  const message = `${file} declares state machines of Pulumi, which are not read`;
  const hint =
    "Put the definition into a file of its own, *.asl.json, that the program reads, or collect what is deployed.";
  return { ...NO_FINDINGS, diagnostics: [told("pulumi-not-read", message, file, hint)] };
}

function told(code: string, message: string, file: string, hint: string): Diagnostic {
  return { code, severity: "info", message, at: { file, line: 1, column: 1, pointer: "" }, hint };
}
