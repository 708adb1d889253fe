/** Fleet faults are what is wrong with a fleet file's text and values, each with its place, in words that say what belongs there. */
import type * as z from "zod";
import { didYouMean } from "../did-you-mean.ts";
import { type JsonOutline, type OutlineNode, outlineJson } from "../text/json-outline.ts";
import { indexLines } from "../text/text-position.ts";
import { quoted } from "../workload/quantity.ts";

export interface TextFault {
  readonly problem: string;
  /** The text ends before its value does. */
  readonly isCutOff: boolean;
}

/** Of a text that is no JSON; `reason` is what the parser says, for the few faults that an outline does not see. */
export function textFault(text: string, reason: string): TextFault {
  const { faults, strictText } = outlineJson(text);
  const placeOf = placesIn(text);
  const [first] = faults;
  if (first === undefined) {
    const comment = firstDifference(text, strictText);
    const [, what = reason, at = ""] = /^(.*?) (?:in JSON )?at position (\d+)/.exec(reason) ?? [];
    const told =
      comment !== null
        ? `a comment stands in it, ${placeOf(comment)}`
        : at === ""
          ? what
          : `${what}, ${placeOf(Number(at))}`;
    return { problem: `it is not JSON: ${told}`, isCutOff: false };
  }
  // The rest is nothing, the beginning of a word or number, or a string that never ends.
  const isCutOff =
    first.message === "A string is not closed" || /^[\w.+-]*$/.test(text.slice(first.offset).trim());
  const where = placeOf(first.offset);
  const what = `${first.message.charAt(0).toLowerCase()}${first.message.slice(1)}`;
  return isCutOff
    ? { problem: `it is not whole JSON: it seems to be cut off (${what}, ${where})`, isCutOff }
    : { problem: `it is not JSON: ${what}, ${where}`, isCutOff };
}

function firstDifference(text: string, other: string): number | null {
  for (let at = 0; at < text.length; at++) if (text[at] !== other[at]) return at;
  return null;
}

function placesIn(text: string): (offset: number) => string {
  const lines = indexLines(text);
  return (offset) => {
    const { line, column } = lines(offset);
    return `line ${line}, column ${column}`;
  };
}

type Issue = z.core.$ZodIssue;

/** A file that another program wrote is wrong in every machine: more than these say nothing new. */
const MOST_TOLD = 20;

/** All that the schema finds wrong with the values, in the order of the schema. */
export function valueFaults(issues: readonly Issue[], text: string): string {
  const outline = outlineJson(text);
  const placeOf = placesIn(text);
  const told = issues.slice(0, MOST_TOLD).map((issue) => {
    const pointer = issue.path.map((key) => `/${String(key)}`).join("") || "/";
    return `${pointer} (${placeOf(offsetOf(outline, issue.path))}): ${issueWords(issue)}`;
  });
  const rest = issues.length - told.length;
  return [...told, ...(rest === 0 ? [] : [`and ${rest} more`])].join("; ");
}

/** Of the value, or of what it should stand in. */
function offsetOf({ root }: JsonOutline, path: readonly PropertyKey[]): number {
  let node: OutlineNode | null = root;
  for (const key of path) {
    const child: OutlineNode | undefined =
      typeof key === "number" ? node?.items?.[key] : node?.members?.get(String(key));
    if (child === undefined) break;
    node = child;
  }
  return node?.offset ?? 0;
}

const KINDS: Readonly<Record<string, string>> = {
  string: "a text",
  number: "a number",
  boolean: "true or false",
  array: "a list",
  tuple: "a list",
  object: "an object",
  record: "an object",
};

function issueWords(issue: Issue): string {
  if (issue.input === undefined && issue.code !== "too_small" && issue.code !== "too_big")
    return "it is missing";
  const written =
    typeof issue.input === "object" && issue.input !== null && !Array.isArray(issue.input)
      ? "an object"
      : quoted(issue.input);
  switch (issue.code) {
    case "invalid_type":
      return `${written} stands where ${KINDS[issue.expected] ?? issue.expected} belongs`;
    case "invalid_value": {
      const values = issue.values.map(String);
      const meant = typeof issue.input === "string" ? didYouMean(issue.input, values) : null;
      return `${written} is not known${meant === null ? `: write ${values.join(" or ")}` : `. ${meant}`}`;
    }
    case "too_small":
      return `${written} is less than ${issue.minimum}`;
    case "too_big":
      return `${written} is more than ${issue.maximum}`;
    default:
      return issue.message;
  }
}
