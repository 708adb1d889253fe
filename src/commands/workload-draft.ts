/**
 * A workload draft is a `stepfare.yml` with an entry for each workflow and its open figures as comments. Added to a file that
 * is there, it brings only what is new: every line that stands in it stays, letter for letter.
 */
import { quotedText } from "../workflow/workload/workload-yaml.ts";
import { isMap, isScalar, parseDocument } from "yaml";
import type { Pair, YAMLMap } from "yaml";
import { UserError } from "../user-error.ts";
import type { OpenFigure, OpenFigures } from "./open-figures.ts";

export interface DraftEntry {
  readonly name: string;
  /** Other keys under which an entry may be for it. */
  readonly aliases: readonly string[];
  /** For the comment: what it is and where. */
  readonly origin: string;
  readonly figures: OpenFigures;
}

export interface WorkloadDraft {
  readonly text: string;
  /** Names of entries that are new, and of those that got new lines. */
  readonly added: readonly string[];
  readonly extended: readonly string[];
}

const HEADER = `# yaml-language-server: $schema=https://unpkg.com/stepfare/schemas/stepfare.schema.json
#
# What the definitions cannot know. Take the "# " away from a line (and from those it stands under), and write your figure.
# A figure may be a range, { low: 500k, likely: 1M, high: 3M }. Until then the default counts, or it is unknown.
`;

/** A file of its own. */
export function draftWorkloadFile(entries: readonly DraftEntry[]): WorkloadDraft {
  return extendWorkloadFile(`${HEADER}\nworkflows:\n`, entries);
}

/** Throws a UserError `workload-file-in-one-line` when its workflows stand in braces, where no comment fits. */
export function extendWorkloadFile(written: string, entries: readonly DraftEntry[]): WorkloadDraft {
  const text = withoutEmptyBraces(written);
  const lines = text.replace(/\r?\n$/, "").split("\n");
  const section = sectionIn(text, lines);
  const known = new Map(section.entries.map((entry) => [entry.key, entry]));
  const inserts: { readonly at: number; readonly lines: readonly string[] }[] = [];
  const added: string[] = [];
  const extended: string[] = [];
  for (const entry of entries) {
    const found = [entry.name, ...entry.aliases].flatMap((name) => known.get(name) ?? [])[0];
    if (found === undefined) {
      added.push(entry.name);
      inserts.push({ at: section.end, lines: newEntry(entry, section.indent) });
    } else if (found.isBlock) {
      const { general, states } = newLines(entry.figures, found, lines);
      if (general.length + states.length > 0) extended.push(entry.name);
      inserts.push({ at: found.start + 1, lines: general }, { at: found.end, lines: states });
    }
  }
  if (added.length + extended.length === 0) return { text: written, added, extended };
  const heading = section.isWritten ? [] : ["", "workflows:"];
  const atEnd = section.isWritten ? inserts : [{ at: lines.length, lines: heading }, ...inserts];
  const ending = text.includes("\r\n") ? "\r\n" : "\n";
  return { text: insert(lines, atEnd, ending).join("\n") + ending, added, extended };
}

/** Later places first, so that earlier ones stay where they are; at one place, in their order. */
function insert(
  lines: readonly string[],
  inserts: readonly { readonly at: number; readonly lines: readonly string[] }[],
  ending: string,
): readonly string[] {
  const byPlace = new Map<number, string[]>();
  for (const { at, lines: own } of inserts) byPlace.set(at, [...(byPlace.get(at) ?? []), ...own]);
  const whole = [...lines, null].flatMap((line, index) => [
    ...(byPlace.get(index) ?? []),
    ...(line === null ? [] : [line.replace(/\r$/, "")]),
  ]);
  return ending === "\n"
    ? whole
    : whole.map((line, index) => (index < whole.length - 1 ? `${line}\r` : line));
}

/** `workflows: {}` says as much as `workflows:`, which takes entries. */
function withoutEmptyBraces(text: string): string {
  const root = parseDocument(text, { uniqueKeys: false, logLevel: "silent" }).contents;
  const value = isMap(root) && root.flow !== true ? root.get("workflows", true) : undefined;
  if (!isMap(value) || value.flow !== true || value.items.length > 0 || !value.range) return text;
  return text.slice(0, value.range[0]) + text.slice(value.range[1]);
}

interface Section {
  readonly isWritten: boolean;
  /** Line before which new entries go. */
  readonly end: number;
  /** Of its entries. */
  readonly indent: string;
  readonly entries: readonly KnownEntry[];
}

interface KnownEntry {
  readonly key: string;
  readonly start: number;
  /** Line after its last one. */
  readonly end: number;
  readonly indent: string;
  /** Its figures' indent. */
  readonly inner: string;
  /** False for `{ … }` and for what an alias stands for, into which no comment can be put. */
  readonly isBlock: boolean;
}

/** By the parser's places, so that keys inside texts and comments mislead nobody. */
function sectionIn(text: string, lines: readonly string[]): Section {
  const document = parseDocument(text, { uniqueKeys: false, logLevel: "silent" });
  const root = document.contents;
  const pairs = isMap(root) ? root.items : [];
  if (isMap(root) && root.flow === true) throw oneLineError();
  const place = pairs.findIndex((pair) => keyOf(pair) === "workflows");
  const pair = pairs[place];
  if (pair === undefined) return { isWritten: false, end: lines.length, indent: "  ", entries: [] };
  const start = lineOf(text, pair);
  const next = pairs[place + 1];
  const end = endOf(lines, start, {
    limit: next === undefined ? lines.length : lineOf(text, next),
    indent: "",
  });
  const { value } = pair;
  if (isMap(value) && value.flow === true) throw oneLineError();
  const entries = isMap(value) ? knownEntries(value, { text, lines, end }) : [];
  return { isWritten: true, end, indent: entries[0]?.indent ?? "  ", entries };
}

