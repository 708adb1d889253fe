/** The functions of Terraform that read files of the repository, and render them as templates. */
import picomatch from "picomatch";
import type { Repository } from "../repository.ts";
import { resolvePath } from "../repository.ts";
import { parseTemplateText } from "./hcl-body-parser.ts";
import { stepsFor } from "./hcl-budget.ts";
import { evaluate, unknownCall } from "./hcl-evaluation.ts";
import { ofKnown } from "./hcl-function.ts";
import type { HclFunction } from "./hcl-function.ts";
import type { Call, Scope } from "./hcl-scope.ts";
import { renderParts } from "./hcl-template-value.ts";
import { spanOfText } from "./hcl-text-place.ts";
import { boolValue, faultValue, listValue, problemValue, stringValue, textOf } from "./hcl-value.ts";
import type { HclValue, StringValue } from "./hcl-value.ts";
import { sourceText } from "../file-text.ts";

/** Paths are relative to `folder`, the root module's, where Terraform is run. */
export function fileFunctions(repository: Repository, folder: string): ReadonlyMap<string, HclFunction> {
  const read = (path: HclValue | undefined, call: Call): HclValue =>
    readFile(path, call, { repository, folder });
  return new Map<string, HclFunction>([
    ["file", ofKnownPath(([path], call) => read(path, call))],
    [
      "fileset",
      ofKnownPath(([path, pattern], call) =>
        listFiles(path, pattern, { call, files: { repository, folder } }),
      ),
    ],
    ["fileexists", ofKnownPath(([path], call) => boolValue(read(path, call).kind === "string", call.at))],
    [
      "templatefile",
      ofKnownPath(([path, vars], call) => {
        const template = read(path, call);
        return template.kind === "string" ? renderTemplate(template, vars, call) : template;
      }),
    ],
  ]);
}

/** Terraform's working directory is the root module's folder. */
const CWD = "${path.cwd}/";

function ofKnownPath(run: HclFunction): HclFunction {
  return (args, call) => {
    const [path, ...rest] = args;
    if (path?.kind === "string" && path.text.startsWith(CWD)) {
      return run([{ ...path, text: path.text.slice(CWD.length), runs: [], isOpen: false }, ...rest], call);
    }
    return ofKnown((known) => run([...known, ...rest], call))(path === undefined ? [] : [path], call);
  };
}

interface Files {
  readonly repository: Repository;
  readonly folder: string;
}

function readFile(path: HclValue | undefined, { at, scope }: Call, { repository, folder }: Files): HclValue {
  const written = path === undefined ? null : textOf(path);
  if (written === null) return faultValue("Expected the path of a file", at);
  const resolved = resolvePath(folder, written);
  if (resolved === null)
    return problemValue(`The file ${written} lies outside of the folder that is read`, at);
  const text = repository.read(resolved);
  if (text === null) return faultValue(`There is no file ${resolved}`, at);
  if (!scope.budget.spend(stepsFor(text.length)))
    return problemValue("This file takes too many steps to read", at);
  const source = sourceText(resolved, text);
  const run = { from: 0, source, offset: 0, exact: true };
  const whole = { source, start: 0, end: text.length };
  return { kind: "string", text, runs: [run], isOpen: false, encoded: null, at: whole };
}

interface Listing {
  readonly call: Call;
  readonly files: Files;
}

/** More stars than that may take a matcher long; nobody needs them. */
const MAX_STARS = 8;

function listFiles(
  path: HclValue | undefined,
  pattern: HclValue | undefined,
  { call, files: { repository, folder } }: Listing,
): HclValue {
  const written = path === undefined ? null : textOf(path);
  const glob = pattern?.kind === "string" && !pattern.isOpen ? pattern.text : null;
  const resolved = written === null ? null : resolvePath(folder, written);
  if (resolved === null || glob === null) return problemValue("These files cannot be listed", call.at);
  if (glob.length > 200 || glob.split("*").length > MAX_STARS + 1) {
    return problemValue("This pattern of files is too complex to be matched here", call.at);
  }
  const prefix = resolved === "" ? "" : `${resolved}/`;
  const matches = picomatch(glob, { dot: true, noextglob: true });
  const names = repository.paths
    .filter((file) => file.startsWith(prefix))
    .map((file) => file.slice(prefix.length))
    .filter((file) => matches(file));
  return listValue(
    names.sort().map((name) => stringValue(name, call.at)),
    call.at,
  );
}

/** A template's text with variables set; it sees these and functions, nothing of the module. */
export function renderTemplate(template: StringValue, vars: HclValue | undefined, call: Call): HclValue {
  if (vars?.kind === "unknown") return unknownCall(vars, call);
  if (vars !== undefined && vars.kind !== "object")
    return faultValue("A template's variables must be an object", call.at);
  const source = sourceText(template.at?.source.file ?? call.at.source.file, template.text);
  const parts = parseTemplateText(source);
  const placed = spanOfText(template);
  if ("message" in parts) return faultValue(parts.message, placed(parts.offset) ?? call.at);
  const names = vars?.entries ?? new Map<string, HclValue>();
  const scope: Scope = {
    ...call.scope,
    lookup: (name) => names.get(name) ?? null,
    call: (name, args, inner) =>
      name === "templatefile"
        ? faultValue("A template cannot call templatefile", inner.at)
        : call.scope.call(name, args, inner),
  };
  const span = { source, start: 0, end: source.text.length };
  const rendered = renderParts(parts, span, { scope, evaluate });
  return relocate(rendered, { source, placed });
}

interface Relocation {
  readonly source: object;
  readonly placed: ReturnType<typeof spanOfText>;
}

/** Places in the template's text become places in the files which that text came from. */
function relocate(value: HclValue, { source, placed }: Relocation): HclValue {
  const at = value.at?.source === source ? placed(value.at.start) : value.at;
  if (value.kind !== "string") return { ...value, at };
  const runs = value.runs.map((run) => {
    const span = run.source === source ? placed(run.offset) : null;
    return span === null ? run : { ...run, source: span.source, offset: span.start };
  });
  return { ...value, at, runs };
}
