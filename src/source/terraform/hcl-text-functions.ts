/** The text functions of Terraform. https://developer.hashicorp.com/terraform/language/functions */
import { ofKnown, ofText, onTexts } from "./hcl-function.ts";
import type { HclFunction } from "./hcl-function.ts";
import type { Call } from "./hcl-scope.ts";
import { asNumber } from "./hcl-evaluation.ts";
import {
  boolValue,
  describeKind,
  faultValue,
  listValue,
  problemValue,
  stringValue,
  textOf,
  toJson,
} from "./hcl-value.ts";
import type { HclValue } from "./hcl-value.ts";

export const TEXT_FUNCTIONS: ReadonlyMap<string, HclFunction> = new Map([
  ["upper", ofKnown(onTexts(([text = ""]) => text.toUpperCase()))],
  ["lower", ofKnown(onTexts(([text = ""]) => text.toLowerCase()))],
  [
    "title",
    ofKnown(
      onTexts(([text = ""]) =>
        text.replaceAll(/(?<![\p{L}\p{N}_])\p{L}/gu, (letter) => letter.toUpperCase()),
      ),
    ),
  ],
  ["strrev", ofKnown(onTexts(([text = ""]) => Array.from(text).reverse().join("")))],
  ["trimspace", keepingPlaces(onTexts(([text = ""]) => text.trim()))],
  ["chomp", keepingPlaces(onTexts(([text = ""]) => withoutLineEnds(text)))],
  ["trim", keepingPlaces(onTexts(([text = "", cut = ""]) => trimSet(text, cut)))],
  [
    "trimprefix",
    keepingPlaces(onTexts(([text = "", cut = ""]) => (text.startsWith(cut) ? text.slice(cut.length) : text))),
  ],
  [
    "trimsuffix",
    keepingPlaces(
      onTexts(([text = "", cut = ""]) =>
        cut !== "" && text.endsWith(cut) ? text.slice(0, -cut.length) : text,
      ),
    ),
  ],
  ["startswith", ofKnown(onTexts(([text = "", part = ""], { at }) => boolValue(text.startsWith(part), at)))],
  ["endswith", ofKnown(onTexts(([text = "", part = ""], { at }) => boolValue(text.endsWith(part), at)))],
  ["strcontains", ofKnown(onTexts(([text = "", part = ""], { at }) => boolValue(text.includes(part), at)))],
  [
    "indent",
    ofText(
      onTexts(([count = "0", text = ""]) => text.replaceAll("\n", `\n${" ".repeat(clampIndent(count))}`)),
    ),
  ],
  [
    "replace",
    ofText(
      onTexts(
        ([text = "", search = "", by = ""], { at }) => replaceText([text, search, by]) ?? tooClever(at),
      ),
    ),
  ],
  ["substr", ofKnown(substring)],
  ["split", ofKnown(onTexts(([separator = "", text = ""], { at }) => splitText(separator, text, at)))],
  ["join", ofText(join)],
  ["format", ofText(format)],
  ["formatlist", ofText(formatEach)],
  [
    "basename",
    ofKnown(
      onTexts(
        ([path = ""]) =>
          path
            .replace(/(?<!\/)\/+$/, "")
            .split("/")
            .at(-1) ?? "",
      ),
    ),
  ],
  ["dirname", ofKnown(onTexts(([path = ""]) => path.split("/").slice(0, -1).join("/") || "."))],
]);

/** Cuts at the ends only: an argument that is not cut comes back as it was, an unknown one stays what it is. */
function keepingPlaces(run: HclFunction): HclFunction {
  return (args, call) => {
    const [first] = args;
    if (first?.kind === "unknown" && first.problem === null) return first;
    const value = ofText(run)(args, call);
    if (first?.kind !== "string" || value.kind !== "string") return value;
    const cut = first.text.indexOf(value.text);
    const runs = first.runs.flatMap((piece, index) => {
      const end = (first.runs[index + 1]?.from ?? first.text.length) - cut;
      const from = Math.max(0, piece.from - cut);
      if (end <= 0 || from >= value.text.length) return [];
      const skipped = Math.max(0, cut - piece.from);
      return [{ ...piece, from, offset: piece.exact ? piece.offset + skipped : piece.offset }];
    });
    return { ...value, runs, at: first.at, isOpen: first.isOpen };
  };
}

function clampIndent(count: string): number {
  return Math.max(0, Math.min(200, Math.trunc(Number(count)) || 0));
}

function trimSet(text: string, cut: string): string {
  const characters = new Set(cut);
  let start = 0;
  let end = text.length;
  while (start < end && characters.has(text[start] ?? "")) start++;
  while (end > start && characters.has(text[end - 1] ?? "")) end--;
  return text.slice(start, end);
}

const MAX_TEXT = 4_000_000;