function oneLineError(): UserError {
  return new UserError(
    "workload-file-in-one-line",
    "The workflows of stepfare.yml stand in braces, where no comments can be put.",
    "Write them a line each, name: and its figures below, or see what would be added with --dry-run in an empty folder.",
  );
}

function knownEntries(
  map: YAMLMap,
  { text, lines, end }: { readonly text: string; readonly lines: readonly string[]; readonly end: number },
): readonly KnownEntry[] {
  return map.items.map((pair, index) => {
    const start = lineOf(text, pair);
    const next = map.items[index + 1];
    const indent = indentOf(lines[start] ?? "");
    const first = isMap(pair.value) && pair.value.flow !== true ? pair.value.items[0] : undefined;
    const line = first === undefined ? start : lineOf(text, first);
    const isOpen = pair.value === null || (isScalar(pair.value) && pair.value.value === null);
    return {
      key: keyOf(pair),
      start,
      end: endOf(lines, start, { limit: next === undefined ? end : lineOf(text, next), indent }),
      indent,
      inner: line > start ? indentOf(lines[line] ?? "") : `${indent}  `,
      isBlock: line > start || isOpen,
    };
  });
}

/** Comments and blank lines before the next key belong to that, unless they are indented deeper than this one. */
function endOf(
  lines: readonly string[],
  start: number,
  { limit, indent }: { readonly limit: number; readonly indent: string },
): number {
  let end = limit;
  while (end > start + 1) {
    const line = lines[end - 1] ?? "";
    const isOwn = line.trim() !== "" && indentOf(line).length > indent.length;
    if (isOwn || (line.trim() !== "" && !line.trim().startsWith("#"))) break;
    end--;
  }
  return end;
}

function keyOf(pair: Pair): string {
  return isScalar(pair.key) ? String(pair.key.value) : "";
}

function lineOf(text: string, pair: Pair): number {
  const offset = isScalar(pair.key) ? (pair.key.range?.[0] ?? 0) : 0;
  return text.slice(0, offset).split("\n").length - 1;
}

function indentOf(line: string): string {
  return /^ */.exec(line)?.[0] ?? "";
}

function newEntry({ name, origin, figures }: DraftEntry, indent: string): readonly string[] {
  const inner = `${indent}  `;
  return [
    `${indent}${keyText(name)}: # ${origin}`,
    ...figures.general.flatMap((figure) => commented(figure, inner, "")),
    ...(figures.states.length === 0 ? [] : [`${inner}# states:`]),
    ...figures.states.flatMap((state) => stateLines(state, inner)),
  ];
}

function stateLines({ key, figures }: OpenFigures["states"][number], inner: string): readonly string[] {
  const lines = figures.flatMap((figure) => commented(figure, inner, "    "));
  return [`${inner}#   ${keyText(key)}:`, ...lines];
}

/** `# ` and then what stands there once it is taken away, `deeper` than the entry's own figures. */
function commented(
  { key, value, meaning, until }: OpenFigure,
  inner: string,
  deeper: string,
): readonly string[] {
  const written =
    typeof value === "string"
      ? value
      : `{ ${value.map(([name, share]) => `${keyText(name)}: ${share}`).join(", ")} }`;
  const words = meaning === "" ? until : `${meaning}; ${until}`;
  return [`${inner}# ${deeper}${key}: ${written} # ${words}`];
}

/** What neither stands in the entry nor is commented out there. */
function newLines(
  figures: OpenFigures,
  known: KnownEntry,
  lines: readonly string[],
): { readonly general: readonly string[]; readonly states: readonly string[] } {
  const own = lines.slice(known.start + 1, known.end);
  const has = (key: string): boolean => own.some((line) => startsWithKey(line, key));
  const isStated = has("executionsPerMonth") || ["perSecond", "perDay", "schedule"].some(has);
  const general = figures.general.filter(({ key }) => (key === "executionsPerMonth" ? !isStated : !has(key)));
  const states = figures.states.filter(({ key }) => !has(key));
  const needsHeading = states.length > 0 && !has("states");
  return {
    general: general.flatMap((figure) => commented(figure, known.inner, "")),
    states: [
      ...(needsHeading ? [`${known.inner}# states:`] : []),
      ...states.flatMap((state) => stateLines(state, known.inner)),
    ],
  };
}

/** `Key:`, `# Key:`, `"Key":`, also inside braces. */
function startsWithKey(line: string, key: string): boolean {
  const body = line.replace(/^\s*(?:#\s*)?/, "");
  return [key, JSON.stringify(key), `'${key.replaceAll("'", "''")}'`, keyText(key)].some((written) =>
    body.startsWith(`${written}:`),
  );
}

/** Plain where YAML takes it for the same text, else quoted. */
function keyText(key: string): string {
  const isPlain = /^[A-Za-z_][\w .()/-]*$/.test(key) && !/\s$|^(?:true|false|null|yes|no|on|off)$/i.test(key);
  return isPlain ? key : quotedText(key);
}