/** `/pattern/` is a regular expression: only those are run that cannot take long, since JavaScript's may backtrack for ever. */
function replaceText([text, search, by]: readonly [string, string, string]): string | null {
  const isPattern = search.length > 1 && search.startsWith("/") && search.endsWith("/");
  if (!isPattern) {
    if (search === "") return text;
    const parts = text.split(search);
    return parts.length * by.length > MAX_TEXT ? null : parts.join(by);
  }
  const pattern = search.slice(1, -1);
  if (!/^(?:[\w \-:.,]|\\[wWdDsS.\-/]|\[\^?(?:[\w \-:.,]|\\[wds.\-/])+\])+\+?\$?$/.test(pattern)) return null;
  if (text.length > 10_000 || /[${\\]/.test(by)) return null;
  const replaced = text.replaceAll(new RegExp(pattern, "g"), by);
  return replaced.length > MAX_TEXT ? null : replaced;
}

function tooClever(at: Parameters<typeof faultValue>[1]): HclValue {
  return problemValue("This replacement is not evaluated here", at);
}

function substring(args: readonly HclValue[], call: Call): HclValue {
  const [subject, from, count] = args;
  const text = subject === undefined ? null : textOf(subject);
  const start = from === undefined ? 0 : asNumber(from, call.at);
  const length = count === undefined ? -1 : asNumber(count, call.at);
  if (text === null || typeof start !== "number" || typeof length !== "number") {
    return faultValue("substr needs a text, an offset and a length", call.at);
  }
  const characters = Array.from(text);
  const first = start < 0 ? characters.length + start : start;
  return stringValue(characters.slice(first, length < 0 ? undefined : first + length).join(""), call.at);
}

function splitText(separator: string, text: string, at: HclValue["at"]): HclValue {
  const parts = text === "" && separator !== "" ? [""] : text.split(separator);
  return listValue(
    parts.map((part) => stringValue(part, at)),
    at,
  );
}

function join(args: readonly HclValue[], { at }: Call): HclValue {
  const [separator, ...lists] = args;
  const texts: string[] = [];
  let isOpen = false;
  for (const list of lists) {
    if (list.kind === "string" && list.isOpen) return { ...list, at };
    if (list.kind !== "list") return faultValue(`join needs lists, not ${describeKind(list)}`, at);
    for (const item of list.items) {
      const text = textOf(item);
      if (text === null) return faultValue(`join cannot join ${describeKind(item)}`, at);
      texts.push(text);
      isOpen ||= item.kind === "unknown" || (item.kind === "string" && item.isOpen);
    }
  }
  const between = separator === undefined ? null : textOf(separator);
  if (between === null || texts.length * between.length > MAX_TEXT)
    return faultValue("join needs a separator", at);
  return stringValue(texts.join(between), at, isOpen);
}

const VERB = /%(?:%|(?<flag>[-0])?(?<width>\d{0,3})(?:\.(?<precision>\d{1,2}))?(?<letter>[vsdqfxXt]))/g;

function format(args: readonly HclValue[], { at }: Call): HclValue {
  const [pattern, ...values] = args;
  if (pattern?.kind !== "string") return faultValue("format needs a text first", at);
  const verbs = [...pattern.text.matchAll(VERB)];
  const asked = verbs.filter(([verb]) => verb !== "%%").length;
  if (asked !== values.length || pattern.text.replaceAll(VERB, "").includes("%")) {
    return problemValue("This format is not evaluated here", at);
  }
  const pieces: string[] = [];
  let from = 0;
  let next = 0;
  for (const verb of verbs) {
    const value = verb[0] === "%%" ? undefined : values[next++];
    pieces.push(
      pattern.text.slice(from, verb.index),
      value === undefined ? "%" : padded(value, verb.groups ?? {}),
    );
    from = verb.index + verb[0].length;
  }
  const isOpen = pattern.isOpen || values.some((value) => value.kind === "string" && value.isOpen);
  return stringValue(pieces.join("") + pattern.text.slice(from), at, isOpen);
}

function padded(value: HclValue, verb: Readonly<Record<string, string | undefined>>): string {
  const shown = formatOne(value, verb.letter ?? "v", verb.precision ?? "");
  const width = Number(verb.width ?? "");
  return verb.flag === "-" ? shown.padEnd(width) : shown.padStart(width, verb.flag === "0" ? "0" : " ");
}

/** Lists are gone through side by side; anything else is the same in each round. */
function formatEach(args: readonly HclValue[], call: Call): HclValue {
  const lengths = args.flatMap((argument) => (argument.kind === "list" ? [argument.items.length] : []));
  const [length = 0] = lengths;
  if (lengths.some((other) => other !== length))
    return faultValue("formatlist needs lists of one length", call.at);
  const round = (index: number): readonly HclValue[] =>
    args.map((argument) => (argument.kind === "list" ? (argument.items[index] ?? argument) : argument));
  return listValue(
    Array.from({ length }, (_, index) => ofText(format)(round(index), call)),
    call.at,
  );
}

function formatOne(value: HclValue, letter: string, precision: string): string {
  const text = textOf(value) ?? JSON.stringify(toJson(value));
  if (letter === "q") return JSON.stringify(text);
  if (value.kind !== "number") return text;
  if (letter === "f") return value.value.toFixed(precision === "" ? 6 : Number(precision));
  if (letter === "d") return String(Math.trunc(value.value));
  if (letter === "x" || letter === "X") {
    const hex = Math.trunc(value.value).toString(16);
    return letter === "X" ? hex.toUpperCase() : hex;
  }
  return text;
}

function withoutLineEnds(text: string): string {
  let end = text.length;
  while (text.charAt(end - 1) === "\n") end -= text.charAt(end - 2) === "\r" ? 2 : 1;
  return text.slice(0, end);
}
